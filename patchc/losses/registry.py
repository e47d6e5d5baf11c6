"""Which losses there are: a file of this folder is a loss, and other packages may bring more. No torch is imported."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import patchc.losses

if TYPE_CHECKING:
    from patchc.losses.loss import Loss

ENTRY_POINTS = "patchc.losses"
"""The entry point group in which another package names its losses: `name = package.module:Class`."""

_NO_LOSS = frozenset({"chain", "loss", "registry"})


def loss_names() -> tuple[str, ...]:
    """The names a patch may write after `loss`, in alphabetical order."""
    return tuple(sorted({*_own_names(), *_foreign()}))


def find_loss(name: str) -> type[Loss] | None:
    """The loss called `name`, or None. Imports only the file asked for."""
    if name in _own_names():
        return _loss_in(name)
    entry = _foreign().get(name)
    return entry.load() if entry else None


@cache
def _own_names() -> tuple[str, ...]:
    files = iter_modules(patchc.losses.__path__)
    return tuple(file.name for file in files if not file.ispkg and file.name not in _NO_LOSS)


@cache
def _foreign() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}


def _loss_in(name: str) -> type[Loss]:
    from patchc.losses.loss import Loss

    module = import_module(f"patchc.losses.{name}")
    return next(
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Loss) and value.__module__ == module.__name__
    )

"""What `patchc check` looks at: files one by one, and at wish the gradient of everything learnable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patchc.cli.files import patches
from patchc.source.diagnostic import Diagnostic, has_errors

if TYPE_CHECKING:
    from patchc.source.text import Source


@dataclass(frozen=True)
class Wishes:
    """What the options of `check` ask for."""

    patch: str | None = None
    grad: bool = False
    max_cells: int | None = None

    @property
    def limits(self) -> dict[str, int]:
        return {} if self.max_cells is None else {"max_cells": self.max_cells}


def findings(paths: Sequence[str], wishes: Wishes) -> tuple[list[str], list[Diagnostic]]:
    """The names of the files that `paths` mean, and all there is to say about them, file by file."""
    names: list[str] = []
    found: list[Diagnostic] = []
    for path in patches(paths):
        names.append(path if isinstance(path, str) else path.path)
        found += _of_file(path, wishes) if isinstance(path, str) else [path]
    return names, found


def _of_file(path: str, wishes: Wishes) -> Iterable[Diagnostic]:
    from patchc.source.read import read_source

    source = read_source(path)
    if isinstance(source, Diagnostic):
        return [source]
    found = _of_text(source, wishes)
    if wishes.grad and not has_errors(found):
        from patchc.cli.gradients import unreached

        found += unreached(source, wishes.patch)
    return found


def _of_text(source: Source, wishes: Wishes) -> list[Diagnostic]:
    from patchc.graph.load import check_source, load_graph

    if wishes.patch:
        return load_graph(source, patch=wishes.patch, **wishes.limits)[1]
    return check_source(source, **wishes.limits)

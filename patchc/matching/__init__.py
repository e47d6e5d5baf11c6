"""Fits one patch to one recording: pitch and note estimated, numbers found by screening and gradient."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from patchc.matching.match import Match, match

__all__ = ["Match", "match"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.match"), name)

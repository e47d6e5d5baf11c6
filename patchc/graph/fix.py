"""A graph whose learned numbers are fixed where they start."""

from __future__ import annotations

from typing import Any

from patchc.graph.model import Graph, Node, Role, Value


def without_learning(graph: Graph) -> Graph:
    """`graph` with everything that is `learn` fixed at its default; a prior stays, and with it what can be drawn."""
    fixed: Graph = _fixed(graph)
    return fixed


def _fixed(part: Any) -> Any:
    if isinstance(part, Value) and part.role is Role.LEARN:
        return part.model_copy(update={"role": Role.FIXED})
    if isinstance(part, Node):
        return part.model_copy(update={name: _fixed(getattr(part, name)) for name in type(part).model_fields})
    if isinstance(part, tuple):
        return tuple(map(_fixed, part))
    return part

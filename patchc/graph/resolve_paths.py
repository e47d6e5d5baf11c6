"""Paths into instances, as taps and `moved` use them: `bell[*].op4.osc`."""

from __future__ import annotations

from collections.abc import Sequence

from patchc.graph.body import Body
from patchc.graph.scope import Decl, Scope, What, ref_parts
from patchc.graph.unroll import Item
from patchc.source.codes.plugs import NotASignal
from patchc.syntax import tree


class Paths:
    """Follows paths from one patch into the patches inside it."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.say = scope.say

    def tapped(self, ref: tree.Ref, at: Item) -> list[str]:
        """The cells, outputs of this patch, and outputs of instances that a tap at `ref` listens to."""
        parts = ref_parts(ref, at.env)
        if not self.scope.has_room(parts, ref.span):
            return []
        found = self.scope.find(parts)
        names: list[str] = []
        for decl, rest in found:
            decl.used = True
            if decl.what is What.OUTPUT and not rest:
                names.append(decl.name)
            elif decl.what is not What.CELL:
                cannot = "a tap cannot listen to"
                self.say(NotASignal(span=ref.span, name=ref.text, kind=str(decl.what), cannot=cannot))
            elif (inside := _inside(decl, rest)) is None:
                found = []
            else:
                names += inside
        if not found:
            self.scope.unknown(ref.span, ref.text)
        return names if self.scope.takes(len(names), ref.span) else []

    def moved(self, ref: tree.Ref, at: Item) -> str | None:
        """The path of a cell or param that exists, or that existing ones begin with; None, and said, if neither."""
        parts = ref_parts(ref, at.env)
        path = ".".join(parts)
        if any(_exists(decl, rest) for decl, rest in self.scope.find(parts)) or self._begins(path):
            return path
        self.scope.unknown(ref.span, ref.text)
        return None

    def _begins(self, path: str) -> bool:
        """Whether declared names lie inside `path`, as those of an instance do in a patch that was written flat."""
        return any(name.startswith((f"{path}.", f"{path}[")) for name in self.scope.decls)


def _inside(decl: Decl, rest: Sequence[str]) -> list[str] | None:
    """What of a cell or instance can be heard at the path `rest`; None if there is nothing of that name."""
    cell = decl.cell
    if cell is None or (cell.body is not None and cell.body.partial):
        return []
    if cell.body is None:
        return None if rest else [cell.name]
    if not rest or (len(rest) == 1 and rest[0] in cell.body.outputs):
        return [f"{cell.name}.{output}" for output in rest or cell.body.outputs]
    found = _deeper(cell.body, rest)
    return None if found is None else [f"{cell.name}.{name}" for name in found]


def _deeper(body: Body, parts: Sequence[str]) -> list[str] | None:
    names: list[str] = []
    found = body.scope.find(parts) if body.scope else []
    for decl, rest in found:
        inside = _inside(decl, rest) if decl.what is What.CELL else None
        if inside is None:
            return None
        names += inside
    return names if found else None


def _exists(decl: Decl, rest: Sequence[str]) -> bool:
    if not rest:
        return decl.what in (What.CELL, What.PARAM)
    body = decl.cell.body if decl.cell else None
    if decl.cell is None or (body is not None and body.partial):
        return decl.what is What.CELL
    return body is not None and any(_exists(*found) for found in (body.scope.find(rest) if body.scope else ()))

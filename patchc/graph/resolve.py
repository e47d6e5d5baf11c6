"""Names to meaning: each patch definition, with its sizes fixed and its loops unrolled, becomes a `Body`."""

from __future__ import annotations

from collections.abc import Collection

from patchc.cells.spec import CellSpec
from patchc.graph.body import Body, Env
from patchc.graph.definition import Definition
from patchc.graph.expansion_size import limits
from patchc.graph.expressions import constant
from patchc.graph.imports import Module
from patchc.graph.model import Const
from patchc.graph.report import Say
from patchc.graph.resolve_types import PatchType, generic_fits, missing, stand_in
from patchc.graph.sockets import Socket, sockets_of_cell, sockets_of_patch
from patchc.graph.unroll import DEEPEST, look_constant
from patchc.graph.vocabulary import Vocabulary
from patchc.source.codes.layers import Recursion
from patchc.source.codes.sizes import TooDeep
from patchc.source.diagnostic import Label
from patchc.source.text import Span
from patchc.syntax import tree


class Resolver:
    """Resolves patch definitions, each once for each set of sizes. What is wrong goes to `say`."""

    def __init__(self, say: Say, max_cells: int) -> None:
        self.say = say
        self.limit = limits(max_cells)
        self.total = 4 * max_cells  # statements that may be unrolled, in all definitions together
        self.spent = 0
        self._done: dict[tuple[object, ...], Body] = {}
        self.contained: set[int] = set()  # ids of the patches that another one contains
        self._circles: set[frozenset[int]] = set()  # that were reported
        self._open: list[tuple[tree.Patch, Span]] = []
        self.vocabulary = Vocabulary()
        self._sockets: dict[object, dict[str, Socket]] = {}

    def main(self, module: Module, patch: tree.Patch, *, alone: bool) -> Body:
        """A patch that nobody uses: its sizes have their defaults. `alone` allows sizes that have none."""
        given: dict[str, Const] = {}
        if alone:
            given = {generic.name.text: stand_in(generic) for generic in patch.generics if generic.default is None}
        return self.body(PatchType(module, patch), given, patch.name.span)

    def body(self, type_: PatchType, given: dict[str, Const], span: Span) -> Body:
        """The patch `type_` with the sizes `given`; `span` is where it is asked for.

        One that contains itself, or is nested too deep, comes back partial, which is said here.
        """
        patch = type_.patch
        if self._open:
            self.contained.add(id(patch))
        if self._is_circle(patch, span) or self._is_deep(span):
            return Body(patch, {}, partial=True)
        sizes = self._sizes(patch, given, span, type_.module.unknown_declarations)
        if sizes is None:
            return Body(patch, {}, partial=True)
        key = (id(patch), *((size.value, size.dimension) for size in sizes.values()))
        if key not in self._done:
            self._open.append((patch, span))
            self._done[key] = Definition(self, type_.module, patch, sizes).resolve()
            self._open.pop()
        return self._done[key]

    def _is_circle(self, patch: tree.Patch, span: Span) -> bool:
        names = [open_.name.text for open_, _ in self._open]
        start = next((place for place, (open_, _) in enumerate(self._open) if open_ is patch), None)
        if start is None:
            return False
        members = frozenset(id(open_) for open_, _ in self._open[start:])
        if members in self._circles:
            return True
        self._circles.add(members)
        labels = tuple(
            Label(where, f"`{outer}` contains `{inner.name.text}`")
            for outer, (inner, where) in zip(names[start:], self._open[start + 1 :], strict=False)
        )
        circle = " -> ".join([*names[start:], patch.name.text])
        hint = _no_such_cell(patch) if start + 1 == len(names) else ""
        self.say(Recursion(span=span, patch=patch.name.text, circle=circle, labels=labels, hint=hint))
        return True

    def _is_deep(self, span: Span) -> bool:
        deep = len(self._open) >= DEEPEST
        if deep:
            self.say(TooDeep(span=span, what="patches lie too deep inside each other", limit=DEEPEST))
        return deep

    def _sizes(
        self, patch: tree.Patch, given: dict[str, Const], span: Span, unknown_declarations: Collection[str]
    ) -> dict[str, Const] | None:
        sizes: Env = {}
        missing(patch, given, span, self.say)
        for generic in patch.generics:
            name = generic.name.text
            value = given.get(name)
            if value is None and generic.default is not None:
                value = constant(
                    generic.default,
                    lambda ref: look_constant(ref, sizes, self.say, unknown_declarations),
                    self.say,
                    f"`{name}`",
                )
                if value is not None and not generic_fits(generic, generic.default.span, value, self.say):
                    value = None
            if value is None:
                return None
            sizes[name] = value
        return {name: value for name, value in sizes.items() if isinstance(value, Const)}

    def definitions(self) -> list[Body]:
        """Every definition that was resolved, in one size."""
        return list({id(body.patch): body for body in reversed(self._done.values())}.values())

    # --- shared by all definitions

    def sockets(self, type_: CellSpec | Body, sizes: dict[str, float]) -> dict[str, Socket]:
        key = (type_.name, tuple(sizes.items())) if isinstance(type_, CellSpec) else id(type_)
        if key not in self._sockets:
            made = sockets_of_cell(type_, sizes) if isinstance(type_, CellSpec) else sockets_of_patch(type_)
            self._sockets[key] = made
        return self._sockets[key]


def _no_such_cell(patch: tree.Patch) -> str:
    """A patch may be called what a cell is called, and use that cell; says that there is no such cell."""
    from patchc.source.synonyms.cells import CELLS

    name = patch.name.text
    entries = CELLS.find(name)
    there_is = f"there is no cell type `{name}` that it could use instead of itself"
    return f"{there_is}; {entries[0].said(name)}" if entries else there_is

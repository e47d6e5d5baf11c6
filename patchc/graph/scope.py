"""The names of one patch: what each stands for, where it was declared, and what an unknown one may have meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from patchc.graph.body import Env, LocalCell, LocalInput, LocalParam
from patchc.graph.meant import meant_by
from patchc.graph.model import Const
from patchc.graph.report import Say
from patchc.source.codes.names import UnknownName, UsedBeforeDeclared
from patchc.source.diagnostic import Fix, Label
from patchc.source.text import Span
from patchc.syntax import tree


class What(StrEnum):
    INPUT = "an input"
    PARAM = "a param"
    CELL = "a cell"
    OUTPUT = "an output"


@dataclass(eq=False)
class Decl:
    """One declared name. `order` counts the statements of the unrolled patch; `layer` is None outside of blocks."""

    name: str
    what: What
    span: Span
    node: tree.Input | tree.Param | tree.Cell | tree.Output
    env: Env
    order: int
    layer: int | None
    input: LocalInput | None = None
    param: LocalParam | None = None
    cell: LocalCell | None = None  # None also for a cell whose type is unknown
    used: bool = False  # by a cable, a value, a guard or a tap


@dataclass(eq=False)
class Scope:
    """Names of the patch `patch`, for one set of sizes.

    `unknown_declarations` are words of statements that could not be parsed: they may have been declared there, so
    nobody complains. `declares_anything` says that such a statement may have declared any name.
    """

    patch: str
    sizes: dict[str, Const]
    say: Say
    room: int  # how many cables and taps names with `[*]` may stand for
    decls: dict[str, Decl] = field(default_factory=dict)
    unknown_declarations: set[str] = field(default_factory=set)
    declares_anything: bool = False
    unsure: bool = False  # some cable's source is unknown: nobody can say what is unheard
    asked: int = 0  # how many they do stand for
    overflow: Span | None = None  # the first name for which there was no more room
    _said: set[tuple[str, str]] = field(default_factory=set)
    _stars: dict[tuple[int, tuple[int, ...]], dict[tuple[str, ...], list[str]]] = field(default_factory=dict)

    def declare(self, decl: Decl) -> Decl | None:
        """Adds `decl`; the earlier one of that name, if there is one, stays and is returned."""
        return None if self.decls.setdefault(decl.name, decl) is decl else self.decls[decl.name]

    def unknown(self, span: Span, name: str, names: Iterable[str] | None = None) -> None:
        """Says once for each name that it is not declared, unless something unreadable may have declared it."""
        self.unsure = True
        head = name.partition("[")[0].partition(".")[0]
        if not head or self.declares_anything or head in self.unknown_declarations or ("", name) in self._said:
            return
        self._said.add(("", name))
        known = names if names is not None else (*self.decls, *self.sizes)
        if names is None and (found := meant_by(name, self.decls)) is not None:
            fixes = (Fix(span, found[1]),) if found[1] else ()
            self.say(UnknownName(span=span, name=name, patch=self.patch, hint=found[0], fixes=fixes))
            return
        meant = self.say.guess(name, known)
        fixes = (Fix(span, meant),) if meant else ()
        hint = f"did you mean `{meant}`?" if meant else _as_type(name)
        self.say(UnknownName(span=span, name=name, patch=self.patch, hint=hint, fixes=fixes))

    def early(self, span: Span, decl: Decl) -> None:
        """Says once for each name that it is used above its declaration."""
        if ("early", decl.name) not in self._said:
            self._said.add(("early", decl.name))
            self.say(UsedBeforeDeclared(span=span, name=decl.name, labels=(Label(decl.span, "declared here"),)))

    def find(self, parts: Sequence[str]) -> list[tuple[Decl, tuple[str, ...]]]:
        """What a path stands for: declared names, each with the parts that lead on into an instance.

        Several where a part is starred (`bell[*]`); none where nothing is declared.
        """
        for cut in range(len(parts), 0, -1):
            head, rest = tuple(parts[:cut]), tuple(parts[cut:])
            starred = any(part.endswith("[*]") for part in head)
            names = self._matching(head) if starred else [".".join(head)]
            if known := [(self.decls[name], rest) for name in names if name in self.decls]:
                return known
        return []

    def has_room(self, parts: Sequence[str], span: Span) -> bool:
        """Counts what a path with `[*]` in it stands for, before any of it is looked at."""
        if not any(part.endswith("[*]") for part in parts):
            return True
        counts = (len(self._matching(tuple(parts[:cut]))) for cut in range(len(parts), 0, -1))
        return self.takes(next(filter(None, counts), 0), span)

    def takes(self, count: int, span: Span) -> bool:
        """Adds `count` to the cables and taps, and says whether there was room for them."""
        self.asked += count
        if self.asked > self.room and self.overflow is None:
            self.overflow = span
        return self.asked <= self.room

    def _matching(self, wanted: tuple[str, ...]) -> list[str]:
        """The cells that names with `[*]` in them stand for, in order."""
        shape = (len(wanted), tuple(place for place, part in enumerate(wanted) if part.endswith("[*]")))
        if shape not in self._stars:
            self._stars[shape] = self._indexed(*shape)
        return self._stars[shape].get(wanted, [])

    def _indexed(self, length: int, stars: tuple[int, ...]) -> dict[tuple[str, ...], list[str]]:
        """All cells with names of `length` parts, by their parts with the indices at `stars` made into stars."""
        found: dict[tuple[str, ...], list[str]] = {}
        for decl in self.decls.values():
            if isinstance(decl.node, tree.Cell) and len(decl.node.name.parts) == length:
                parts = decl.node.name.parts
                if all(parts[place].index is not None for place in stars):
                    key = tuple(
                        f"{part.name}[*]" if place in stars else part_text(part, decl.env)
                        for place, part in enumerate(parts)
                    )
                    found.setdefault(key, []).append(decl.name)
        return found


def _as_type(name: str) -> str:
    """What to do about a name that is no cell, but what a cell's type is called."""
    from patchc.cells.registry import cell_names
    from patchc.source.synonyms.cells import CELLS

    entries = CELLS.find(name)
    type_ = name if name in cell_names() else entries[0].target if entries and entries[0].exists else ""
    if type_:
        is_type = "is a type of cell" if type_ == name else f"is `{type_}` here, a type of cell"
        return f"`{name}` {is_type}: place one above, `cell {name}1 : {type_}`"
    return entries[0].said(name) if entries else ""


def part_text(part: tree.Part, env: Env) -> str:
    """`bell[k]` with the loop variable's value in place of `k`."""
    index = part.index
    if index is None:
        return part.name
    if isinstance(index, str) and index in env:
        index = index_text(env[index])
    return f"{part.name}[{index}]"


def index_text(value: Const | str) -> str:
    """How a loop variable's value stands in a name: `3`, `0.5`, `left`."""
    return value if isinstance(value, str) else f"{value.value:.12g}"


def ref_parts(ref: tree.Ref, env: Env) -> tuple[str, ...]:
    return tuple(part_text(part, env) for part in ref.parts)


def ref_text(ref: tree.Ref, env: Env) -> str:
    parts = ref.parts
    return part_text(parts[0], env) if len(parts) == 1 else ".".join(ref_parts(ref, env))

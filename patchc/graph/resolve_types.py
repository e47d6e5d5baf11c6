"""Cell types and their sizes: what stands between the `:` of a cell and its `{`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patchc.cells.spec import CellSpec, SizeSpec
from patchc.graph.body import Env
from patchc.graph.expressions import spoken
from patchc.graph.imports import Module
from patchc.graph.model import Const
from patchc.graph.report import Say, listed
from patchc.graph.resolve_values import Values
from patchc.graph.scope import Scope
from patchc.graph.unroll import Item
from patchc.graph.vocabulary import Vocabulary
from patchc.source.codes.names import BrokenCellType, NotInFile, UnknownCellType
from patchc.source.codes.sizes import BadSize, SizeMissing, UnknownSize
from patchc.source.diagnostic import Fix
from patchc.source.text import Span
from patchc.syntax import tree
from patchc.units.unit import BASE_UNIT, Dimension, written

if TYPE_CHECKING:
    from patchc.source.synonyms.table import Guess

KINDS = {"int": Dimension.NUMBER, "float": Dimension.NUMBER, "time": Dimension.TIME}


@dataclass(frozen=True)
class PatchType:
    """A patch used as a cell type, and the file it is from."""

    module: Module
    patch: tree.Patch


class Types:
    """Finds cell types for one patch of `module`."""

    def __init__(self, module: Module, patch: tree.Patch, values: Values, vocabulary: Vocabulary) -> None:
        self.module = module
        self.patch = patch
        self.values = values
        self.say = values.say
        self._vocabulary = vocabulary
        self._said: set[str] = set()

    def find(self, ref: tree.Ref) -> CellSpec | PatchType | None:
        """What `ref` names; None if that was reported, or may have been declared where the text could not be parsed.

        A patch of the file comes before a built-in cell of that name, but inside itself, where it would be a circle.
        """
        names = [part.name for part in ref.parts]
        if len(names) == 2 and names[0] in self.module.uses:
            return self._used(ref, *names)
        if len(names) > 1 or ref.parts[0].index is not None:
            self._unknown(ref)
            return None
        patch = self.module.patches.get(names[0])
        spec = self._vocabulary.spec(names[0]) if patch is None or patch is self.patch else None
        if spec is not None:
            return spec
        if patch is None:
            self._unknown(ref)
            return None
        return PatchType(self.module, patch)

    def _used(self, ref: tree.Ref, alias: str, name: str) -> PatchType | None:
        module = self.module.uses[alias]
        if module is None:
            return None
        patch = module.patches.get(name)
        if patch is None and name not in module.unknown_declarations and ref.text not in self._said:
            self._said.add(ref.text)
            meant, defined = self.say.guess(name, module.patches), listed(list(module.patches)) or "no patch"
            hint = f"did you mean `{alias}.{meant}`? the file defines {defined}" if meant else ""
            fixes = (Fix(ref.span, f"{alias}.{meant}"),) if meant else ()
            self.say(
                NotInFile(
                    span=ref.span, alias=alias, name=name, file=module.name, defined=defined, hint=hint, fixes=fixes
                )
            )
        return PatchType(module, patch) if patch else None

    def _unknown(self, ref: tree.Ref) -> None:
        if not ref.text or ref.parts[0].name in self.module.unknown_declarations or ref.text in self._said:
            return
        self._said.add(ref.text)
        if ref.text in self._vocabulary.broken:
            self.say(BrokenCellType(span=ref.span, name=ref.text, reason=self._vocabulary.broken[ref.text]))
            return
        from patchc.source.synonyms.cells import CELLS

        used = [f"{alias}.{name}" for alias, module in self.module.uses.items() if module for name in module.patches]
        guess = self.say.meant(ref.text, [*self.module.patches, *self._vocabulary.names(), *used], CELLS)
        hint = f"{guess.hint}{'' if guess.hint.endswith('?') else ';'} `patchc cells` lists them" if guess.hint else ""
        self.say(UnknownCellType(span=ref.span, name=ref.text, hint=hint, fixes=tuple(_instead(ref.span, guess))))

    # --- sizes

    def sizes(self, args: Sequence[tree.Arg], spec: CellSpec, at: Item) -> dict[str, float]:
        """The sizes of a built-in cell that are given, in base units."""
        given: dict[str, float] = {}
        if self._are_ports(args, spec.name, {port.name for port in spec.ports}):
            return given
        for arg in args:
            size = spec.size(arg.name.text)
            if size is None:
                self._no_size(arg, spec.name, [known.name for known in spec.sizes])
            elif (found := self._number(arg, at)) and size_fits(arg.name.text, arg.value.span, found, size, self.say):
                given[size.name] = found.value
        return given

    def generics(self, args: Sequence[tree.Arg], patch: tree.Patch, at: Item) -> dict[str, Const] | None:
        """The sizes of a patch that are given; None if one of them was reported."""
        known = {generic.name.text: generic for generic in patch.generics}
        given: dict[str, Const] = {}
        ports = {node.name.text for node in patch.body if isinstance(node, tree.Input | tree.Param)}
        if self._are_ports(args, patch.name.text, ports - set(known)):
            return None
        for arg in args:
            generic = known.get(arg.name.text)
            if generic is None:
                self._no_size(arg, patch.name.text, list(known))
            elif (found := self._number(arg, at)) and generic_fits(generic, arg.value.span, found, self.say):
                given[generic.name.text] = found
        wrong = any(arg.name.text in known and arg.name.text not in given for arg in args)
        return None if wrong else given

    def _number(self, arg: tree.Arg, at: Item) -> Const | None:
        if isinstance(arg.value, tree.Str | tree.ListLiteral):
            text = arg.value.span.text
            self.say(BadSize(span=arg.value.span, size=arg.name.text, wanted="a number", value=f"`{text}`"))
            return None
        return self.values.fixed(arg.value, at, f"the size `{arg.name.text}`")

    def _are_ports(self, args: Sequence[tree.Arg], owner: str, ports: Collection[str]) -> bool:
        """Says, once, that values of ports stand in the brackets of sizes, where all of them are such."""
        if not args or any(arg.name.text not in ports for arg in args):
            return False
        first, source = args[0], args[0].span.source
        binds = "; ".join(f"{arg.name.text} = {arg.value.span.text}" for arg in args)
        start, end = source.text.rfind("(", 0, first.span.start), source.text.find(")", args[-1].span.end) + 1
        rest = source.text[end:]
        brace = len(rest) - len(rest.lstrip(" ")) + 1 if rest.lstrip(" ").startswith("{") else 0
        empty = brace and rest[brace:].lstrip().startswith("}")
        text = f" {{ {binds}{'' if empty else ';'}" if brace else f" {{ {binds} }}"
        hint = f"`{first.name.text}` is a port: write `{owner} {{ {binds} }}`"
        fix = Fix(source.span(start, end + brace), text)
        self.say(UnknownSize(span=first.name.span, type=owner, size=first.name.text, hint=hint, fixes=(fix,)))
        return True

    def _no_size(self, arg: tree.Arg, owner: str, known: list[str]) -> None:
        if not arg.name.text:
            return
        meant = self.say.guess(arg.name.text, known)
        sizes = f"its sizes are {listed(known)}" if known else f"`{owner}` has no sizes"
        hint = f"did you mean `{meant}`? {sizes}" if meant else sizes
        fixes = (Fix(arg.name.span, meant),) if meant else ()
        self.say(UnknownSize(span=arg.name.span, type=owner, size=arg.name.text, hint=hint, fixes=fixes))


def _instead(span: Span, guess: Guess) -> Iterator[Fix]:
    """The type that was meant, with the values that make it that: `highpass { ...` to `svf { mode = highpass; ...`."""
    if guess.name:
        yield Fix(span, guess.name, guess.safe)
    elif guess.entry is not None and guess.entry.exists:
        name, _, values = guess.entry.target.partition(" { ")
        rest = span.source.text[span.end :]
        opening = len(rest) - len(rest.lstrip()) + 1
        if rest[:opening].strip() == "{":
            end = "" if rest[opening:].lstrip().startswith("}") else ";"
            yield Fix(Span(span.source, span.start, span.end + opening), f"{name} {{ {values.removesuffix(' }')}{end}")


def size_fits(name: str, span: Span, value: Const, size: SizeSpec, say: Say) -> bool:
    """Whether `value` can be the size `size` of a cell; says so if not."""
    unit = BASE_UNIT[size.dimension]
    low, high = written(size.low, unit), written(size.high, unit)
    whole = "a whole number" if size.whole else spoken(size.dimension)
    wrong = value.dimension is not size.dimension or not size.low <= value.value <= size.high
    return _accept(
        name, span, value, wrong or (size.whole and value.value % 1 != 0), f"{whole} from {low} to {high}", say
    )


def generic_fits(generic: tree.Generic, span: Span, value: Const, say: Say) -> bool:
    """Whether `value` is of the generic's kind; says so if not."""
    kind = KINDS.get(generic.kind)
    if kind is None:
        return True  # its declaration was mended, and nobody knows what it was
    wrong = value.dimension is not kind or (generic.kind == "int" and value.value % 1 != 0)
    wanted = {"int": "a whole number", "float": "a number", "time": "a time"}[generic.kind]
    return _accept(generic.name.text, span, value, wrong, wanted, say)


def _accept(name: str, span: Span, value: Const, wrong: bool, wanted: str, say: Say) -> bool:
    if wrong:
        say(BadSize(span=span, size=name, wanted=wanted, value=written(value.value, value.unit)))
    return not wrong


def missing(patch: tree.Patch, given: Mapping[str, Const], span: Span, say: Say) -> None:
    """Says which sizes of `patch` have neither a default nor a value in `given`."""
    for generic in patch.generics:
        if generic.default is None and generic.name.text not in given:
            say(SizeMissing(span=span, patch=patch.name.text, size=generic.name.text))


def stand_in(generic: tree.Generic) -> Const:
    """A value to check a patch with that nobody uses, where a size has no default."""
    dimension = KINDS.get(generic.kind, Dimension.NUMBER)
    return Const(value=1.0, dimension=dimension, unit=BASE_UNIT[dimension])


WIDEST = 4096
"""Numbers in one param or input."""


def width_of(node: tree.Input | tree.Param, env: Env, scope: Scope) -> int:
    """How many numbers an input or param holds: as its list, where it says nothing; 1, and said, if not understood."""
    width = node.width
    if width is None and node.value is not None and isinstance(node.value.expr, tree.Vector):
        return len(node.value.expr.items)
    if isinstance(width, str):
        known = env.get(width)
        if not isinstance(known, Const):
            scope.unknown(node.name.span, width, scope.sizes)
            return 1
        width = int(known.value) if known.value % 1 == 0 else 0
    if width is not None and not 1 <= width <= WIDEST:
        wanted = f"a whole number from 1 to {WIDEST}"
        scope.say(BadSize(span=node.name.span, size=node.name.text, wanted=wanted, value=f"`[{node.width}]`"))
        return 1
    return width or 1

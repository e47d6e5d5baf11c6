"""`set`: other values for the numbers of a patch, also deep inside instances, found by the names of knobs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from patchc.cells.spec import CellSpec, KnobSpec, PortSpec, SizeSpec
from patchc.graph.body import Body, LocalSet
from patchc.graph.expressions import first_name, spoken
from patchc.graph.model import Cable, Port, Role, Value, Verb
from patchc.graph.report import Say
from patchc.graph.resolve_types import size_fits
from patchc.graph.resolve_values import Values
from patchc.graph.scope import Scope, What
from patchc.graph.sockets import target_of
from patchc.graph.targets import Target
from patchc.graph.walk import labelled
from patchc.source.codes.numbers import UnitMismatch
from patchc.source.codes.plugs import NotAKnob
from patchc.source.codes.sizes import BadSize
from patchc.source.codes.values import NotConstant
from patchc.source.diagnostic import Fix
from patchc.syntax import tree
from patchc.units.domain import Domain
from patchc.units.unit import BASE_UNIT, Dimension

_OF_CABLES = ("depth", "gain", "maybe")


class Starts:
    """All `set` lines of a patch and of the patches in it. One further out comes before one further in."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self._lines: dict[str, tuple[LocalSet, Scope]] = {}
        self._done: set[str] = set()
        self._seen: list[str] = []

    def add(self, body: Body, prefix: str) -> None:
        for line in body.sets:
            if body.scope is not None:
                self._lines.setdefault(_flat(line.path, prefix), (line, body.scope))

    def value(self, name: str, value: Value, usual: Domain | None = None) -> Value:
        """The value called `name`, with what a `set` gives it; `usual` is its range where the patch says none."""
        found = self._line(name)
        return value if found is None else self._started(value, Target(name, domain=value.domain or usual), *found)

    def _line(self, name: str) -> tuple[LocalSet, Values] | None:
        """The `set` line for `name`, which is one of the names that can be set."""
        if not self._lines:
            return None
        self._seen.append(name)
        if name not in self._lines:
            return None
        self._done.add(name)
        line, scope = self._lines[name]
        return line, Values(scope)

    def _started(self, value: Value, target: Target, line: LocalSet, values: Values) -> Value:
        target = replace(target, dimension=value.dimension, width=value.width, base=value)
        found = self._constant(target, line, values)
        if found is None:
            return value
        role = found.role if line.node.value.role else value.role
        prior = found.prior or (value.prior if role is not Role.FIXED or value.role is Role.FIXED else None)
        return found.model_copy(update={"role": role, "prior": prior})

    def _constant(self, target: Target, line: LocalSet, values: Values) -> Value | None:
        """What a `set` line says, as a value for `target`; None, and said, if it is not known beforehand."""
        node = line.node.value
        found = values.value(node, target, line.at)
        default = found.default if found is not None else None
        if default is not None and (unfixed := first_name(default)):
            self.say(NotConstant(span=node.span, what=f"the value of `{target.name}`", name=unfixed))
            return None
        wanted = target.base.default if target.base else None
        given, before = getattr(default, "dimension", None), getattr(wanted, "dimension", None)
        if node.expr is not None and given is not None and before is not None and given is not before:
            self.say(_mismatch(target.name, node.expr, before, given, getattr(wanted, "unit", "")))
            return None
        return found

    def ports(self, cell: str, ports: tuple[Port, ...]) -> tuple[Port, ...]:
        """The ports of `cell` with what `set` lines say about their values and cables."""
        return tuple(self._port(cell, port, None) for port in ports) if self._lines else ports

    def cell(
        self, cell: str, spec: CellSpec, sizes: dict[str, float], ports: tuple[Port, ...]
    ) -> tuple[dict[str, float], tuple[Port, ...]]:
        """Sizes and ports of `cell` with what `set` lines say, also about what the patch leaves to the cell type."""
        if not self._lines:
            return sizes, ports
        resized = {size.name: self._size(f"{cell}.{size.name}", size, sizes) for size in spec.sizes}
        sizes = {name: size for name, size in resized.items() if size is not None}
        known = {port.name: self._port(cell, port, spec.port(port.name)) for port in ports}
        for port in spec.ports:
            if isinstance(port, KnobSpec):
                before = known.get(port.name, Port(name=port.name))
                after = _widened(before, port, spec, sizes)
                after = self._unwritten(f"{cell}.{port.name}", after, port, spec, sizes)
                if port.name in known or after.value is not None:
                    known[port.name] = after
        return sizes, tuple(known.values())

    def _size(self, name: str, size: SizeSpec, sizes: dict[str, float]) -> float | None:
        found = self._line(name)
        before = sizes.get(size.name)
        if found is None:
            return before
        line, values = found
        if line.node.value.expr is None or isinstance(line.node.value.expr, tree.Vector):
            self.say(BadSize(span=line.node.value.span, size=name, wanted="a number", value=line.node.value.span.text))
            return before
        number = values.fixed(line.node.value.expr, line.at, f"the size `{name}`")
        fits = number is not None and size_fits(name, line.node.value.span, number, size, self.say)
        return number.value if number is not None and fits else before

    def _unwritten(self, name: str, port: Port, knob: KnobSpec, spec: CellSpec, sizes: dict[str, float]) -> Port:
        """A port that has no value in the patch, with the one that a `set` gives it."""
        found = self._line(name) if port.value is None else None
        if found is None:
            return port
        return port.model_copy(update={"value": self._constant(target_of(knob, spec, sizes, name), *found)})

    def _port(self, cell: str, port: Port, spec: PortSpec | None) -> Port:
        name, usual = f"{cell}.{port.name}", spec.domain if isinstance(spec, KnobSpec) else None
        value = self.value(name, port.value, usual) if port.value else None
        return port.model_copy(update={"value": value, "cables": self.cables(name, port.cables)})

    def cables(self, where: str, cables: Iterable[Cable]) -> tuple[Cable, ...]:
        """Cables that arrive at `where` with what `set` lines say about their depths and chances."""
        if not self._lines:
            return tuple(cables)
        made = []
        for cable, label in labelled(cables):
            depth = self._depth(f"{where}[{label}].{'gain' if cable.verb is Verb.FEED else 'depth'}", cable)
            maybe = self.value(f"{where}[{label}].maybe", cable.maybe) if cable.maybe else None
            made.append(cable.model_copy(update={"depth": depth, "maybe": maybe}))
        return tuple(made)

    def _depth(self, name: str, cable: Cable) -> Value | None:
        if cable.depth is not None:
            return self.value(name, cable.depth)
        found = self._line(name)
        return None if found is None else self._constant(Target(name), *found)

    def finish(self) -> None:
        """Says which `set` lines name nothing that holds a number."""
        for name, (line, scope) in self._lines.items():
            if name not in self._done and not _leads_into_unknown(line, scope):
                meant = self.say.guess(name, self._seen)
                hint = (
                    f"did you mean `{meant}`?" if meant else "`patchc plan` prints the cells with their ports and sizes"
                )
                span = line.node.target.span
                fixes = (Fix(span, meant),) if meant else ()
                self.say(NotAKnob(span=span, name=line.node.target.text, hint=hint, fixes=fixes))


def _leads_into_unknown(line: LocalSet, scope: Scope) -> bool:
    """Whether the path starts with a cell of a type that nobody could find, which has been said."""
    found = scope.find(line.path)
    return any(decl.what is What.CELL and decl.cell is None for decl, _ in found)


def _flat(path: tuple[str, ...], prefix: str) -> str:
    """The name of a knob in the flat graph; the source in its brackets lies in the same patch."""
    if prefix and len(path) > 1 and path[-1] in _OF_CABLES:
        *head, port, word = path
        name, bracket, source = port.partition("[")
        path = (*head, f"{name}{bracket}{prefix if bracket else ''}{source}", word)
    return prefix + ".".join(path)


def _widened(port: Port, knob: KnobSpec, spec: CellSpec, sizes: dict[str, float]) -> Port:
    """The port with as many entries as the sizes of its cell say now."""
    width = target_of(knob, spec, sizes).width
    if port.value is None or port.value.width == width:
        return port
    return port.model_copy(update={"value": port.value.model_copy(update={"width": width})})


def _mismatch(name: str, node: tree.Node, wanted: Dimension, given: Dimension, unit: str) -> UnitMismatch:
    """`unit` is the one the number is written in now, which is the one that was probably left out."""
    law = "another value of a number is in the unit of the number"
    text, hint = node.span.text, ""
    if given is Dimension.NUMBER:
        note = ", or a note such as `C4`" if wanted is Dimension.FREQUENCY else ""
        hint = f"write its unit, such as `{text.rstrip(' %')} {unit or BASE_UNIT[wanted]}`{note}"
    got = spoken(given)
    return UnitMismatch(
        span=node.span, what=f"`{name}`", wanted=spoken(wanted), given=f"`{text}`", got=got, law=law, hint=hint
    )

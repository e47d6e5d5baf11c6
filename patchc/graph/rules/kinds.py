"""Kinds of signals meet kinds of ports, and vectors meet vectors of their width."""

from __future__ import annotations

from collections.abc import Iterator

from patchc.cells.spec import InSpec, Kind, KnobSpec
from patchc.graph.model import Arith, Cable, Cell, Expr, Graph, NameRef, Port, Vector
from patchc.graph.rewording import gate_hint
from patchc.graph.rules.facts import Facts, default_span, source_of
from patchc.graph.walk import Slot, places
from patchc.source.codes.kinds import AudioIntoControl, ControlIntoAudio, GateMismatch, NotAMovable, WidthsDiffer
from patchc.source.diagnostic import Diagnostic
from patchc.units.domain import Choice
from patchc.units.unit import Dimension


def kinds_agree(graph: Graph) -> Iterator[Diagnostic]:
    """P304, P308, P309, P310: what is plugged in is of the kind its port hears."""
    facts = Facts(graph)
    heard = _sounding(graph, facts)
    for layer in graph.layers:
        for cell in layer.cells:
            for port in cell.ports:
                if port.cables and (spec := facts.port(cell, port)) is not None:
                    yield from _port(cell, port, spec, facts, heard)
    for output in graph.outputs:
        for cable in output.cables:
            if facts.kind(cable.source) is Kind.GATE:
                yield _gate(cable, f"`{source_of(cable)}` is a gate and cannot be heard", "a gate")


def _sounding(graph: Graph, facts: Facts) -> set[str]:
    """The cells that outputs hear, through cells that hear sound; the others only move numbers."""
    found = {cable.source for output in graph.outputs for cable in output.cables}
    for layer in reversed(graph.layers):
        for cell in layer.cells:
            if cell.name in found:
                audio = (port for port in cell.ports if isinstance(facts.port(cell, port), InSpec))
                found |= {cable.source for port in audio for cable in port.cables}
    return found


def _port(cell: Cell, port: Port, spec: InSpec | KnobSpec, facts: Facts, heard: set[str]) -> Iterator[Diagnostic]:
    if isinstance(spec, InSpec) and spec.kind is Kind.GATE:
        yield from _into_gate(cell, port, facts)
        return
    slow = (type_ := facts.spec(cell.type)) is not None and type_.out.kind is Kind.CONTROL
    for cable in port.cables:
        kind, source = facts.kind(cable.source), source_of(cable)
        if kind is Kind.GATE:
            knob = spec if isinstance(spec, KnobSpec) else None
            moved, dimension = (port.name, knob.dimension) if knob else ("level", Dimension.LEVEL)
            what = f"`{source}` is a gate, and `{port.name}` of `{cell.name}` hears none"
            yield _gate(cable, what, "a gate", gate_hint(moved, source, dimension))
        elif isinstance(spec, KnobSpec) and isinstance(spec.domain, Choice):
            member = str(spec.default)
            yield NotAMovable(span=cable.span, port=port.name, member=member)
        elif isinstance(spec, InSpec) and spec.kind is Kind.AUDIO and kind is Kind.CONTROL and cell.name in heard:
            yield ControlIntoAudio(span=cable.span, source=source, port=f"{cell.name}.{port.name}")
        elif kind is Kind.AUDIO and slow and not (isinstance(spec, InSpec) and spec.kind is Kind.AUDIO):
            yield AudioIntoControl(span=cable.span, cell=cell.name, source=source)


def _into_gate(cell: Cell, port: Port, facts: Facts) -> Iterator[Diagnostic]:
    name = f"`{port.name}` of `{cell.name}`"
    for count, cable in enumerate(port.cables):
        kind, source = facts.kind(cable.source), source_of(cable)
        if kind not in (Kind.GATE, None):
            found = "a sound" if kind is Kind.AUDIO else "a control signal"
            yield _gate(cable, f"{name} needs a gate, and `{source}` is {found}", found)
        elif cable.depth is not None or cable.maybe is not None or cable.when:
            yield _gate(cable, f"the gate `{source}` cannot be scaled or made optional on its way to {name}", "a gate")
        elif count > 0:
            yield _gate(cable, f"{name} hears one gate only", "one more")


def _gate(cable: Cable, what: str, found: str, hint: str = "") -> GateMismatch:
    return GateMismatch(span=cable.span, what=what, found=found, hint=hint)


def widths_agree(graph: Graph) -> Iterator[Diagnostic]:
    """P305: a vector has as many numbers as its port holds, and as the vectors it is reckoned with."""
    facts = Facts(graph)
    for place in places(graph):
        wanted = place.value.width if place.slot in (Slot.BASE, Slot.PARAM, Slot.INPUT) else 1
        default = place.value.default
        if isinstance(default, Vector) and len(default.numbers) != wanted:
            span = default_span(place.value)
            given = "this list" if wanted > 1 else "a list"
            yield WidthsDiffer(span=span, what=f"`{place.name}`", wanted=wanted, given=given, got=len(default.numbers))
        for ref in _vectors(place.value.default, facts):
            got = facts.values[ref.name].width
            if got != wanted:
                what = f"`{place.name}`"
                span = ref.span or default_span(place.value)
                yield WidthsDiffer(span=span, what=what, wanted=wanted, given=f"`{ref.name}`", got=got)


def _vectors(expr: Expr | None, facts: Facts) -> Iterator[NameRef]:
    """The names in `expr` that stand for more than one number."""
    match expr:
        case NameRef():
            if expr.name in facts.values and facts.values[expr.name].width > 1:
                yield expr
        case Arith():
            yield from _vectors(expr.left, facts)
            yield from _vectors(expr.right, facts)

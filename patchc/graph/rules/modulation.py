"""Modulation stays inside a port's hard limits: reckoned with the values in the patch, every source at full swing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite

from patchc.cells.spec import KnobSpec
from patchc.graph.law import Limits
from patchc.graph.model import Cable, Cell, Const, Graph, Port, Verb
from patchc.graph.rules.facts import Facts, beyond, number
from patchc.graph.rules.reach import Arrival, Expressions, Reach, together
from patchc.source.codes.limits import PushedPastLimit
from patchc.source.diagnostic import Diagnostic
from patchc.units.domain import Range
from patchc.units.unit import BASE_UNIT


def modulation_stays_inside(graph: Graph) -> Iterator[Diagnostic]:
    """P406. Silent wherever a depth or a swing is not known, and where the base value is beyond the limits already."""
    facts = Facts(graph)
    reach = Reach(facts, Expressions(facts))
    for cell in graph.cells:
        for port in cell.ports:
            knob = facts.knob(cell, port) if any(cable.verb is not Verb.FEED for cable in port.cables) else None
            limits = facts.limits(cell, knob) if knob is not None else None
            base = reach.base(port, knob) if knob is not None and limits is not None else None
            if knob and limits and base is not None and beyond(base, limits) is None:
                yield from _port(cell, port, knob, limits, reach, facts)


def _port(cell: Cell, port: Port, knob: KnobSpec, limits: Limits, reach: Reach, facts: Facts) -> Iterator[Diagnostic]:
    for cables in together(port.cables, facts):
        whole = reach.arrival(cell, port, knob, cables)
        pushed = _pushed(whole)
        if pushed is None:
            continue
        value, limit = pushed
        unit = _unit(port, knob)
        yield PushedPastLimit(
            span=_strongest(cell, port, knob, cables, reach, value > limit).span,
            cell=cell.name,
            port=port.name,
            limit=number(limit, unit, knob.dimension),
            reach=number(value, unit, knob.dimension) if isfinite(value) else "beyond all numbers",
        )
        return


def _pushed(found: Arrival | None) -> tuple[float, float] | None:
    """The first value that was asked of a limit and lies beyond it, and that limit."""
    for asked, limits in found.asked if found else ():
        for value in (asked.high, asked.low):
            limit = beyond(value, limits)
            if limit is not None:
                return value, limit
    return None


def _strongest(cell: Cell, port: Port, knob: KnobSpec, cables: Sequence[Cable], reach: Reach, upward: bool) -> Cable:
    """The cable without which least is asked of the limit."""

    def asked_without(cable: Cable) -> float:
        found = reach.arrival(cell, port, knob, [one for one in cables if one is not cable])
        ends = [value for asked, _ in (found.asked if found else ()) for value in asked]
        return max(ends) if upward else -min(ends)

    return min(cables, key=asked_without)


def _unit(port: Port, knob: KnobSpec) -> str:
    default = port.value.default if port.value else None
    if isinstance(default, Const):
        return default.unit
    return knob.domain.unit if isinstance(knob.domain, Range) else BASE_UNIT[knob.dimension]

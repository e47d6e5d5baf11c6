"""Modulation stays inside a port's hard limits: reckoned with the values in the patch, every source at full swing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patchc.cells.spec import KnobSpec
from patchc.graph.model import Cable, Cell, Const, Graph, Port, Verb
from patchc.graph.rules.facts import Facts, number
from patchc.graph.rules.ranges import is_sound
from patchc.source.codes.numbers import PushedPastLimit
from patchc.source.diagnostic import Diagnostic
from patchc.units.domain import Curve, Range
from patchc.units.unit import BASE_UNIT, Dimension

_BENDS = (Dimension.FREQUENCY, Dimension.TIME)


@dataclass
class Reach:
    """How far cables push at most: octaves, base units, and shares of the range; `low` downwards, `high` upwards."""

    ratio: float = 0.0
    added: float = 0.0
    share: float = 0.0

    def plus(self, other: Reach) -> Reach:
        return Reach(self.ratio + other.ratio, self.added + other.added, self.share + other.share)

    @property
    def size(self) -> float:
        return abs(self.ratio) + abs(self.added) + abs(self.share)


def modulation_stays_inside(graph: Graph) -> Iterator[Diagnostic]:
    """P406. Silent wherever a depth or a swing is not known."""
    facts = Facts(graph)
    for layer in graph.layers:
        for cell in layer.cells:
            for port in cell.ports:
                knob = facts.knob(cell, port) if port.cables else None
                if knob is not None and knob.limits is not None:
                    yield from _port(cell, port, knob, facts)


def _port(cell: Cell, port: Port, knob: KnobSpec, facts: Facts) -> Iterator[Diagnostic]:
    base, domain = _base(port, knob, facts)
    cables = [cable for cable in port.cables if cable.verb is Verb.ADD]
    pushes = [_push(cable, knob, facts) for cable in cables]
    if base is None or not cables or any(push is None for push in pushes):
        return
    low, high = knob.limits or (0.0, 0.0)
    slack = 1e-9 * max(abs(low), abs(high))
    if not low - slack <= base <= high + slack:
        return  # that is said already
    for side, limit in ((1, high), (0, low)):
        reach = _total(cables, [push[side] for push in pushes if push])
        value = _moved(base, reach, domain)
        if value is not None and (value > high + slack if side else value < low - slack):
            worst = max(zip(cables, pushes, strict=True), key=lambda pair: pair[1][side].size if pair[1] else 0.0)[0]
            unit = _unit(port, knob)
            yield PushedPastLimit(
                span=worst.span,
                cell=cell.name,
                port=port.name,
                limit=number(limit, unit, knob.dimension),
                reach=number(value, unit, knob.dimension),
            )
            return


def _base(port: Port, knob: KnobSpec, facts: Facts) -> tuple[float | None, Range | None]:
    written = port.value.domain if port.value else None
    domain = written if isinstance(written, Range) else knob.domain
    sound = domain if isinstance(domain, Range) and is_sound(domain) else None
    if port.value is None or port.value.default is None:
        return (knob.default if isinstance(knob.default, float) else None), sound
    const = facts.evaluate(port.value.default)
    return (const.value if const and const.dimension is knob.dimension else None), sound


def _unit(port: Port, knob: KnobSpec) -> str:
    default = port.value.default if port.value else None
    if isinstance(default, Const):
        return default.unit
    return knob.domain.unit if isinstance(knob.domain, Range) else BASE_UNIT[knob.dimension]


def _push(cable: Cable, knob: KnobSpec, facts: Facts) -> tuple[Reach, Reach] | None:
    """How far one cable pushes downwards and upwards; None if that is not known."""
    swing = facts.swing(cable.source)
    depth = facts.evaluate(cable.depth.default) if cable.depth else Const(value=1.0)
    if swing is None or depth is None:
        return None
    ends = sorted((swing[0] * depth.value, swing[1] * depth.value))
    low, high = min(ends[0], 0.0), max(ends[1], 0.0)
    if depth.dimension is Dimension.INTERVAL and knob.dimension in _BENDS:
        return Reach(ratio=low), Reach(ratio=high)
    if cable.depth and depth.dimension is Dimension.NUMBER and facts.in_percent(cable.depth.default):
        return Reach(share=low), Reach(share=high)
    if depth.dimension is knob.dimension:
        return Reach(added=low), Reach(added=high)
    return None


def _total(cables: Sequence[Cable], pushes: Sequence[Reach]) -> Reach:
    """All pushes together; of cables that exclude each other by `when`, only the strongest member of each choice."""
    total = Reach()
    choices: dict[str, dict[str, Reach]] = {}
    for cable, push in zip(cables, pushes, strict=True):
        if not cable.when:
            total = total.plus(push)
            continue
        members = choices.setdefault(cable.when[0].param, {})
        members[cable.when[0].member] = members.get(cable.when[0].member, Reach()).plus(push)
    for members in choices.values():
        total = total.plus(max(members.values(), key=lambda reach: reach.size))
    return total


def _moved(base: float, reach: Reach, domain: Range | None) -> float | None:
    """`base` moved by shares of its range, then ratios, then additions."""
    if reach.share:
        if domain is None or not domain.holds(base):
            return None
        place = domain.position(base) + reach.share
        base = domain.value(max(place, 0.0) if domain.curve is Curve.POW else place)
    try:
        return float(base * 2.0**reach.ratio + reach.added)
    except OverflowError:
        return float("inf")

"""What numbers and ports of a patch can be: as it is written, and over the ranges of its inputs and params."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from patchc.cells.spec import Kind, KnobSpec
from patchc.graph.dimension import Amount, reckon
from patchc.graph.law import Law, Limits, Target, arrive, law_of, span_of_shares
from patchc.graph.model import Arith, Cable, Cell, Const, Expr, NameRef, Port, Value, Verb
from patchc.graph.rules.facts import Facts
from patchc.graph.rules.ranges import is_sound
from patchc.units.domain import Range
from patchc.units.unit import Dimension

MOST_NAMES = 6
"""Names of one expression that are tried at both ends of their ranges; further ones stay at their defaults."""

MOST_COMBINATIONS = 64
"""Combinations of choices that are tried for the cables of one port; beyond them all cables count as plugged in."""

_BENDS = (Dimension.FREQUENCY, Dimension.TIME)
_SCALES = (Dimension.LEVEL, Dimension.NUMBER)


class Interval(NamedTuple):
    """Between what a value lies."""

    low: float
    high: float


# --- expressions over names -------------------------------------------------------------------------------------------


class Corner(NamedTuple):
    """One choice of values for the names of an expression, and what it then is."""

    at: Mapping[str, float]
    amount: Amount


class Expressions:
    """Values of expressions, with names at their defaults or at the ends of their ranges."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def at(self, expr: Expr, values: Mapping[str, float]) -> Amount | None:
        """`expr` with some names at `values` and the others at their defaults; None where that is not known.

        Raises `ZeroDivisionError`.
        """
        match expr:
            case Const():
                return Amount(expr.value, expr.dimension)
            case NameRef():
                return self._name(expr.name, values)
            case Arith():
                left, right = self.at(expr.left, values), self.at(expr.right, values)
                return reckon(expr.op, left, right) if left and right else None
        return None

    def start(self, value: Value) -> Amount | None:
        """What a value is as it is written; one that only has a range starts in its middle."""
        if value.default is not None:
            return self.at(value.default, {})
        if value.width > 1 or not isinstance(value.domain, Range) or not is_sound(value.domain):
            return None
        return Amount(value.domain.value(0.5), value.dimension)

    def _name(self, name: str, values: Mapping[str, float]) -> Amount | None:
        value = self._facts.values.get(name)
        if value is None:
            return None
        if name in values:
            return Amount(values[name], value.dimension)
        return self.at(value.default, values) if value.default is not None else self.start(value)

    def spans(self, expr: Expr) -> dict[str, Range]:
        """The names that `expr` depends on and that have a range, with those."""
        match expr:
            case NameRef():
                value = self._facts.values.get(expr.name)
                if value is not None and isinstance(value.domain, Range) and is_sound(value.domain):
                    return {expr.name: value.domain}
                return self.spans(value.default) if value and value.default is not None else {}
            case Arith():
                return self.spans(expr.left) | self.spans(expr.right)
        return {}

    def corners(self, expr: Expr) -> Iterator[Corner]:
        """`expr` with the names in it at the ends of their ranges, in all combinations. Raises `ZeroDivisionError`."""
        spans = list(self.spans(expr).items())[:MOST_NAMES]
        for ends in product(*((domain.low, domain.high) for _, domain in spans)):
            values = dict(zip((name for name, _ in spans), ends, strict=True))
            amount = self.at(expr, values)
            if amount is not None:
                yield Corner(values, amount)


# --- ports with their cables ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PortLaw:
    """What the law of ports has to know of one."""

    dimension: Dimension
    range: Range | None
    limits: Limits | None


@dataclass
class Intervals:
    """The arithmetic of the law of ports on intervals, in the order in which the executors play it.

    `asked` collects what was asked of each limit, before it was held.
    """

    asked: list[tuple[Interval, Limits]] = field(default_factory=list)

    def total(self, parts: Sequence[Interval]) -> Interval:
        return Interval(math.fsum(part.low for part in parts), math.fsum(part.high for part in parts))

    def times(self, left: Interval, right: Interval) -> Interval:
        return _hull(_product(a, b) for a in left for b in right)

    def bent(self, value: Interval, octaves: Interval, port: Target) -> Interval:
        return self.times(value, Interval(_exp2(octaves.low), _exp2(octaves.high)))

    def shared(self, value: Interval, share: Interval, domain: Range) -> Interval:
        low, high = (domain.position(end) for end in self.hold(value, span_of_shares(domain)))
        ends = (_along(domain, max(end, 0.0)) for end in (low + share.low, high + share.high))
        return _hull(ends)

    def hold(self, value: Interval, limits: Limits) -> Interval:
        self.asked.append((value, limits))
        low, high = limits
        return Interval(min(max(value.low, low), high), min(max(value.high, low), high))

    def amplitude(self, level: Interval) -> Interval:
        return Interval(*(_exp2(end / 20 * math.log2(10)) for end in level))


def _exp2(octaves: float) -> float:
    return math.exp2(octaves) if octaves < 1024 else math.inf


def _along(domain: Range, place: float) -> float:
    try:
        return float(domain.value(place))
    except OverflowError:
        return math.copysign(math.inf, domain.high)


def _product(left: float, right: float) -> float:
    return 0.0 if 0.0 in (left, right) else left * right  # zero times infinity, where both are ends


def _hull(ends: Iterator[float]) -> Interval:
    every = list(ends)
    return Interval(min(every), max(every))


@dataclass
class Arrival:
    """What arrives at a port: between what it lies, and what was asked of each limit."""

    value: Interval
    asked: list[tuple[Interval, Limits]]


class Reach:
    """What cables can do to a port, by law, and what arrives there."""

    def __init__(self, facts: Facts, expressions: Expressions) -> None:
        self._facts = facts
        self._expressions = expressions
        self._louder: dict[str, float] = {}

    def of(self, cable: Cable, port: PortLaw) -> tuple[Law, Interval] | None:
        """The law of a cable into a number, and between what it moves it; None if that is not known."""
        swing = self._swing(cable.source)
        depth = self._depth(cable)
        if swing is None or depth is None:
            return None
        percent = cable.depth is not None and self._facts.in_percent(cable.depth.default)
        law, factor = law_of(cable.verb, depth.dimension, percent, port.dimension, port.range)
        if not _fits(law, depth, percent, port):
            return None
        if law is Law.SCALE:
            return law, _around(Interval(*sorted((1.0 - depth.value, 1.0))), cable, 1.0)
        reach = sorted(end * depth.value * factor for end in swing)
        return law, _around(Interval(*reach), cable, 0.0)

    def _depth(self, cable: Cable) -> Amount | None:
        if cable.depth is None:
            return Amount(1.0, Dimension.NUMBER)
        try:
            return self._expressions.at(cable.depth.default, {}) if cable.depth.default is not None else None
        except ZeroDivisionError:
            return None

    def _swing(self, source: str) -> Interval | None:
        """Between what a source moves: an oscillator as loud as its level is written."""
        swing = self._facts.swing(source)
        if swing is None:
            return None
        loudness = self._loudness(source)
        return Interval(swing[0] * loudness, swing[1] * loudness)

    def _loudness(self, source: str) -> float:
        """What a cell that makes a sound by itself multiplies it by; 1 for all others, and in a circle."""
        if source not in self._louder:
            self._louder[source] = 1.0
            cell, spec = self._facts.cells.get(source), self._facts.source_spec(source)
            knob = spec.port("level") if spec and spec.out.kind is Kind.AUDIO else None
            if cell and spec and isinstance(knob, KnobSpec) and all(isinstance(p, KnobSpec) for p in spec.ports):
                found = self.arrival(cell, cell.port("level") or Port(name="level"), knob)
                self._louder[source] = found.value.high if found else 1.0
        return self._louder[source]

    def arrival(self, cell: Cell, port: Port, knob: KnobSpec, cables: Sequence[Cable] | None = None) -> Arrival | None:
        """What `cables` (by default all of the port's) make of its base as written; None where that is not known."""
        base = self.base(port, knob)
        target = PortLaw(knob.dimension, _range(port, knob), self._facts.limits(cell, knob))
        pushes = [self.of(cable, target) for cable in (port.cables if cables is None else cables)]
        if base is None or any(push is None for push in pushes):
            return None
        known = [push for push in pushes if push is not None]
        intervals = Intervals()
        value = arrive(intervals, target, Interval(base, base), lambda law: [by for one, by in known if one is law])
        return Arrival(value, intervals.asked)

    def base(self, port: Port, knob: KnobSpec) -> float | None:
        """The value of a port as it is written, base units; None if that is not known."""
        if port.value is None:
            return knob.default if isinstance(knob.default, float) else None
        try:
            amount = self._expressions.start(port.value)
        except ZeroDivisionError:
            return None
        return amount.value if amount is not None and amount.dimension is knob.dimension else None


def _fits(law: Law, depth: Amount, percent: bool, port: PortLaw) -> bool:
    if law is Law.SCALE and port.dimension not in _SCALES:
        return False
    if law in (Law.SCALE, Law.SHARE):
        return depth.dimension is Dimension.NUMBER
    shares = percent and port.range is not None
    bends = depth.dimension is Dimension.INTERVAL and port.dimension in _BENDS
    return depth.dimension is port.dimension or shares or bends


def _around(interval: Interval, cable: Cable, absent: float) -> Interval:
    """With `absent`, which is what the cable does where it is not there."""
    return _hull(iter((*interval, absent))) if cable.when or cable.maybe is not None else interval


def _range(port: Port, knob: KnobSpec) -> Range | None:
    written = port.value.domain if port.value else None
    domain = written if isinstance(written, Range) else knob.domain
    return domain if isinstance(domain, Range) and is_sound(domain) else None


def together(cables: Sequence[Cable], facts: Facts) -> Iterator[tuple[Cable, ...]]:
    """The sets of cables that can be plugged in at once: of cables with `when`, those of one member of each choice."""
    moving = [cable for cable in cables if cable.verb is not Verb.FEED]
    members: dict[str, list[str]] = {}
    for when in (one for cable in moving for one in cable.when):
        fixed = facts.chosen(when.param)
        members.setdefault(when.param, [fixed] if fixed else [])
        if not fixed and when.member not in members[when.param]:
            members[when.param].append(when.member)
    if math.prod(map(len, members.values())) > MOST_COMBINATIONS:
        yield tuple(moving)
        return
    for combination in product(*members.values()):
        chosen = dict(zip(members, combination, strict=True))
        yield tuple(cable for cable in moving if all(chosen[one.param] == one.member for one in cable.when))

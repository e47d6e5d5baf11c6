"""What arrives at a port: its base value, its cables by law, and its limits, at the lowest rate that suffices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import torch

from patchc.compiler.cables import CablePlan, Gate, Law
from patchc.compiler.expr import Expr, Op, evaluate
from patchc.compiler.plan import KnobPort, Rate
from patchc.compiler.timed import Clock, Timed, held
from patchc.units.domain import Curve, Range
from patchc.units.unit import Dimension

_ONE = Timed(1.0)


class Numbers(Protocol):
    """Where the values of knobs and control inputs come from in one run."""

    def number(self, name: str) -> Timed:
        """The value of a knob or control input, in base units."""

    def weight(self, name: str, member: str) -> Timed:
        """How much a choice is one of its members, 0..1."""


class Wiring:
    """The numbers and signals of one run, and how ports are worked out from them."""

    def __init__(self, clock: Clock, numbers: Numbers, signals: dict[str, Timed]) -> None:
        """`signals` grows as cells are run: by the name of the cell, or of an audio or control input."""
        self.clock = clock
        self.numbers = numbers
        self.signals = signals

    def value(self, expr: Expr) -> Timed:
        found = evaluate(expr, self.numbers.number, self._apply, self._entries_of)
        return found if isinstance(found, Timed) else Timed(found)

    def _entries_of(self, values: tuple[float, ...]) -> Timed:
        """The constants of a vector, `[1, 1, entries]`."""
        data = torch.tensor(values, dtype=self.clock.dtype, device=self.clock.device)
        return Timed(data.expand(1, 1, -1), wide=True)

    def _apply(self, op: Op, left: Timed | float, right: Timed | float) -> Timed:
        a, b = (one if isinstance(one, Timed) else Timed(one) for one in (left, right))
        return self.clock.meet(op, a, b)

    def presence(self, gates: Sequence[Gate]) -> Timed:
        """The product of all gates, 0..1."""
        result = _ONE
        for gate in gates:
            one = self.numbers.weight(gate.knob, gate.member) if gate.member else self.numbers.number(gate.knob)
            result = self.clock.times(result, one)
        return result

    def knob(self, port: KnobPort, rate: Rate) -> Timed:
        """The value a cell sees on `port`, brought to the cell's `rate`: `[batch, time]`, or constant.

        Vectors stay at control rate, `[batch, frames, entries]`: the executor finds its own way between frames.
        Ratios first, then additions, shares, scalings, and the limits last; so the order of lines does not matter.
        """
        base = self._entries(self.value(port.base), port)
        value = self._level(base, port) if port.dimension is Dimension.LEVEL else self._moved(base, port)
        for cable in port.of(Law.SCALE):
            value = self.clock.times(value, self._scale(cable))
        if port.limits is not None and port.dimension is not Dimension.LEVEL:
            value = held(value, *port.limits)
        return self.clock.at(value, Rate.CONTROL if port.entries else rate, port.log)

    def _entries(self, value: Timed, port: KnobPort) -> Timed:
        if not port.entries or value.wide:
            return value
        every = self.clock.tensor(value).unsqueeze(-1)
        return Timed(every.expand(*every.shape[:-1], port.entries), value.rate, wide=True)

    def _moved(self, base: Timed, port: KnobPort) -> Timed:
        value = base
        if ratios := port.of(Law.RATIO):
            ratio = self._sum(ratios)
            if ratio.rate > base.rate and port.log and port.limits is not None:
                value = held(base, port.limits[0], float("inf"))  # has to have a logarithm to be brought to samples
            value = self.clock.meet(Op.RAISE, value, ratio, port.log)
        if additions := port.of(Law.ADD):
            value = self.clock.meet(Op.ADD, value, self._sum(additions))
        return self._shared(value, port)

    def _level(self, base: Timed, port: KnobPort) -> Timed:
        """Sums in decibels are ratios of the amplitude that the cell gets."""
        value = self.clock.total([base, *(self._contribution(cable) for cable in port.of(Law.RATIO))])
        value = self._shared(value, port)
        return self.clock.amplitude(held(value, *port.limits) if port.limits is not None else value)

    def _shared(self, value: Timed, port: KnobPort) -> Timed:
        shares = port.of(Law.SHARE)
        if not shares or port.range is None:
            return value
        domain, lib = port.range, self.clock.lib
        place = self._tensor(value).mapped(lambda one: _position(domain, one, lib))
        moved = self.clock.meet(Op.ADD, place, self._sum(shares))
        return self._tensor(moved).mapped(lambda one: _value(domain, one, lib))

    def _tensor(self, value: Timed) -> Timed:
        return value._replace(data=self.clock.tensor(value))

    def _sum(self, cables: Sequence[CablePlan]) -> Timed:
        return self.clock.total([self._contribution(cable) for cable in cables])

    def _contribution(self, cable: CablePlan) -> Timed:
        """`gates * depth * factor * source`, the slow factors first."""
        depth = self.clock.times(self.value(cable.depth), self.presence(cable.gates))
        return self.clock.times(self.clock.times(depth, Timed(cable.factor)), self.signals[cable.origin.name])

    def _scale(self, cable: CablePlan) -> Timed:
        """`1 - d + d u`, with `u` the source brought to 0..1."""
        source, span = self.signals[cable.origin.name], cable.origin.span
        if span is not None:
            source = self._tensor(source).mapped(lambda one: span.position(one, self.clock.lib))
        depth = self.clock.times(self.value(cable.depth), self.presence(cable.gates))
        rest = self.clock.meet(Op.SUB, _ONE, depth)
        return self.clock.meet(Op.ADD, rest, self.clock.times(depth, source))

    def mix(self, cables: Sequence[CablePlan]) -> Timed:
        """The sum of all cables of an audio port, each at its gain; silence if there are none."""
        parts = []
        for cable in cables:
            gain = self.value(cable.depth)
            gain = self.clock.amplitude(gain) if cable.depth.dimension is Dimension.LEVEL else gain
            gain = self.clock.times(gain, self.presence(cable.gates))
            parts.append(self.clock.times(gain, self.signals[cable.origin.name]))
        return self.clock.at(self.clock.total(parts), Rate.AUDIO)


def _position(domain: Range, value: Any, lib: Any) -> Any:
    """Positions along a range; beyond the ends where its curve has no continuation, they are held there."""
    high = None if domain.curve is Curve.POW else domain.high
    return domain.position(value.clamp(domain.low, high), lib)


def _value(domain: Range, position: Any, lib: Any) -> Any:
    return domain.value(position.clamp(min=0.0), lib)

"""What arrives at a port: its base value, its cables by law, and its limits, at the lowest rate that suffices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import torch

from patchc.compiler.cables import CablePlan, Gate
from patchc.compiler.expr import Expr, Op, evaluate
from patchc.compiler.plan import KnobPort, Rate, in_octaves
from patchc.compiler.signals import RatedSignal, RunContext, held
from patchc.dsp.additive import FADE
from patchc.graph.law import Law, Limits, Target, arrive, level_limits, span_of_shares
from patchc.units.domain import Range
from patchc.units.unit import Dimension

_ONE = RatedSignal(1.0)


class Numbers(Protocol):
    """Where the values of knobs and control inputs come from in one run."""

    def number(self, name: str) -> RatedSignal:
        """The value of a knob or control input, in base units."""

    def weight(self, name: str, member: str) -> RatedSignal:
        """How much a choice is one of its members, 0..1."""


class Wiring:
    """The numbers and signals of one run, and how ports are worked out from them."""

    def __init__(self, context: RunContext, numbers: Numbers, signals: dict[str, RatedSignal]) -> None:
        """`signals` grows as cells are run: by the name of the cell, or of an audio or control input."""
        self.context = context
        self.numbers = numbers
        self.signals = signals

    def value(self, expr: Expr) -> RatedSignal:
        found = evaluate(expr, self.numbers.number, self._apply, self._entries_of)
        return found if isinstance(found, RatedSignal) else RatedSignal(found)

    def _entries_of(self, values: tuple[float, ...]) -> RatedSignal:
        """The constants of a vector, `[1, 1, entries]`."""
        data = torch.tensor(values, dtype=self.context.dtype, device=self.context.device)
        return RatedSignal(data.expand(1, 1, -1), is_vector=True)

    def _apply(self, op: Op, left: RatedSignal | float, right: RatedSignal | float) -> RatedSignal:
        a, b = (one if isinstance(one, RatedSignal) else RatedSignal(one) for one in (left, right))
        return self.context.meet(op, a, b)

    def presence(self, gates: Sequence[Gate]) -> RatedSignal:
        """The product of all gates, 0..1."""
        result = _ONE
        for gate in gates:
            one = self.numbers.weight(gate.knob, gate.member) if gate.member else self.numbers.number(gate.knob)
            result = self.context.times(result, one)
        return result

    def knob(self, port: KnobPort, rate: Rate, fades_by: KnobPort | None = None) -> RatedSignal:
        """The value a cell sees on `port`, brought to the cell's `rate`: `[batch, time]`, or constant.

        One that `fades_by` a frequency is silenced at the rate at which both are worked out: that costs a kernel
        nothing for every sample.

        Vectors stay at control rate, `[batch, frames, entries]`: the executor finds its own way between frames.
        """
        value = self.arrived(port)
        if fades_by is not None:
            value = self.context.times(value, self._below_nyquist(self.arrived(fades_by), fades_by.limits))
        return self.context.at(value, Rate.CONTROL if port.entries else rate, port.log)

    def _below_nyquist(self, freq: RatedSignal, limits: Limits | None) -> RatedSignal:
        """1, and down to 0 along a line over the last `FADE` below the Nyquist limit, either way that a wave runs."""
        gradient = 2 / FADE / self.context.sample_rate
        up = held(freq.mapped(lambda one: 1 / FADE - one * gradient), 0.0, 1.0)
        if limits is not None and limits[0] > 0:
            return up
        return self.context.times(up, held(freq.mapped(lambda one: 1 / FADE + one * gradient), 0.0, 1.0))

    def arrived(self, port: KnobPort) -> RatedSignal:
        """The value of a port at the rate at which it is worked out."""
        base = self._entries(self.value(port.base), port)
        return arrive(self, port, base, lambda law: [self._move(cable) for cable in port.of(law)])

    def _entries(self, value: RatedSignal, port: KnobPort) -> RatedSignal:
        if not port.entries or value.is_vector:
            return value
        every = self.context.tensor(value).unsqueeze(-1)
        return RatedSignal(every.expand(*every.shape[:-1], port.entries), value.rate, is_vector=True)

    def _move(self, cable: CablePlan) -> RatedSignal:
        return self._scale(cable) if cable.law is Law.SCALE else self._contribution(cable)

    def _contribution(self, cable: CablePlan) -> RatedSignal:
        """`gates * depth * factor * source`, the slow factors first."""
        depth = self.context.times(self.value(cable.depth), self.presence(cable.gates))
        return self.context.times(self.context.times(depth, RatedSignal(cable.factor)), self.signals[cable.origin.name])

    def _scale(self, cable: CablePlan) -> RatedSignal:
        """`1 - d + d u`, with `u` the source brought to 0..1."""
        source, span = self.signals[cable.origin.name], cable.origin.span
        if span is not None:
            source = self._tensor(source).mapped(lambda one: span.position(one, self.context.lib))
        depth = self.context.times(self.value(cable.depth), self.presence(cable.gates))
        rest = self.context.meet(Op.SUB, _ONE, depth)
        return self.context.meet(Op.ADD, rest, self.context.times(depth, source))

    def mix(self, cables: Sequence[CablePlan]) -> RatedSignal:
        """The sum of all cables of an audio port, each at its gain; silence if there are none."""
        parts = []
        for cable in cables:
            gain = self.gain(cable)
            gain = self.times(gain, self.presence(cable.gates))
            parts.append(self.times(gain, self.signals[cable.origin.name]))
        return self.context.at(self.total(parts), Rate.AUDIO)

    def gain(self, cable: CablePlan) -> RatedSignal:
        """What an audio cable is multiplied by."""
        gain = self.value(cable.depth)
        in_decibels = cable.depth.dimension is Dimension.LEVEL
        return self.amplitude(self.hold(gain, level_limits(None))) if in_decibels else gain

    # --- the arithmetic of the law

    def total(self, parts: Sequence[RatedSignal]) -> RatedSignal:
        return self.context.total(parts)

    def times(self, left: RatedSignal, right: RatedSignal) -> RatedSignal:
        return self.context.times(left, right)

    def bent(self, value: RatedSignal, octaves: RatedSignal, port: Target) -> RatedSignal:
        if octaves.rate > value.rate and in_octaves(port) and port.limits is not None:
            # What is brought to samples in octaves has to have a logarithm.
            value = self.hold(value, (port.limits[0], math.inf))
        return self.context.meet(Op.RAISE, value, octaves, in_octaves(port))

    def shared(self, value: RatedSignal, share: RatedSignal, domain: Range) -> RatedSignal:
        inside, lib = self.hold(value, span_of_shares(domain)), self.context.lib
        place = self._tensor(inside).mapped(lambda one: domain.position(one, lib))
        moved = self.at_least_low(self.context.meet(Op.ADD, place, share))
        return self._tensor(moved).mapped(lambda one: domain.value(one, lib))

    def _tensor(self, value: RatedSignal) -> RatedSignal:
        return value._replace(data=self.context.tensor(value))

    def at_least_low(self, position: RatedSignal) -> RatedSignal:
        """A place in a range, not below its lower end."""
        return held(position, 0.0, math.inf)

    def hold(self, value: RatedSignal, limits: Limits) -> RatedSignal:
        """Every limit is applied here, but for those inside a cell's formula."""
        return held(value, *limits)

    def amplitude(self, level: RatedSignal) -> RatedSignal:
        return self.context.amplitude(level)

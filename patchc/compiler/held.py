"""What was held at a limit in one call: the arithmetic of ports played once more, looked at before each limit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from patchc.compiler.cables import CablePlan
from patchc.compiler.plan import AudioPort, KnobPort, OutputPlan, Plan, Rate, Step
from patchc.compiler.player import RATES
from patchc.compiler.ports import Numbers, Wiring
from patchc.compiler.timed import Clock, Timed
from patchc.graph.law import Limits
from patchc.source.codes.running import WasHeld
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Span
from patchc.units.unit import BASE_UNIT, Dimension, written

SLACK = 2e-6
"""Share of a limit by which float32 can pass it in rounding alone; of a limit at zero, of the other one."""


@dataclass(frozen=True)
class Place:
    """A number of a patch that has limits."""

    name: str
    dimension: Dimension
    span: Span | None


@dataclass(frozen=True)
class Excess:
    """How far a value went beyond a limit, and the time in seconds at which it first did; None if it never changes."""

    place: Place
    asked: float
    limit: float
    since: float | None
    share: bool = False  # of the port's range, rather than in its unit

    def said(self) -> Diagnostic:
        when = "" if self.since is None else f", first at {self.since:.4g} s"
        asked, limit = (_readable(value, self.place.dimension, self.share) for value in (self.asked, self.limit))
        return WasHeld(span=self.place.span, place=self.place.name, limit=limit, asked=asked, when=when)


def _readable(value: float, dimension: Dimension, share: bool) -> str:
    if share:
        return f"{value * 100:.4g} % of its range"
    if not math.isfinite(value):
        return "more than any number" if value > 0 else "less than any number"
    unit = BASE_UNIT[dimension]
    if dimension is Dimension.FREQUENCY and abs(value) >= 1000:
        unit = "kHz"
    elif dimension is Dimension.TIME and 0 < abs(value) < 1:
        unit = "ms"
    return written(value, unit, digits=5)


@dataclass
class Recording(Wiring):
    """A wiring that remembers what went beyond its limits, by place and side: the farthest value of each."""

    clock: Clock
    numbers: Numbers
    signals: dict[str, Timed]
    found: dict[tuple[str, float], Excess] = field(default_factory=dict)
    place: Place = field(default=Place("", Dimension.NUMBER, None))

    def hold(self, value: Timed, limits: Limits) -> Timed:
        self._note(value, limits)
        return super().hold(value, limits)

    def at_least_low(self, position: Timed) -> Timed:
        self._note(position, (0.0, math.inf), share=True)
        return super().at_least_low(position)

    def _note(self, value: Timed, limits: Limits, share: bool = False) -> None:
        low, high = limits
        largest = max((abs(end) for end in limits if math.isfinite(end)), default=0.0)
        data = self.clock.tensor(value).detach()
        for limit, over, extreme in ((high, data - high, data.max()), (low, low - data, data.min())):
            slack = SLACK * (abs(limit) or largest)
            if math.isfinite(limit) and bool((over > slack).any()):
                since = None if value.rate is Rate.CONSTANT else self._first(over > slack, value)
                self._keep(Excess(self.place, float(extreme), limit, since, share))

    def _first(self, beyond: Tensor, value: Timed) -> float:
        """Seconds from the start to the first tick of any sound that is beyond."""
        ticks = beyond.flatten(2).any(-1) if value.wide else beyond
        first = int(ticks.any(0).nonzero()[0])
        return first / (self.clock.sample_rate if value.rate is Rate.AUDIO else self.clock.control_rate)

    def _keep(self, excess: Excess) -> None:
        known = self.found.setdefault((excess.place.name, excess.limit), excess)
        if abs(excess.asked - excess.limit) > abs(known.asked - known.limit):
            self.found[excess.place.name, excess.limit] = excess


def sources(plan: Plan) -> tuple[str, ...]:
    """The cells whose signals a recording needs: those plugged into numbers that have limits."""
    cells = {step.cell for step in plan.steps}
    ports = (port for step in plan.steps for port in _limited(step))
    return tuple(
        dict.fromkeys(cable.origin.name for port in ports for cable in port.cables if cable.origin.name in cells)
    )


def record(plan: Plan, wiring: Wiring, taps: Mapping[str, Tensor]) -> list[Diagnostic]:
    """Everything that was held, in layer order; `taps` are the signals `[batch, time]` of the `sources` of `plan`."""
    rates = {step.cell: RATES[step.kind] for step in plan.steps}
    signals = {name: Timed(signal, rates[name]) for name, signal in taps.items()}
    recording = Recording(wiring.clock, wiring.numbers, {**wiring.signals, **signals})
    with torch.no_grad():
        for step in plan.steps:
            _step(step, recording)
        for output in plan.outputs:
            _gains(output.name, output, recording, None)
    return [excess.said() for excess in recording.found.values()]


def _step(step: Step, recording: Recording) -> None:
    for port in _limited(step):
        recording.place = Place(f"{step.cell}.{port.name}", port.dimension, step.span)
        recording.arrived(_at_rate(port, recording.clock.sample_rate))
    for mixed in step.ports:
        if isinstance(mixed, AudioPort) and step.gates is not None:
            _gains(f"{step.cell}.{mixed.name}", mixed, recording, step.span)


def _at_rate(port: KnobPort, sample_rate: float) -> KnobPort:
    """A port with the limit that the formula of its cell sets by the sample rate."""
    if port.of_rate is None or port.limits is None:
        return port
    low, high = port.limits
    return replace(port, limits=(low, min(high, port.of_rate * sample_rate)))


def _gains(where: str, port: AudioPort | OutputPlan, recording: Recording, span: Span | None) -> None:
    for cable in port.cables:
        if _is_gain(cable):
            recording.place = Place(f"{where}[{cable.origin.name}].gain", Dimension.LEVEL, span)
            recording.gain(cable)


def _is_gain(cable: CablePlan) -> bool:
    return cable.depth.dimension is Dimension.LEVEL


def _limited(step: Step) -> Iterator[KnobPort]:
    """The numbers of a cell that are held to something; none of a cell that is never there."""
    for port in step.ports if step.gates is not None else ():
        if isinstance(port, KnobPort) and (port.limits or port.dimension is Dimension.LEVEL):
            yield port

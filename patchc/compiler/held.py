"""What was held at a limit in one call: the arithmetic of ports played once more, looked at before each limit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.cables import CablePlan
from patchc.compiler.call import Call
from patchc.compiler.plan import AudioPort, CutAt, KnobPort, OutputPlan, Plan, Rate, Step
from patchc.compiler.player import Player
from patchc.compiler.ports import Numbers, Wiring
from patchc.compiler.signals import RatedSignal, RunContext
from patchc.graph.law import Limits
from patchc.graph.model import Input
from patchc.source.codes.sounds import WasCut, WasHeld
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

    def _ends(self) -> tuple[float, float]:
        return self.asked, self.limit

    def said(self) -> Diagnostic:
        when = "" if self.since is None else f", first at {self.since:.4g} s"
        asked, limit = (_percent(one) if self.share else readable(one, self.place.dimension) for one in self._ends())
        return WasHeld(span=self.place.span, place=self.place.name, limit=limit, asked=asked, when=when)


def _percent(share: float) -> str:
    return f"{share * 100:.4g} % of its range"


def readable(value: float, dimension: Dimension) -> str:
    """A value in the unit in which it is read best."""
    if not math.isfinite(value):
        return "more than any number" if value > 0 else "less than any number"
    unit = BASE_UNIT[dimension]
    if dimension is Dimension.FREQUENCY and abs(value) >= 1000:
        unit = "kHz"
    elif dimension is Dimension.TIME and 0 < abs(value) < 1:
        unit = "ms"
    return written(value, unit, digits=5)


@dataclass(frozen=True)
class Cut(Excess):
    """How much longer a tail was asked for than the cell computes."""

    size: str = ""

    def said(self) -> Diagnostic:
        cell, _, _ = self.place.name.rpartition(".")
        asked, limit = (readable(one, Dimension.TIME) for one in self._ends())
        why = f"the `{self.size}` of `{cell}`"
        return WasCut(span=self.place.span, place=self.place.name, asked=asked, limit=limit, why=why)


@dataclass
class Recording(Wiring):
    """A wiring that remembers what went beyond its limits, by place and side: the farthest value of each."""

    context: RunContext
    numbers: Numbers
    signals: dict[str, RatedSignal]
    found: dict[tuple[str, float], Excess] = field(default_factory=dict)
    place: Place | None = None  # of what is worked out now; None for what was looked at before
    step: Step | None = None  # the cell whose ports arrive
    in_octaves: bool = False  # so that lines between frames are all there is

    def arrived(self, port: KnobPort) -> RatedSignal:
        """What arrives, looked at once: what a cell is between frames is worked out when another asks for it."""
        outer = self.place, self.in_octaves
        own = self.step is not None and any(port is one for one in self.step.ports)
        self.place = (
            Place(f"{self.step.cell}.{port.name}", port.dimension, self.step.span) if self.step and own else None
        )
        self.in_octaves = port.log
        value = super().arrived(_at_rate(port, self.context.sample_rate))
        self._note_cut(value, port.cut_at)
        self.place, self.in_octaves = outer
        return value

    def hold(self, value: RatedSignal, limits: Limits) -> RatedSignal:
        self._note(value, limits)
        return super().hold(value, limits)

    def at_least_low(self, position: RatedSignal) -> RatedSignal:
        self._note(position, (0.0, math.inf), share=True)
        return super().at_least_low(position)

    def _note(self, value: RatedSignal, limits: Limits, share: bool = False) -> None:
        place = self.place
        if place is None:
            return
        if value.between is not None and not self.in_octaves:
            value = self.context.at(value, Rate.AUDIO)
        low, high = limits
        largest = max((abs(end) for end in limits if math.isfinite(end)), default=0.0)
        data = self.context.tensor(value).detach()
        for limit, over, extreme in ((high, data - high, data.max()), (low, low - data, data.min())):
            slack = SLACK * (abs(limit) or largest)
            if math.isfinite(limit) and bool((over > slack).any()):
                since = None if value.rate is Rate.CONSTANT else self._first(over > slack, value)
                self._keep(Excess(place, float(extreme), limit, since, share))

    def _note_cut(self, value: RatedSignal, at: CutAt | None) -> None:
        if self.place is None or at is None:
            return
        asked = float(self.context.tensor(value).max())
        if asked > at.value * (1 + SLACK):
            self._keep(Cut(self.place, asked, at.value, None, size=at.size))

    def _first(self, beyond: Tensor, value: RatedSignal) -> float:
        """Seconds from the start to the first tick of any sound that is beyond."""
        ticks = beyond.flatten(2).any(-1) if value.is_vector else beyond
        first = int(ticks.any(0).nonzero()[0])
        return first / (self.context.sample_rate if value.rate is Rate.AUDIO else self.context.control_rate)

    def _keep(self, excess: Excess) -> None:
        known = self.found.setdefault((excess.place.name, excess.limit), excess)
        if abs(excess.asked - excess.limit) > abs(known.asked - known.limit):
            self.found[excess.place.name, excess.limit] = excess


def sources(plan: Plan) -> tuple[str, ...]:
    """The audio cells that are plugged into numbers with limits: their signals are needed, others are played again."""
    audio = {step.cell for step in plan.steps if step.kind is Kind.AUDIO}
    cables = (cable for step in plan.steps for port in _limited(step) for cable in port.cables)
    return tuple(dict.fromkeys(cable.origin.name for cable in cables if cable.origin.name in audio))


def record(player: Player, plan: Plan, wiring: Wiring, call: Call, taps: Mapping[str, Tensor]) -> list[Diagnostic]:
    """Everything that was held in `call`, in layer order; `taps` are the signals `[batch, samples]` of `sources`."""
    signals = {name: RatedSignal(signal, Rate.AUDIO) for name, signal in taps.items()}
    recording = Recording(wiring.context, wiring.numbers, {**wiring.signals, **signals})
    with torch.no_grad():
        for recording.step in plan.steps:
            if recording.step.kind is Kind.CONTROL:
                heard = player.run(recording.step, recording, call.call_inputs.gates, call.seeds)
                recording.signals[recording.step.cell] = heard
            else:
                _audio(recording.step, recording)
        recording.step = None
        for output in plan.outputs:
            _gains(output.name, output, recording, None)
    excess = [one.said() for one in recording.found.values()]
    return [*notes_cut(plan.inputs, call), *excess]


def notes_cut(inputs: tuple[Input, ...], call: Call) -> Iterator[Diagnostic]:
    """P621 for each note that begins or ends outside the sound, with the time that lies farthest outside."""
    end = call.context.samples / call.context.sample_rate
    for item in inputs:
        if item.name in call.call_inputs.gates:
            on, off = (time.detach() for time in call.call_inputs.gates[item.name])
            for asked, limit, why in ((on.min(), 0.0, "the start"), (torch.maximum(on, off).max(), end, "the end")):
                beyond = float(asked) - end if limit else -float(asked)
                if beyond > 0.5 / call.context.sample_rate:
                    shown = [readable(one, Dimension.TIME) for one in (float(asked), limit)]
                    where = f"{why} of the sound"
                    yield WasCut(span=item.span, place=item.name, asked=shown[0], limit=shown[1], why=where)


def _audio(step: Step, recording: Recording) -> None:
    for port in _limited(step):
        recording.arrived(port)
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

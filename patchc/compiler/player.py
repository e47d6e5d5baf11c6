"""Plays a plan: runs one cell after the other in layer order, on whatever the wiring brings to its ports."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

from patchc.cells.cell import Cell, Weights
from patchc.cells.spec import Absent, Kind
from patchc.compiler.between import Between, marks_of
from patchc.compiler.draw import stable_hash
from patchc.compiler.plan import (
    AudioPort,
    ChoicePort,
    EvenPort,
    GatePort,
    KnobPort,
    OutputPlan,
    Plan,
    PortPlan,
    Rate,
    Step,
    cell_type,
)
from patchc.compiler.ports import Wiring
from patchc.compiler.signals import RatedSignal
from patchc.dsp.dsp import Gate
from patchc.dsp.reference import FrameDsp, TensorDsp
from patchc.source.error import InternalError

RATES = {Kind.AUDIO: Rate.AUDIO, Kind.CONTROL: Rate.CONTROL}
Gates = Mapping[str, Gate]


class Player:
    """The cells of a plan, ready to run."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.cells: dict[str, Cell] = {step.cell: cell_type(step.type)(**dict(step.sizes)) for step in plan.steps}
        self.keys = {step.cell: stable_hash(step.cell) for step in plan.steps}
        self.upstream = {step.cell: frozenset(_upstream(step)) for step in plan.steps}

    def needed(self, wanted: Collection[str]) -> frozenset[str]:
        """The cells that the outputs and the `wanted` cells depend on, themselves included."""
        needed = {cable.origin.name for output in self._plan.outputs for cable in output.cables} | set(wanted)
        for step in reversed(self._plan.steps):
            if step.cell in needed:
                needed |= self.upstream[step.cell]
        return frozenset(needed)

    def play(
        self, wiring: Wiring, gates: Gates, seed: int | Tensor, wanted: Collection[str], batch: int
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The outputs `[batch, samples]` or `[batch, channels, samples]`, and the signals of the `wanted` cells."""
        needed = self.needed(wanted)
        for step in self._plan.steps:
            if step.cell in needed:
                wiring.signals[step.cell] = self.run(step, wiring, gates, seed)
        channels = [self._output(output, wiring, batch) for output in self._plan.outputs]
        taps = {
            step.cell: _spread(wiring.signals[step.cell], step.kind, batch, wiring)
            for step in self._plan.steps
            if step.cell in wanted
        }
        if not channels:
            return _spread(RatedSignal(0.0), Kind.AUDIO, batch, wiring), taps
        return (channels[0] if len(channels) == 1 else torch.stack(channels, dim=1)), taps

    def _output(self, output: OutputPlan, wiring: Wiring, batch: int) -> Tensor:
        mixed: Tensor = wiring.context.tensor(wiring.mix(output.cables))
        return mixed.expand(batch, wiring.context.samples)

    def run(
        self, step: Step, wiring: Wiring, gates: Gates, seed: int | Tensor, lib: type[TensorDsp] = TensorDsp
    ) -> RatedSignal:
        """One cell's signal, `[batch or 1, time or 1]`."""
        context = wiring.context

        def dsp(samples: bool) -> TensorDsp:
            audio = step.kind is Kind.AUDIO
            return (lib if audio else FrameDsp)(
                rate=context.sample_rate if audio else context.control_rate,
                time=context.samples if samples else context.frames,
                hop=context.hop if audio else 1,
                span=1 if samples else context.hop,
                sample_rate=context.sample_rate,
                seed=seed,
                key=self.keys[step.cell],
                dtype=context.dtype,
                device=context.device,
            )

        return run_step(step, self.cells[step.cell], dsp, wiring, gates)


Bring = Callable[[RatedSignal], RatedSignal]
"""From a signal at the rate of a cell to what the cell is run on."""


def run_step(step: Step, cell: Cell, dsp: Callable[[bool], Any], wiring: Wiring, gates: Gates) -> RatedSignal:
    """What a cell puts out, on tensors or on nodes.

    `dsp(True)` is a lib for every sample, `dsp(False)` one for every frame.
    """
    context, rate = wiring.context, RATES[step.kind]
    lib = dsp(rate is Rate.AUDIO)
    signal = _run(step, cell, lib, wiring, gates, lambda value: value)
    # Sound counts as such though it never changes: how it meets others must not depend on which kernel it comes from.
    found = RatedSignal(signal, rate if rate is Rate.AUDIO else context.rate_of(signal, rate))
    if found.rate is not Rate.CONTROL or context.hop == 1 or lib.remembers:
        return found
    upstream = [wiring.signals[name].between for name in _upstream(step)]
    if not lib.timed and not any(upstream):
        return found

    def samples() -> Any:
        return _run(step, cell, dsp(True), wiring, gates, lambda value: RatedSignal(context.sampled(value), Rate.AUDIO))

    def marks() -> list[Any]:
        notes = [time for port in step.ports if isinstance(port, GatePort) for time in gates[port.input]]
        own = [context.mark([*notes, *lib.moments], signal)] if lib.timed else []
        return [*marks_of(*upstream), *own]

    return found._replace(between=Between(samples, marks))


def _run(step: Step, cell: Cell, dsp: Any, wiring: Wiring, gates: Gates, bring: Bring) -> Any:
    if step.gates is None:
        return _absent(step, wiring)
    context, rate = wiring.context, RATES[step.kind]
    ports = [_port(port, step, wiring, gates, bring) for port in step.ports]
    signal = dsp.tensor(cell.forward(dsp, *ports))
    if not step.gates:
        return signal
    there = context.tensor(bring(context.at(wiring.presence(step.gates), rate)))
    if step.absent is Absent.SILENCE:
        return there * signal
    return there * signal + (1 - there) * _absent(step, wiring)


def _absent(step: Step, wiring: Wiring) -> Any:
    """What a cell is that is not there: silence, or what is plugged into its `in`."""
    if step.absent is Absent.SILENCE:
        return wiring.context.tensor(RatedSignal(0.0))
    bypassed = next(port for port in step.ports if isinstance(port, AudioPort) and port.name == "in")
    return wiring.context.tensor(wiring.mix(bypassed.cables))


def _port(port: PortPlan, step: Step, wiring: Wiring, gates: Gates, bring: Bring) -> Any:
    """What `forward` gets for a port: a tensor or float, `Weights`, or a `Gate`."""
    context, rate = wiring.context, RATES[step.kind]
    match port:
        case KnobPort():
            return bring(wiring.knob(port, rate, step.knob(port.fades_by))).data
        case EvenPort():
            return context.tensor(RatedSignal(1.0 / port.entries, is_vector=True)).expand(1, 1, port.entries)
        case ChoicePort():
            return Weights({member: _weight(port, member, wiring, rate, bring) for member in port.members})
        case AudioPort():
            return context.tensor(bring(context.at(wiring.mix(port.cables), rate)))
        case GatePort():
            return gates[port.input]
    raise InternalError(f"no such port: {port!r}")


def _weight(port: ChoicePort, member: str, wiring: Wiring, rate: Rate, bring: Bring) -> Any:
    if port.knob is None:
        return 1.0 if member == port.chosen else 0.0
    return bring(wiring.context.at(wiring.numbers.weight(port.knob, member), rate)).data


def _spread(signal: RatedSignal, kind: Kind, batch: int, wiring: Wiring) -> Tensor:
    """A signal over the whole batch and all of its time."""
    time = wiring.context.samples if kind is Kind.AUDIO else wiring.context.frames
    whole: Tensor = wiring.context.tensor(signal)
    return whole.expand(batch, time)


def _upstream(step: Step) -> Iterator[str]:
    for port in step.ports:
        if isinstance(port, KnobPort | AudioPort):
            yield from (cable.origin.name for cable in port.cables)

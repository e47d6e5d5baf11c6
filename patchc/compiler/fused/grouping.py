"""Sums of many cables as sums of a few: kernels of a large patch hand on sums, and not every sound that is summed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from patchc.cells.spec import Absent, Kind
from patchc.compiler.cables import CablePlan, Origin
from patchc.compiler.expr import Number
from patchc.compiler.plan import AudioPort, OutputPlan, Plan, PortPlan, Step
from patchc.graph.law import Law

FEW = 8
"""Cables that are summed in one place, at most. What is summed depends on the patch alone, so taps change no bits."""


def grouped(plan: Plan) -> Plan:
    """The same sound with no port or output that hears more than `FEW` sounds: mixers of its own, before it, sum the
    rest."""
    steps: list[Step] = []
    for step in plan.steps:
        ports = []
        for port in step.ports:
            mixers, fewer = _port(step, port)
            steps += mixers
            ports.append(fewer)
        steps.append(replace(step, ports=tuple(ports)))
    outputs = []
    for output in plan.outputs:
        mixers, cables = _few(f"{output.name} of the outputs", len(plan.layers), output.cables)
        steps += mixers
        outputs.append(OutputPlan(output.name, cables))
    return replace(plan, steps=tuple(steps), outputs=tuple(outputs))


def _port(step: Step, port: PortPlan) -> tuple[list[Step], PortPlan]:
    if not isinstance(port, AudioPort):
        return [], port
    mixers, cables = _few(f"{port.name} of {step.cell}", step.layer, port.cables)
    return mixers, AudioPort(port.name, cables)


def _few(owner: str, layer: int, cables: Sequence[CablePlan]) -> tuple[list[Step], tuple[CablePlan, ...]]:
    """Mixers, and the cables from the last of them."""
    mixers: list[Step] = []
    while len(cables) > FEW:
        groups = [tuple(cables[first : first + FEW]) for first in range(0, len(cables), FEW)]
        made = [_mixer(f"sum {len(mixers) + k} for {owner}", layer, group) for k, group in enumerate(groups)]
        mixers += made
        cables = [CablePlan(Origin(one.cell, Kind.AUDIO, None), Law.MIX, Number(1.0), 1.0, ()) for one in made]
    return mixers, tuple(cables)


def _mixer(name: str, layer: int, cables: tuple[CablePlan, ...]) -> Step:
    port = AudioPort("in", cables)
    return Step(name, "mix", layer, 0, Kind.AUDIO, (), (port,), (), Absent.SILENCE)

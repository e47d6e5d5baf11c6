"""In which order a patch is played: kernels for chunks of cells, and by themselves the cells that work on blocks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from patchc.cells.spec import Kind
from patchc.compiler.fused.grouping import grouped
from patchc.compiler.fused.region import Region
from patchc.compiler.plan import Plan, Step

LARGEST = 64
"""Cells in one kernel: compilers take more than twice the time for functions twice as long."""


def arranged(plan: Plan) -> Plan:
    """The plan as kernels play it: where one kernel is not enough, with few cables between them."""
    return grouped(plan) if len(plan.steps) > LARGEST else plan


@dataclass(frozen=True)
class Part:
    """One kernel, or none if there is nothing for it to do, and the cells on blocks that come after it."""

    region: Region | None
    blocks: tuple[Step, ...]


def make_schedule(
    plan: Plan,
    upstream: Mapping[str, frozenset[str]],
    blocks: Collection[str],
    needed: Collection[str],
    wanted: Collection[str],
) -> tuple[Part, ...]:
    """The parts that play the `needed` cells of a plan and hand on the `wanted` ones; outputs come out of the last."""
    steps = [step for step in plan.steps if step.cell in needed]
    order = _launch_order(steps, upstream, blocks)
    mixed = {cable.origin.name for output in plan.outputs for cable in output.cables} & order.keys()
    last = max([order[name] + (name in blocks) for name in mixed], default=0)
    parts = []
    for number in range(max([last, *order.values()]) + 1):
        here = [step for step in steps if order[step.cell] == number]
        own = [step for step in here if step.cell not in blocks]
        later = [step for step in steps if order[step.cell] > number or step.cell in blocks]
        asked = set(wanted).union(*(upstream[step.cell] for step in later)) | (mixed if number < last else set())
        call_inputs = [step for step in own if step.cell in asked]
        outputs = plan.outputs if number == last else ()
        region = _region(own, call_inputs, outputs)
        parts.append(Part(region, tuple(step for step in here if step.cell in blocks)))
    return tuple(parts)


def _region(own: Sequence[Step], call_inputs: Sequence[Step], outputs: Sequence[object]) -> Region | None:
    if not own and not outputs:
        return None
    names = {kind: tuple(step.cell for step in call_inputs if step.kind is kind) for kind in Kind}
    return Region(tuple(own), names[Kind.AUDIO], names[Kind.CONTROL], tuple(outputs))  # type: ignore[arg-type]


def _launch_order(
    steps: Sequence[Step], upstream: Mapping[str, frozenset[str]], blocks: Collection[str]
) -> dict[str, int]:
    """Which part a cell belongs to: a kernel comes after the blocks that its cells hear, and is not too large."""
    order: dict[str, int] = {}
    current, filled = 0, 0
    for step in _chains(steps, upstream):
        before = [name for name in upstream[step.cell] if name in order]
        late = 0 if step.cell in blocks else 1
        own = max([order[name] + (late if name in blocks else 0) for name in before], default=0)
        if step.cell not in blocks:
            filled += 1
            if filled > LARGEST:
                current, filled = current + 1, 1
            own = max(own, current)
        order[step.cell] = own
    return order


def _chains(steps: Sequence[Step], upstream: Mapping[str, frozenset[str]]) -> list[Step]:
    """Each cell as soon as all it hears is there: cells of one chain stand together, wherever their layers are."""
    known = {step.cell: step for step in steps}
    found: dict[str, Step] = {}
    for last in reversed(steps):
        waiting = [last.cell]
        while waiting:
            name = waiting[-1]
            missing = [one for one in sorted(upstream[name]) if one in known and one not in found]
            if missing:
                waiting += missing
            else:
                found.setdefault(name, known[waiting.pop()])
    return list(found.values())

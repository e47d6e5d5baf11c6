"""What a kernel has to do for one sample, counted cell by cell in operations on vectors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from patchc.compiler.fused.nodes import Node
from patchc.compiler.fused.program import Program
from patchc.compiler.plan import Rate

OPERATIONS = {
    "exp2": 14,
    "log2": 17,
    "sine": 11,
    "cosine": 14,
    "tanpi": 20,
    "tanh": 18,
    "div": 7,
    "sqrt": 8,
    "select": 2,
    "fract": 2,
    "noise": 24,
    "state": 2,
    "curve": 4,
    "placed": 3,
    "const": 0,
    "audio_in": 1,
    "control_in": 2,
    "given": 0,
}
"""Instructions that an operation comes to on 16 lanes of single precision; one, where it is not named."""

LASTING = 9
"""Instructions that a phase takes which goes on from frame to frame: it is summed and wrapped in double precision."""

AFRESH = 6
"""As many where it starts afresh in every frame."""


def operations(programs: Iterable[Program]) -> Mapping[str, float]:
    """Operations on vectors a sample, by the cell they belong to; work at control rate counts by its share."""
    found: dict[str, float] = defaultdict(float)
    for program in programs:
        for node in program.audio_nodes:
            found[node.origin] += _cost(program, node)
        for stage in program.stages:
            for node in program.stage_nodes(stage):
                found[node.origin] += 2 * _cost(program, node) / program.hop
    return found


def _cost(program: Program, node: Node) -> int:
    if node.op == "state" and node.rate is Rate.AUDIO and program.graph.states[node.value].is_phase:
        return LASTING if program.graph.states[node.value].start is None else AFRESH
    return OPERATIONS.get(node.op, 1) * (2 if program.double(node) and node.rate is Rate.AUDIO else 1)

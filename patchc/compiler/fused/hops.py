"""How far the phase of an oscillator goes in one control frame whose frequency runs along a line or a curve, in closed
form."""

from __future__ import annotations

import math

from patchc.compiler.fused.nodes import Graph, Node
from patchc.compiler.plan import Rate

NARROW = 0.25
"""Octaves in one frame up to which the series is used; beyond, the quotient it stands for."""

TERMS = 9


def hop_sum(graph: Graph, step: Node, hop: int) -> Node | None:
    """The sum of `step` over the `hop` samples from one frame to the next, at control rate.

    `step` is a line or a curve between frames, or a constant times one; of anything else nothing is known in advance.
    """
    if step.op == "mul" and step.args[1].op == "const":
        whole = hop_sum(graph, step.args[0], hop)
        return None if whole is None else whole * step.args[1]
    if step.op not in ("line", "curve"):
        return None
    here = step.args[0]
    there = graph.leaf("ahead", here.number, Rate.CONTROL)
    if step.op == "line":
        return here * float(hop) + (there - here) * ((hop - 1) / 2)
    octaves = graph.apply("log2", there / here)
    return here * _geometric(graph, octaves, hop)


def _geometric(graph: Graph, octaves: Node, hop: int) -> Node:
    """`sum of 2 ** (octaves j / hop)` over `j = 0 .. hop - 1`."""
    near = graph.const(_moment(hop, TERMS))
    for power in range(TERMS - 1, -1, -1):
        near = near * octaves + _moment(hop, power)
    small = graph.apply("abs", octaves) < NARROW
    safe = graph.apply("select", small, 1.0, octaves)
    far = (graph.apply("exp2", safe) - 1.0) / (graph.apply("exp2", safe * (1 / hop)) - 1.0)
    return graph.apply("select", small, near, far)


def _moment(hop: int, power: int) -> float:
    """What the power series of the sum has before `octaves ** power`."""
    return sum((j / hop) ** power for j in range(hop)) * math.log(2.0) ** power / math.factorial(power)

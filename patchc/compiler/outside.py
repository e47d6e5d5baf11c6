"""Values given by name beside the ranges of the patch: its numbers stay inside (P403), its inputs need not (P807)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor

from patchc.compiler.arguments import within
from patchc.compiler.knobs import Knob
from patchc.compiler.signals import RatedSignal
from patchc.graph import model
from patchc.graph.given import input_outside, number_outside
from patchc.graph.law import Limits
from patchc.source.diagnostic import Diagnostic
from patchc.source.error import PatchError
from patchc.units.domain import Curve, Range

SLACK = 1e-3
"""Positions may lie this far outside 0..1, so that finite differences can be taken at the ends."""


def check_inside(knob: Knob, value: RatedSignal) -> RatedSignal:
    """`value`, which lies in the range of `knob`, but for `SLACK`. Raises `PatchError` (P403)."""
    domain = knob.domain
    assert isinstance(domain, Range)
    wrong = _first_outside(value.data, *_with_slack(domain))
    if wrong is not None:
        raise PatchError([number_outside(knob.name, wrong, domain, knob.span)])
    return value


def inputs_outside(inputs: tuple[model.Input, ...], given: Mapping[str, RatedSignal]) -> Iterator[Diagnostic]:
    """P807 for each input that leaves its range, with the first value that does."""
    for item in inputs:
        domain = item.value.domain if item.value is not None else None
        if isinstance(domain, Range) and item.name in given:
            wrong = _first_outside(given[item.name].data, domain.low, domain.high)
            if wrong is not None:
                yield input_outside(item.name, wrong, domain)


def _with_slack(domain: Range) -> Limits:
    if domain.curve is Curve.LOG:
        return domain.value(-SLACK), domain.value(1 + SLACK)
    slack = SLACK * (domain.high - domain.low)
    return domain.low - slack, domain.high + slack


def _first_outside(data: Any, low: float, high: float) -> float | None:
    if not isinstance(data, Tensor):
        return None if low <= data <= high else float(data)
    if within(data, low, high):
        return None
    flat = data.detach().flatten()
    return float(flat[(flat < low) | (flat > high)][0])

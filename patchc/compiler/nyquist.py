"""Estimates, before any sound is made, whether a cell's partials can pass the Nyquist limit (P601)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from patchc.cells.spec import KnobSpec
from patchc.compiler.expr import Apply, Entries, Expr, Number, calculate
from patchc.compiler.plan import EvenPort, KnobPort, Plan, Step, cell_type
from patchc.source.codes.running import PartialsPastNyquist
from patchc.source.diagnostic import Diagnostic
from patchc.units.domain import Range, Simplex
from patchc.units.unit import Dimension, written

Ends = tuple[float, float]


def partials_past_nyquist(plan: Plan, sample_rate: float) -> list[Diagnostic]:
    """One note per cell whose highest partial, at the highest pitch its base value can have, lies above the limit."""
    known = _ends(plan)
    notes: list[Diagnostic] = []
    for step in plan.steps:
        partials, pitch = _partials(step), _pitch(step, known)
        if partials > 1 and pitch * partials > sample_rate / 2:
            notes.append(
                PartialsPastNyquist(
                    span=step.span, cell=step.cell, pitch=_khz(pitch), partials=partials, rate=_khz(sample_rate)
                )
            )
    return notes


def _khz(frequency: float) -> str:
    return written(frequency, "kHz" if frequency >= 1000 else "Hz", digits=4)


def _partials(step: Step) -> int:
    """How many strengths that sum to one a cell takes."""
    ports = cell_type(step.type).spec.ports
    spectra = {port.name for port in ports if isinstance(port, KnobSpec) and isinstance(port.domain, Simplex)}
    entries = [port.entries for port in step.ports if isinstance(port, KnobPort | EvenPort) and port.name in spectra]
    return max(entries, default=0)


def _pitch(step: Step, known: Mapping[str, Ends]) -> float:
    bases = [p.base for p in step.ports if isinstance(p, KnobPort) and p.dimension is Dimension.FREQUENCY]
    return max((_reach(base, known)[1] for base in bases), default=0.0)


def _reach(expr: Expr, known: Mapping[str, Ends]) -> Ends:
    """The lowest and highest value of an expression."""
    if isinstance(expr, Number):
        return expr.value, expr.value
    if isinstance(expr, Entries):
        return min(expr.values), max(expr.values)
    if isinstance(expr, Apply):
        ends = product(_reach(expr.left, known), _reach(expr.right, known))
        corners = [calculate(expr.op, left, right) for left, right in ends]
        return min(corners), max(corners)
    return known.get(expr.name, (0.0, 0.0))


def _ends(plan: Plan) -> dict[str, Ends]:
    """What each knob and control input can be."""
    ends = {knob.name: _of(knob.domain) for knob in plan.knobs}
    for item in plan.inputs:
        default = plan.defaults.get(item.name, 0.0)
        domain = item.value.domain if item.value else None
        ends[item.name] = _of(domain) if isinstance(domain, Range) else (default, default)
    return ends


def _of(domain: object) -> Ends:
    return (domain.low, domain.high) if isinstance(domain, Range) else (0.0, 1.0)

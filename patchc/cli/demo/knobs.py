"""Knobs as rows of a table: values in the units of the patch, positions along their ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from torch import Tensor

from patchc.cli.demo.page import KnobRow
from patchc.compiler.knobs import Knob
from patchc.compiler.module import PatchModule
from patchc.graph import spell
from patchc.units.domain import Choice, Range
from patchc.units.unit import BASE_UNIT, UNITS


def knob_rows(synth: PatchModule, settings: Tensor, found: Tensor | None = None) -> Iterator[KnobRow]:
    """One row per knob at `settings` `[1, width]`; with `found` `[1, width]`, before and after a match."""
    before = synth.natural(settings.double())
    after = synth.natural((settings if found is None else found).double())
    for knob in synth.knobs:
        yield KnobRow(
            name=knob.name,
            role="maybe" if knob.gate else str(knob.role),
            value=_value(knob, after),
            domain=_domain(knob),
            prior=spell.prior(knob.prior) if knob.prior else "",
            start=_place(knob, settings),
            found=_place(knob, found),
            was="" if found is None else _value(knob, before),
        )


def _value(knob: Knob, values: Mapping[str, Tensor]) -> str:
    value = values[knob.name][0]
    if isinstance(knob.domain, Choice):
        return knob.domain.members[int(value.argmax())]
    if knob.vector:
        return f"{knob.width} numbers, {_written(knob, float(value.min()))} to {_written(knob, float(value.max()))}"
    return _written(knob, float(value))


def _written(knob: Knob, value: float) -> str:
    unit = (
        knob.unit if knob.unit in UNITS and UNITS[knob.unit].dimension is knob.dimension else BASE_UNIT[knob.dimension]
    )
    return spell.rounded(value, unit, digits=4)


def _domain(knob: Knob) -> str:
    if isinstance(knob.domain, Choice):
        return ", ".join(knob.domain.members)
    return spell.interval(knob.domain) if isinstance(knob.domain, Range) else "adding up to one"


def _place(knob: Knob, settings: Tensor | None) -> float | None:
    if settings is None or knob.width > 1 or not isinstance(knob.domain, Range):
        return None
    return min(max(float(settings[0, knob.start]), 0.0), 1.0)

"""Finds the first cell of a sound that put out what is no finite number, and says what was in effect (P602)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.expr import Number, text
from patchc.compiler.knobs import Knob
from patchc.compiler.plan import Plan
from patchc.compiler.sound import Sound
from patchc.source.codes.running import NotFinite
from patchc.units.domain import Choice


def explain(plan: Plan, sound: Sound, values: Mapping[str, Tensor]) -> NotFinite | None:
    """The first cell in layer order with a value that is not finite; `values` are those of the knobs, batch first."""
    steps = {step.cell: step for step in plan.steps}
    signals = {step.cell: sound.taps[step.cell] for step in plan.steps if step.cell in sound.taps}
    for name in (*signals, *sound.layout.outputs):
        bad = (~torch.isfinite(signals[name] if name in signals else sound.tap(name))).nonzero()
        if len(bad):
            item, tick = (int(place) for place in bad[0])
            step = steps.get(name)
            unit = "frame" if step is not None and step.kind is Kind.CONTROL else "sample"
            place = f"{unit} {tick}" + (f" of sound {item}" if sound.audio.shape[0] > 1 else "")
            span = step.span if step is not None else None
            return NotFinite(span=span, cell=name, place=place, values=_in_effect(plan, name, values, item))
    return None


def _in_effect(plan: Plan, cell: str, values: Mapping[str, Tensor], item: int) -> str:
    knobs = [knob for knob in plan.knobs if knob.name.startswith((f"{cell}.", f"{cell}["))]
    said = [f"{knob.name} = {_said(knob, values[knob.name], item)}" for knob in knobs]
    return ", ".join(said) or "no knobs of its own"


def _said(knob: Knob, value: Tensor, item: int) -> str:
    if isinstance(knob.domain, Choice):
        return knob.domain.members[int(value[min(item, len(value) - 1)].reshape(-1, knob.width)[0].argmax())]
    one = value[min(item, len(value) - 1)].flatten()
    return text(Number(float(one[0]), knob.dimension, knob.unit)) + (" ..." if len(one) > 1 else "")

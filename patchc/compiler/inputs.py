"""Values call_inputs in by name: numbers, tensors or text, checked and brought to one form."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.arguments import holds, one_of, within
from patchc.compiler.knobs import Knob
from patchc.compiler.outside import check_inside
from patchc.compiler.plan import Plan, Rate
from patchc.compiler.settings import normalised
from patchc.compiler.signals import RatedSignal, RunContext
from patchc.dsp.dsp import Gate
from patchc.source.codes.running import BadValue, GateOrder, UnknownName, WrongShape
from patchc.source.diagnostic import Diagnostic
from patchc.source.error import PatchError
from patchc.source.synonyms.settable import setting_hint
from patchc.units.domain import Choice
from patchc.units.read import read_quantity
from patchc.units.unit import BASE_UNIT, Dimension, note_frequency

HELD = 0.75
"""A note nobody speaks of is let go after this share of the sound."""


@dataclass
class CallInputs:
    """What was call_inputs in: values of knobs and control inputs, signals of audio inputs `[batch, samples]`, and
    gates."""

    given: dict[str, RatedSignal] = field(default_factory=dict)
    audio: dict[str, Tensor] = field(default_factory=dict)
    gates: dict[str, Gate] = field(default_factory=dict)

    def batches(self) -> list[int]:
        """The batch sizes of everything in it that is a tensor."""
        numbers = [value.data for value in self.given.values()]
        times = [time for gate in self.gates.values() for time in gate]
        return [one.shape[0] for one in (*numbers, *self.audio.values(), *times) if isinstance(one, Tensor)]


def refuse(diagnostic: Diagnostic) -> PatchError:
    return PatchError([diagnostic])


def read_call_inputs(plan: Plan, named: Mapping[str, Any], context: RunContext, seconds: float) -> CallInputs:
    """Checks everything that was given by name, and fills in the gates. Raises `PatchError`."""
    call_inputs = CallInputs()
    knobs = {knob.name: knob for knob in plan.knobs}
    inputs = {item.name: item for item in plan.inputs}
    for name, value in named.items():
        if name in knobs:
            call_inputs.given[name] = _read_knob(knobs[name], value, context)
        elif name not in inputs:
            raise refuse(_unknown(name, [*inputs, *knobs]))
        elif inputs[name].kind is Kind.AUDIO:
            call_inputs.audio[name] = _read_audio(name, value, context)
        elif inputs[name].kind is Kind.GATE:
            call_inputs.gates[name] = _read_gate(name, value, context)
        else:
            written = inputs[name].value
            call_inputs.given[name] = read_number(
                name, value, context, written.dimension if written else Dimension.NUMBER
            )
    for name, item in inputs.items():
        if item.kind is Kind.GATE and name not in call_inputs.gates:
            call_inputs.gates[name] = _read_gate(name, HELD * seconds, context)
    return call_inputs


def read_knobs(plan: Plan, values: Mapping[str, Any], context: RunContext) -> dict[str, RatedSignal]:
    """Values of knobs by name. Raises `PatchError`."""
    knobs = {knob.name: knob for knob in plan.knobs}
    for name in values:
        if name not in knobs:
            raise refuse(_unknown(name, list(knobs), "knob"))
    return {name: _read_knob(knobs[name], value, context) for name, value in values.items()}


def _unknown(name: str, known: Sequence[str], kind: str = "input, param or knob") -> UnknownName:
    hint = setting_hint(name, known)
    return UnknownName(span=None, kind=kind, name=name, known=", ".join(known) or "none", hint=hint)


def unknown_tap(name: str, known: Sequence[str]) -> PatchError:
    return refuse(_unknown(name, known, "cell or output"))


def read_number(name: str, value: Any, context: RunContext, dimension: Dimension) -> RatedSignal:
    """One number: a float, text with a unit, `[batch]`, or `[batch, frames]`."""
    if isinstance(value, str):
        return RatedSignal(read_text(name, value, dimension))
    if isinstance(value, int | float):
        if not -math.inf < value < math.inf:  # as compilers of torch can trace it
            raise refuse(BadValue(span=None, name=name, value=str(value), expected="a finite number"))
        return RatedSignal(float(value))
    tensor = _tensor(name, value, context)
    if tensor.ndim > 2:
        raise _misshapen(name, tensor, "one number, [batch] or [batch, frames]")
    tensor = tensor.reshape(-1, 1) if tensor.ndim < 2 else tensor
    return RatedSignal(tensor, _rate(name, tensor, context))


def read_text(name: str, text: str, dimension: Dimension) -> float:
    """`1.2 kHz`, `-6 dB`, `C4`, or a plain number in base units. Raises `PatchError` for another dimension."""
    note = note_frequency(text.strip()) if dimension is Dimension.FREQUENCY else None
    if note is not None:
        return note
    expected = f"a {dimension} such as `1 {BASE_UNIT[dimension]}`".replace(" `1 `", " `1`")
    try:
        quantity = read_quantity(text)
    except (ValueError, KeyError):
        raise refuse(BadValue(span=None, name=name, value=f"`{text}`", expected=expected)) from None
    if quantity.dimension is not dimension and quantity.unit:
        raise refuse(BadValue(span=None, name=name, value=f"a {quantity.dimension}", expected=expected))
    return quantity.value


def _read_knob(knob: Knob, value: Any, context: RunContext) -> RatedSignal:
    if not (knob.vector or isinstance(knob.domain, Choice)):
        return check_inside(knob, read_number(knob.name, value, context, knob.dimension))
    if isinstance(knob.domain, Choice) and isinstance(value, str):
        value = _one_hot(knob, knob.domain, value)
    tensor = _tensor(knob.name, value, context)
    if tensor.ndim not in (1, 2, 3) or tensor.shape[-1] != knob.width:
        raise _misshapen(knob.name, tensor, f"[{knob.width}], [batch, {knob.width}] or [batch, frames, {knob.width}]")
    tensor = tensor.reshape(-1, 1, knob.width) if tensor.ndim < 3 else tensor
    if knob.domain.kind == "range":
        return check_inside(knob, RatedSignal(tensor, _rate(knob.name, tensor, context), is_vector=True))
    if not within(tensor, 0.0, math.inf) or not holds(tensor.sum(-1) > 0):
        raise refuse(BadValue(span=None, name=knob.name, value="below zero or nothing at all", expected="weights"))
    return RatedSignal(normalised(tensor), _rate(knob.name, tensor, context), is_vector=True)


def _one_hot(knob: Knob, domain: Choice, member: str) -> list[float]:
    one_of(knob.name, member, domain.members)
    return [1.0 if one == member else 0.0 for one in domain.members]


def _tensor(name: str, value: Any, context: RunContext) -> Tensor:
    try:
        tensor = torch.as_tensor(value)
        if tensor.is_complex():
            raise TypeError
        tensor = tensor.to(device=context.device, dtype=context.dtype)
    except (TypeError, ValueError, RuntimeError):
        expected = "a number, text with a unit, or a tensor"
        raise refuse(BadValue(span=None, name=name, value=f"a {type(value).__name__}", expected=expected)) from None
    largest = torch.finfo(tensor.dtype).max
    if not within(tensor, -largest, largest):
        raise refuse(BadValue(span=None, name=name, value="NaN or infinite", expected="finite everywhere"))
    return tensor


def _rate(name: str, tensor: Tensor, context: RunContext) -> Rate:
    """Constant or frame by frame, by the length of the second axis."""
    if tensor.shape[1] == 1:
        return Rate.CONSTANT
    if tensor.shape[1] != context.frames:
        raise _misshapen(name, tensor, f"[batch] or [batch, {context.frames}] for a sound of this length")
    return Rate.CONTROL


def _misshapen(name: str, tensor: Tensor, expected: str) -> PatchError:
    return refuse(WrongShape(span=None, what=f"`{name}`", shape=f"[{shape_text(tensor)}]", expected=expected))


def shape_text(tensor: Tensor) -> str:
    return ", ".join(str(size) for size in tensor.shape)


def _read_audio(name: str, value: Any, context: RunContext) -> Tensor:
    tensor = _tensor(name, value, context)
    tensor = tensor.unsqueeze(0) if tensor.ndim == 1 else tensor
    if tensor.ndim != 2 or tensor.shape[1] != context.samples:
        raise _misshapen(name, tensor, f"[{context.samples}] or [batch, {context.samples}] for a sound of this length")
    return tensor


def _read_gate(name: str, value: Any, context: RunContext) -> Gate:
    """Note-off, or `(note-on, note-off)`, in seconds; each a number, text with a unit, or `[batch]`."""
    pair = value if isinstance(value, tuple) else (0.0, value)
    if len(pair) != 2:
        raise refuse(BadValue(span=None, name=name, value=str(value), expected="note-off, or (note-on, note-off)"))
    on, off = (read_number(name, time, context, Dimension.TIME) for time in pair)
    if on.rate is not Rate.CONSTANT or off.rate is not Rate.CONSTANT:
        raise refuse(BadValue(span=None, name=name, value="a signal", expected="note-off, or (note-on, note-off)"))
    gate = Gate(context.tensor(on), context.tensor(off))
    if not holds(gate.off >= gate.on):
        late, early = (f"{float(time.detach().flatten()[0]):g}" for time in gate)
        other = f"write `{name}=({early}, {late})`, or one number for a note from the start"
        advice = "a note has a length above zero" if float(early) < 0 else other
        raise refuse(GateOrder(span=None, name=name, on=late, off=early, advice=advice))
    return gate

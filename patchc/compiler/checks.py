"""What is checked before a sound takes memory: lengths, shapes, positions, missing values, the size of it all."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.arguments import bad_argument, within
from patchc.compiler.inputs import CallInputs, refuse, shape_text, unknown_tap
from patchc.compiler.knobs import Knob
from patchc.compiler.outside import SLACK
from patchc.compiler.plan import Plan
from patchc.compiler.signals import RunContext
from patchc.graph.model import Role
from patchc.source.codes.running import BadValue, FrameTooLong, NotOneSound, NoValue, TooLarge, WrongShape

LONGEST_FRAME = 16_384
"""Samples from one control frame to the next, at most: kernels keep as many of every signal side by side."""


def frame_length(sample_rate: float, control_rate: float) -> int:
    """Samples from one control frame to the next. Raises `PatchError` (P612) where they are too many."""
    hop = max(1, round(sample_rate / control_rate))
    if hop > LONGEST_FRAME:
        raise refuse(
            FrameTooLong(
                span=None,
                samples=f"{hop:,}",
                longest=f"{LONGEST_FRAME:,}",
                rate=f"{sample_rate:,}",
                least=f"{math.ceil(10 * sample_rate / LONGEST_FRAME) / 10:,g}",
            )
        )
    return hop


def check_length(seconds: float, sample_rate: int) -> None:
    """A sound has at least one sample."""
    if not -math.inf < seconds < math.inf or round(seconds * sample_rate) < 1:
        raise refuse(BadValue(span=None, name="seconds", value=f"{seconds:g}", expected="a length above zero"))


def as_settings(settings: Any, like: Tensor) -> Tensor:
    """Settings where and in which type the module works. Raises `PatchError` for what is no tensor of real numbers."""
    if not isinstance(settings, Tensor):
        raise bad_argument("settings", f"a {type(settings).__name__}", "a tensor [batch, width]: use `torch.as_tensor`")
    if settings.is_complex() or settings.dtype is torch.bool:
        raise bad_argument("settings", f"of type {settings.dtype}", "positions from 0 to 1, in a float type")
    return settings.to(like)


def with_columns(settings: Tensor, width: int) -> Tensor:
    """`settings`, once they have `width` columns. Raises `PatchError`."""
    if not settings.ndim or settings.shape[-1] != width:
        raise _misshapen(settings, f"[batch, {width}] or [batch, frames, {width}]")
    return settings


def check_settings(knobs: Sequence[Knob], settings: Tensor, context: RunContext) -> None:
    """Settings have one column per knob column, one row per frame if they move, and hold positions."""
    width = knobs[-1].columns.stop if knobs else 0
    if settings.ndim not in (2, 3) or not settings.shape[0]:
        raise _misshapen(settings, f"[batch, {width}] or [batch, frames, {width}]")
    with_columns(settings, width)
    if settings.ndim == 3 and settings.shape[1] not in (1, context.frames):
        raise _misshapen(settings, f"[batch, {context.frames}, {width}] for a sound of this length")
    check_positions(knobs, settings)


def check_positions(knobs: Sequence[Knob], settings: Tensor) -> None:
    """All of `settings` `[..., width]` are positions; the first knob that is not at one is named (P607)."""
    if within(settings, -SLACK, 1 + SLACK):
        return
    for knob in knobs:
        wrong = settings.detach()[..., knob.columns].flatten()
        wrong = wrong[~((wrong >= -SLACK) & (wrong <= 1 + SLACK))]
        if len(wrong):
            raise refuse(
                BadValue(
                    span=None, name=knob.name, value=f"at {float(wrong[0]):g}", expected="at a position from 0 to 1"
                )
            )


def check_one_sound(knobs: Sequence[Knob], settings: Tensor) -> None:
    """Settings `[1, width]` (or `[width]`) that a text can hold: of one sound, finite, within the ranges."""
    width = knobs[-1].columns.stop if knobs else 0
    if tuple(settings.shape) not in ((width,), (1, width), (1, 1, width)):
        problem = f"these are [{shape_text(settings)}], and `[1, {width}]` is what one sound has"
        raise refuse(NotOneSound(span=None, problem=problem))
    for knob in knobs:
        wrong = settings[..., knob.columns].flatten()
        wrong = wrong[~((wrong >= -SLACK) & (wrong <= 1 + SLACK))]
        if len(wrong):
            problem = f"`{knob.name}` is at {float(wrong[0]):g}, and a position is a number from 0 to 1"
            raise refuse(NotOneSound(span=None, problem=problem))


def _misshapen(settings: Tensor, expected: str) -> Exception:
    shape = f"[{shape_text(settings)}]"
    return refuse(WrongShape(span=None, what="the settings tensor", shape=shape, expected=expected))


def common_batch(settings: Tensor | None, call_inputs: CallInputs, seed: int | Tensor = 0) -> int:
    """The batch size of a call: everything call_inputs in has it, or one."""
    sizes = call_inputs.batches() + [one.shape[0] for one in (settings, seed) if isinstance(one, Tensor) and one.ndim]
    batch = 1
    for size in sizes:
        if size == 1:
            continue
        if batch not in (1, size):
            raise refuse(
                WrongShape(
                    span=None, what="the batch", shape=f"both {batch} and {size}", expected="one size for everything"
                )
            )
        batch = size
    return batch


def check_supplied(plan: Plan, settings: Tensor | None, call_inputs: CallInputs) -> None:
    """`predict` numbers come with the settings or by name, and inputs without a default by name."""
    missing = [
        item.name
        for item in plan.inputs
        if item.kind is Kind.CONTROL and item.name not in plan.defaults and item.name not in call_inputs.given
    ]
    if settings is None:
        missing += [k.name for k in plan.knobs if k.role is Role.PREDICT and k.name not in call_inputs.given]
    if missing:
        raise refuse(NoValue(span=None, names=", ".join(f"`{name}`" for name in missing)))


def check_memory(plan: Plan, cells: Collection[str], context: RunContext, batch: int, limit: int) -> None:
    """The signals of all cells that will be run fit the limit, in bytes."""
    audio = sum(step.kind is Kind.AUDIO for step in plan.steps if step.cell in cells) + len(plan.outputs)
    control = sum(step.kind is Kind.CONTROL for step in plan.steps if step.cell in cells)
    asked = batch * (audio * context.samples + control * context.frames) * context.dtype.itemsize
    check_size(asked, limit)


def check_size(asked: float, limit: float) -> None:
    """Bytes that are about to be taken fit the limit (P609)."""
    if asked > limit:
        raise refuse(TooLarge(span=None, asked=_bytes(asked), limit=_bytes(limit)))


def _bytes(count: float) -> str:
    return f"{count / 2**30:,.1f} GiB" if count >= 2**30 else f"{count / 2**20:,.1f} MiB"


def wanted_cells(plan: Plan, taps: str | Iterable[str | tuple[int, int]] | None) -> tuple[str, ...]:
    """The cells to record, by name or `(channel, layer)`; outputs are always recorded. None is all of them."""
    cells = [step.cell for step in plan.steps]
    if taps is None or taps == "all":
        return tuple(cells)
    places = {(step.channel, step.layer): step.cell for step in plan.steps}
    outputs = [output.name for output in plan.outputs]
    names = []
    if not isinstance(taps, Iterable):
        raise bad_argument("taps", f"a {type(taps).__name__}", "names of cells, or `(channel, layer)` addresses")
    for where in [taps] if isinstance(taps, str) else taps:
        name = where if isinstance(where, str) else places.get((where[0], where[1]), str(where))
        if name not in cells and name not in outputs:
            raise unknown_tap(name, [*cells, *outputs])
        names.append(name)
    return tuple(name for name in names if name in cells)

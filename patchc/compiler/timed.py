"""Numbers in time: tensors (or plain floats) that know whether they change never, every frame, or every sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor

from patchc.compiler.expr import Op, calculate
from patchc.compiler.plan import Rate
from patchc.dsp.resample import upsample

LN_2 = math.log(2.0)
LN_10_BY_20 = math.log(10.0) / 20

LOUDEST = 200.0
"""Decibels. No patch that is heard comes near; random ones reach thousands, and infinity times silence is no number."""


class Timed(NamedTuple):
    """A float, or `[batch, 1]`, `[batch, frames]`, `[batch, samples]` as `rate` says, and `[.., entries]` if `wide`."""

    data: Any  # a tensor, a float, or the node of a graph
    rate: Rate = Rate.CONSTANT
    wide: bool = False

    @property
    def is_one(self) -> bool:
        return isinstance(self.data, float) and self.data == 1.0


@dataclass(frozen=True)
class Clock:
    """The times of one run: `samples` of audio, a control frame every `hop` of them, at the first and past the last."""

    samples: int
    frames: int
    hop: int
    sample_rate: float
    dtype: torch.dtype
    device: torch.device

    @property
    def control_rate(self) -> float:
        return self.sample_rate / self.hop

    @property
    def lib(self) -> Any:
        """Where ranges find `exp` and `log`."""
        return torch

    def tensor(self, value: Timed) -> Any:
        """A float as `[1, 1]`, anything else as it is."""
        if isinstance(value.data, Tensor):
            return value.data
        return torch.full((1, 1, 1) if value.wide else (1, 1), value.data, dtype=self.dtype, device=self.device)

    def at(self, value: Timed, rate: Rate, log: bool = False) -> Timed:
        """`value` at `rate`: frames to samples linearly (or in octaves), samples to frames by reading them there.

        What never changes stays as it is.
        """
        if value.rate in (Rate.CONSTANT, rate) or not isinstance(value.data, Tensor):
            return value
        if rate is Rate.AUDIO:
            return value._replace(data=upsample(value.data, self.hop, self.samples, log), rate=rate)
        places = (torch.arange(self.frames, device=self.device) * self.hop).clamp(max=self.samples - 1)
        return value._replace(data=value.data[:, places], rate=rate)

    def meet(self, op: Op, left: Timed, right: Timed, log: bool = False) -> Timed:
        """`left op right` at the higher rate of the two; with `log`, `left` is brought there in octaves."""
        if isinstance(left.data, float) and isinstance(right.data, float):
            return Timed(calculate(op, left.data, right.data), wide=left.wide or right.wide)
        rate = max(left.rate, right.rate)
        wide = left.wide or right.wide
        a, b = _widened(self.at(left, rate, log), wide), _widened(self.at(right, rate), wide)
        return Timed(self.arithmetic(op, a, b), rate, wide)

    def times(self, left: Timed, right: Timed) -> Timed:
        """The product; a factor of one costs nothing."""
        if left.is_one or right.is_one:
            return right if left.is_one else left
        return self.meet(Op.MUL, left, right)

    def total(self, parts: Sequence[Timed]) -> Timed:
        """The sum, in the order given but the slow ones first, so that they are brought to samples once."""
        slow = [part for part in parts if part.rate is not Rate.AUDIO]
        fast = [part for part in parts if part.rate is Rate.AUDIO]
        ordered = slow + fast
        if not ordered:
            return Timed(0.0)
        result = ordered[0]
        for part in ordered[1:]:
            result = self.meet(Op.ADD, result, part)
        return result

    def arithmetic(self, op: Op, left: Any, right: Any) -> Any:
        """`left op right` of two signals, or of a signal and a number."""
        match op:
            case Op.ADD:
                return left + right
            case Op.SUB:
                return left - right
            case Op.MUL:
                return left * right
            case Op.DIV:
                return left / right
            case Op.RAISE:
                return left * self.exp(right, LN_2)
            case Op.LOWER:
                return left * self.exp(right, -LN_2)

    def exp(self, value: Any, scale: float) -> Any:
        """`exp(scale value)`; `torch.exp2` would round differently for different batches."""
        if isinstance(value, float):
            return math.exp(value * scale) if value * scale < 700 else math.inf
        return self.lib.exp(value * scale)

    def amplitude(self, level: Timed) -> Timed:
        """Decibels to linear amplitude, at most `LOUDEST`, which float32 can still multiply a few times."""
        return level._replace(data=self.exp(held(level, -math.inf, LOUDEST).data, LN_10_BY_20))


def _widened(value: Timed, wide: bool) -> Tensor | float:
    return value.data.unsqueeze(-1) if isinstance(value.data, Tensor) and wide and not value.wide else value.data


def held(value: Timed, low: float, high: float) -> Timed:
    """`value`, held to `low .. high`."""
    if isinstance(value.data, float):
        return value._replace(data=min(max(value.data, low), high))
    return value._replace(data=value.data.clamp(None if low == -math.inf else low, high))

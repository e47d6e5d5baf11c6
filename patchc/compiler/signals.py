"""Numbers in time: tensors (or plain floats) that know whether they change never, every frame, or every sample."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple

import torch
from torch import Tensor

from patchc.compiler.between import BENDS, LEAST, Between, marks_of
from patchc.compiler.expr import Op, calculate
from patchc.compiler.plan import Rate
from patchc.dsp.moments import on_sample
from patchc.dsp.resample import upsample

LN_2 = math.log(2.0)
LN_10_BY_20 = math.log(10.0) / 20


class RatedSignal(NamedTuple):
    """A float, or `[batch, 1]`, `[batch, frames]`, `[batch, samples]` as `rate` says, and `[.., entries]` if
    `is_vector`.

    A control signal that can jump or bend between frames says in `between` what it is there.
    """

    data: Any  # a tensor, a float, or the node of a graph
    rate: Rate = Rate.CONSTANT
    is_vector: bool = False
    between: Between | None = None

    @property
    def is_one(self) -> bool:
        return isinstance(self.data, float) and self.data == 1.0

    def mapped(self, function: Callable[[Any], Any]) -> RatedSignal:
        """What `function` makes of it, tick by tick."""
        between = None if self.between is None else self.between.mapped(function)
        return self._replace(data=function(self.data), between=between)


@dataclass(frozen=True)
class RunContext:
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

    def tensor(self, value: RatedSignal) -> Any:
        """A float as `[1, 1]`, anything else as it is."""
        if isinstance(value.data, Tensor):
            return value.data
        return torch.full((1, 1, 1) if value.is_vector else (1, 1), value.data, dtype=self.dtype, device=self.device)

    def at(self, value: RatedSignal, rate: Rate, log: bool = False) -> RatedSignal:
        """`value` at `rate`: frames to samples linearly (or in octaves), samples to frames by reading them there.

        What never changes stays as it is, and what jumps between frames jumps at its sample, but for frequencies.
        """
        if value.rate in (Rate.CONSTANT, rate) or isinstance(value.data, float):
            return value
        if rate is Rate.CONTROL:
            data = self.frames_of(value.data)
        elif value.between is not None and not log:
            data = self.placed(value.data, value.between)
        else:
            data = self.lines(value.data, log)
        return RatedSignal(data, rate, value.is_vector)

    def frames_of(self, signal: Any) -> Any:
        """What a signal of samples is at every frame."""
        if signal.shape[1] == 1:
            return signal
        places = (torch.arange(self.frames, device=self.device) * self.hop).clamp(max=self.samples - 1)
        return signal[:, places]

    def lines(self, frames: Any, log: bool = False) -> Any:
        """Straight lines from frame to frame, with `log` in octaves."""
        return upsample(frames, self.hop, self.samples, log)

    def placed(self, frames: Any, between: Between) -> Any:
        """Lines from frame to frame, and in marked frames every sample as it is."""
        marked = reduce(torch.logical_or, between.marks)[:, :-1]
        here = marked.repeat_interleave(self.hop, 1)[:, : self.samples]
        return torch.where(here, between.samples, self.lines(frames))

    def sampled(self, value: RatedSignal) -> Any:
        """What a control signal is at every sample."""
        return self.at(value, Rate.AUDIO).data if value.between is None else value.between.samples

    def rate_of(self, signal: Any, rate: Rate) -> Rate:
        """The rate of what a cell at `rate` puts out."""
        return Rate.CONSTANT if signal.shape[1] == 1 else rate

    def mark(self, moments: Sequence[Any], signal: Any) -> Any:
        """Where a line from a frame to the next would not do: it holds a moment, or the signal bends too far there.

        The next frame itself counts, for what jumps at it does not rise towards it.
        """
        return reduce(torch.logical_or, [self._bent(signal.detach().double()), *map(self._inside, moments)])

    def _bent(self, signal: Tensor) -> Tensor:
        """Whether a signal bends too far at a frame or at the next one."""
        around = torch.cat([signal[:, :1], signal, signal[:, -1:], signal[:, -1:]], 1)
        before, here, after = around[:, :-2], around[:, 1:-1], around[:, 2:]
        bent = (before + after - 2 * here).abs() > BENDS * here.abs() + LEAST
        return bent[:, :-1] | bent[:, 1:]

    def _inside(self, moment: Tensor | float) -> Tensor:
        frames = torch.arange(self.frames, dtype=torch.float64, device=self.device) * self.hop
        seconds = moment if isinstance(moment, Tensor) else frames.new_full((1, 1), moment)
        ahead = on_sample(seconds.detach().double() * self.sample_rate) - frames
        return (ahead > 0) & (ahead <= self.hop)

    def meet(self, op: Op, left: RatedSignal, right: RatedSignal, log: bool = False) -> RatedSignal:
        """`left op right` at the higher rate of the two; with `log`, `left` is brought there in octaves."""
        if isinstance(left.data, float) and isinstance(right.data, float):
            return RatedSignal(calculate(op, left.data, right.data), is_vector=left.is_vector or right.is_vector)
        rate = max(left.rate, right.rate)
        is_vector = left.is_vector or right.is_vector
        a, b = _widened(self.at(left, rate, log), is_vector), _widened(self.at(right, rate), is_vector)
        between = self._both(op, left, right) if rate is Rate.CONTROL and not is_vector else None
        return RatedSignal(self.arithmetic(op, a, b), rate, is_vector, between)

    def _both(self, op: Op, left: RatedSignal, right: RatedSignal) -> Between | None:
        """What `left op right` is between frames, if either is more than a line there."""
        if left.between is None and right.between is None:
            return None
        return Between(
            lambda: self.arithmetic(op, self.sampled(left), self.sampled(right)),
            lambda: marks_of(left.between, right.between),
        )

    def times(self, left: RatedSignal, right: RatedSignal) -> RatedSignal:
        """The product; a factor of one costs nothing."""
        if left.is_one or right.is_one:
            return right if left.is_one else left
        return self.meet(Op.MUL, left, right)

    def total(self, parts: Sequence[RatedSignal]) -> RatedSignal:
        """The sum, in the order given but the slow ones first, so that they are brought to samples once."""
        slow = [part for part in parts if part.rate is not Rate.AUDIO]
        fast = [part for part in parts if part.rate is Rate.AUDIO]
        ordered = slow + fast
        if not ordered:
            return RatedSignal(0.0)
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

    def amplitude(self, level: RatedSignal) -> RatedSignal:
        """Decibels to linear amplitude."""
        return level.mapped(lambda one: self.exp(one, LN_10_BY_20))


def _widened(value: RatedSignal, is_vector: bool) -> Tensor | float:
    return (
        value.data.unsqueeze(-1) if isinstance(value.data, Tensor) and is_vector and not value.is_vector else value.data
    )


def held(value: RatedSignal, low: float, high: float) -> RatedSignal:
    """`value`, held to `low .. high`."""
    if isinstance(value.data, float):
        return value._replace(data=min(max(value.data, low), high))
    low_end, high_end = (None if math.isinf(end) else end for end in (low, high))
    return value.mapped(lambda one: one.clamp(low_end, high_end))

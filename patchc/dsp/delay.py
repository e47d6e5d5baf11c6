"""A delay line that may move and feed back, a block at a time, and its derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from patchc.dsp.moments import near, on_sample
from patchc.dsp.operator import Operator, batch_of


def ticks_of(seconds: Tensor, rate: float, shortest: float, longest: float) -> Tensor:
    """`seconds` as ticks in float64, whole where only rounding keeps them from it, held to `shortest` .. `longest`."""
    return on_sample(seconds.double() * rate, near(seconds)).clamp(shortest, longest)


class Delay(Operator):
    """`y = R (x + feedback y)`, where `R` reads `ticks` ago by linear interpolation; before the start is silence.

    (Smith, Physical Audio Signal Processing, chapter 4.) `x` is `[batch, time]`; `ticks` (float64, at least 1) and
    `feedback` are `[batch, time or 1]`. No sample hears itself sooner than the shortest delay, so that many samples can
    be computed at once. With `transpose` it is `y = R' (x + feedback y)`, which runs backwards in time: the adjoint of
    the one is the other.
    """

    schema = "(Tensor x, Tensor ticks, Tensor feedback, bool transpose) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        x, ticks, feedback, transpose = args
        (shape,) = self.shapes(*args)
        x, ticks, feedback = (one.expand(shape) for one in (x, ticks, feedback))
        block = min(int(ticks.nan_to_num(1.0).min()), shape[1])
        parts = _Blocks(x, feedback, ticks, block)
        return (parts.spread() if transpose else parts.read(),)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        x, ticks, feedback, _ = args
        return ((batch_of(x, ticks, feedback), x.shape[1]),)

    def adjoint(self, grads: Sequence[Tensor], out: Sequence[Tensor], *args: Any) -> tuple[Tensor | None, ...]:
        x, ticks, feedback, transpose = args
        (back,) = self(grads[0], ticks, feedback, not transpose)
        inside, outside = x + feedback * out[0], grads[0] + feedback * back
        slope = inside * _slope(outside, ticks) if transpose else outside * _slope(inside, ticks)
        return back, slope.double(), out[0] * back, None

    def tangent(self, tangents: Sequence[Tensor | None], out: Sequence[Tensor], *args: Any) -> tuple[Tensor, ...]:
        x, ticks, feedback, transpose = args
        dx, dticks, dfeedback = (0.0 if one is None else one for one in tangents[:3])
        inside = x + feedback * out[0]
        moved = inside * dticks
        direct = _slope_transposed(moved, ticks) if transpose else _slope(inside, ticks) * dticks
        direct = direct.to(x.dtype)
        fed = torch.zeros_like(out[0]) + dx + dfeedback * out[0] + feedback * direct
        return (direct + self(fed, ticks, feedback, transpose)[0],)


class _Blocks:
    """One run in pieces: what goes into each block, and where its samples read (two places each) and how much."""

    def __init__(self, x: Tensor, feedback: Tensor, ticks: Tensor, block: int) -> None:
        batch, time = x.shape
        count = -(-time // block)
        self.shape, self.block, self.count, self.padded = (batch, time), block, count, count * block
        first, second, share = places(ticks, time)
        self.where = self._cut(torch.stack([first, second], 1))
        self.weights = self._cut(torch.stack([1 - share, share], 1).to(x.dtype))
        self.x, self.feedback = self._cut(x[:, None]), self._cut(feedback[:, None])

    def _cut(self, rows: Tensor) -> list[Tensor]:
        """`[batch, rows, time]` to a list of `[batch, rows * block]`, the last block filled up with zeros."""
        batch, height, time = rows.shape
        padded = rows.new_zeros(batch, height, self.padded)
        padded[..., :time] = rows
        return list(padded.view(batch, height, -1, self.block).permute(2, 0, 1, 3).flatten(2).unbind(0))

    def read(self) -> Tensor:
        """Forwards in time. `heard` is what goes into the line, after one silent sample that stands for the past."""
        heard = self.x[0].new_zeros(self.shape[0], self.padded + 1)
        values = heard.new_empty(self.shape[0], self.padded)
        both = heard.new_empty(self.shape[0], 2 * self.block)
        here, before = both.chunk(2, 1)
        pieces = zip(values.chunk(self.count, 1), heard[:, 1:].chunk(self.count, 1), strict=True)
        for (y, line), x, feedback, where, weights in zip(
            pieces, self.x, self.feedback, self.where, self.weights, strict=True
        ):
            torch.gather(heard, 1, where, out=both).mul_(weights)
            torch.add(here, before, out=y)
            torch.addcmul(x, feedback, y, out=line)
        return values[:, : self.shape[1]].contiguous()

    def spread(self) -> Tensor:
        """Backwards in time: each sample goes back to the two places where it was read."""
        values = self.x[0].new_zeros(self.shape[0], self.padded + 1)
        lines = values[:, 1:].chunk(self.count, 1)
        for line, x, feedback, where, weights in zip(
            *(one[::-1] for one in (lines, self.x, self.feedback, self.where, self.weights)), strict=True
        ):
            piece = torch.addcmul(x, feedback, line)
            values.scatter_add_(1, where, torch.cat([piece, piece], 1).mul_(weights))
        return values[:, 1 : 1 + self.shape[1]].contiguous()


def places(ticks: Tensor, time: int) -> tuple[Tensor, Tensor, Tensor]:
    """Where each sample reads: two places in a line that starts with one silent sample, and the share of the second."""
    whole = ticks.detach().nan_to_num(1.0).floor()  # what is not a number spoils the sound, not the indices
    now = torch.arange(1, time + 1, device=ticks.device)
    first = now - whole.long()
    return first.clamp(min=0), (first - 1).clamp(min=0), (ticks - whole).expand(-1, time)


def read(line: Tensor, ticks: Tensor) -> Tensor:
    """`R line`: `[batch, time]` as it was `ticks` ago. All that a delay without feedback needs."""
    first, second, share = places(ticks, line.shape[1])
    past = torch.nn.functional.pad(line, (1, 0)).expand(max(line.shape[0], ticks.shape[0]), -1)
    first, second = (one.expand(past.shape[0], -1) for one in (first, second))
    here, before = past.gather(1, first), past.gather(1, second)
    return here + (before - here) * share.to(line.dtype)


def _slope(line: Tensor, ticks: Tensor) -> Tensor:
    """How `R line` moves with `ticks`: the sample before where it reads, minus the one there."""
    first, second, _ = places(ticks, line.shape[1])
    past = torch.nn.functional.pad(line, (1, 0))
    return past.gather(1, second.expand_as(line)) - past.gather(1, first.expand_as(line))


def _slope_transposed(line: Tensor, ticks: Tensor) -> Tensor:
    first, second, _ = places(ticks, line.shape[1])
    empty = line.new_zeros(line.shape[0], line.shape[1] + 1)
    ahead = empty.scatter_add(1, second.expand_as(line), line)
    return (ahead - empty.scatter_add(1, first.expand_as(line), line))[:, 1:]


delay = Delay()

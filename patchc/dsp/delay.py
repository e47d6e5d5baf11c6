"""A delay line that may move and feed back, a block at a time, and its derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from patchc.dsp.lagrange import POINTS, polynomials
from patchc.dsp.moments import near, on_sample
from patchc.dsp.operator import Operator, batch_of

NEWER = POINTS // 2 - 1
"""Samples newer than the place that is read which are read as well."""

SHORTEST = NEWER + 1.0
"""Ticks of the shortest delay that reads nothing that is not there yet."""

WEIGHTS = polynomials()
GRADIENTS = [[power * factor for power, factor in enumerate(row)][1:] for row in WEIGHTS]


def ticks_of(seconds: Tensor, rate: float, shortest: float, longest: float) -> Tensor:
    """`seconds` as ticks in float64, whole where only rounding keeps them from it, held to `shortest` .. `longest`."""
    return on_sample(seconds.double() * rate, near(seconds)).clamp(shortest, longest)


def ends(rate: float, shortest: float, longest: float) -> tuple[float, float]:
    """The shortest and the longest delay in ticks, of seconds."""
    first = max(SHORTEST, shortest * rate)
    return first, max(first, longest * rate)


class Delay(Operator):
    """`y = R (x + feedback y)`, where `R` reads `ticks` ago between six samples; before the start is silence.

    Lagrange interpolation (Smith, Physical Audio Signal Processing, chapter 4): nearly as bright between two samples as
    on one, and never louder, so that what is fed back stays stable. `x` is `[batch, time]`; `ticks` (float64, at least
    `SHORTEST`) and `feedback` are `[batch, time or 1]`. No sample hears itself sooner than the shortest delay, so that
    many samples can be computed at once. With `transpose` it is `y = R' (x + feedback y)`, which runs backwards in
    time: the adjoint of the one is the other.
    """

    schema = "(Tensor x, Tensor ticks, Tensor feedback, bool transpose) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        x, ticks, feedback, transpose = args
        (shape,) = self.shapes(*args)
        x, ticks, feedback = (one.expand(shape) for one in (x, ticks, feedback))
        block = min(int(ticks.nan_to_num(SHORTEST).min()) - NEWER, shape[1])
        parts = _Blocks(x, feedback, ticks, block)
        return (parts.spread() if transpose else parts.read(),)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        x, ticks, feedback, _ = args
        return ((batch_of(x, ticks, feedback), x.shape[1]),)

    def adjoint(self, grads: Sequence[Tensor], out: Sequence[Tensor], *args: Any) -> tuple[Tensor | None, ...]:
        x, ticks, feedback, transpose = args
        (back,) = self(grads[0], ticks, feedback, not transpose)
        inside, outside = x + feedback * out[0], grads[0] + feedback * back
        gradient = inside * _gradient(outside, ticks) if transpose else outside * _gradient(inside, ticks)
        return back, gradient.double(), out[0] * back, None

    def tangent(self, tangents: Sequence[Tensor | None], out: Sequence[Tensor], *args: Any) -> tuple[Tensor, ...]:
        x, ticks, feedback, transpose = args
        dx, dticks, dfeedback = (0.0 if one is None else one for one in tangents[:3])
        inside = x + feedback * out[0]
        moved = inside * dticks
        direct = _gradient_transposed(moved, ticks) if transpose else _gradient(inside, ticks) * dticks
        direct = direct.to(x.dtype)
        fed = torch.zeros_like(out[0]) + dx + dfeedback * out[0] + feedback * direct
        return (direct + self(fed, ticks, feedback, transpose)[0],)


class _Blocks:
    """One run in pieces: what goes into each block, and where its samples read (`POINTS` places each) and how much."""

    def __init__(self, x: Tensor, feedback: Tensor, ticks: Tensor, block: int) -> None:
        batch, time = x.shape
        count = -(-time // block)
        self.shape, self.block, self.count, self.padded = (batch, time), block, count, count * block
        where, share = places(ticks, time)
        self.where = self._cut(where)
        self.weights = self._cut(shares(share, WEIGHTS).to(x.dtype))
        self.x, self.feedback = self._cut(x[:, None]), self._cut(feedback[:, None])

    def _cut(self, rows: Tensor) -> list[Tensor]:
        """`[batch, rows, time]` to a list of `[batch, rows * block]`, the last block filled up with zeros."""
        batch, height, time = rows.shape
        padded = rows.new_zeros(batch, height, self.padded)
        padded[..., :time] = rows
        return list(padded.view(batch, height, -1, self.block).permute(2, 0, 1, 3).flatten(2).unbind(0))

    def read(self) -> Tensor:
        """Forwards in time. `line_in` is what goes into the line, after one silent sample that stands for the past."""
        line_in = self.x[0].new_zeros(self.shape[0], self.padded + 1)
        values = line_in.new_empty(self.shape[0], self.padded)
        around = line_in.new_empty(self.shape[0], POINTS * self.block)
        first, *others = around.chunk(POINTS, 1)
        pieces = zip(values.chunk(self.count, 1), line_in[:, 1:].chunk(self.count, 1), strict=True)
        for (y, line), x, feedback, where, weights in zip(
            pieces, self.x, self.feedback, self.where, self.weights, strict=True
        ):
            torch.gather(line_in, 1, where, out=around).mul_(weights)
            y.copy_(first)
            for other in others:
                y.add_(other)
            torch.addcmul(x, feedback, y, out=line)
        return values[:, : self.shape[1]].contiguous()

    def spread(self) -> Tensor:
        """Backwards in time: each sample goes back to the places where it was read."""
        values = self.x[0].new_zeros(self.shape[0], self.padded + 1)
        lines = values[:, 1:].chunk(self.count, 1)
        for line, x, feedback, where, weights in zip(
            *(one[::-1] for one in (lines, self.x, self.feedback, self.where, self.weights)), strict=True
        ):
            piece = torch.addcmul(x, feedback, line)
            values.scatter_add_(1, where, torch.cat([piece] * POINTS, 1).mul_(weights))
        return values[:, 1 : 1 + self.shape[1]].contiguous()


def places(ticks: Tensor, time: int) -> tuple[Tensor, Tensor]:
    """Where each sample reads, `[batch, POINTS, time]`, and how far between the middle two, `[batch, time]`.

    The newest comes first; places count in a line that starts with one silent sample.
    """
    whole = ticks.detach().nan_to_num(SHORTEST).floor()  # what is not a number spoils the sound, not the indices
    newest = torch.arange(1 + NEWER, time + 1 + NEWER, device=ticks.device) - whole.long()
    older = torch.arange(POINTS, device=ticks.device)[:, None]
    return (newest[:, None] - older).clamp(min=0), (ticks - whole).expand(-1, time)


def shares(share: Tensor, polynomials: Sequence[Sequence[float]]) -> Tensor:
    """What each of the places counts, `[batch, POINTS, time]`: polynomials of `share` `[batch, time]`."""
    table = torch.tensor(polynomials, dtype=share.dtype, device=share.device).T[..., None]
    found = table[-1].expand(share.shape[0], -1, share.shape[1])
    for row in table[:-1].flip(0):
        found = found * share[:, None] + row
    return found


def read(line: Tensor, ticks: Tensor) -> Tensor:
    """`R line`: `[batch, time]` as it was `ticks` ago. All that a delay without feedback needs."""
    return _weighed(line, ticks, WEIGHTS)


def _weighed(line: Tensor, ticks: Tensor, polynomials: Sequence[Sequence[float]]) -> Tensor:
    where, share = places(ticks, line.shape[1])
    batch = max(line.shape[0], ticks.shape[0])
    past = torch.nn.functional.pad(line, (1, 0))[:, None].expand(batch, POINTS, -1)
    parts = past.gather(2, where.expand(batch, -1, -1)) * shares(share, polynomials).to(line.dtype)
    first, *others = parts.unbind(1)
    return sum(others, first)


def _gradient(line: Tensor, ticks: Tensor) -> Tensor:
    """How `R line` moves with `ticks`."""
    return _weighed(line, ticks, GRADIENTS)


def _gradient_transposed(line: Tensor, ticks: Tensor) -> Tensor:
    where, share = places(ticks, line.shape[1])
    weights = shares(share, GRADIENTS).to(line.dtype)
    empty = line.new_zeros(line.shape[0], line.shape[1] + 1)
    parts = (line[:, None] * weights).flatten(1)
    return empty.scatter_add(1, where.expand(line.shape[0], -1, -1).flatten(1), parts)[:, 1:]


delay = Delay()

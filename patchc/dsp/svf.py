"""The state-variable filter with coefficients that change every sample, in parallel, and its derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any

import torch
from torch import Tensor

from patchc.dsp.blocks import coefficients, from_blocks, starts, to_blocks
from patchc.dsp.operator import Operator, batch_of


class Svf(Operator):
    """Two trapezoidal integrators in a loop (Zavalishin 2012, chapter 4), with a way in at every place.

        v1 = (s1 + e + g (x - s2)) / (1 + g (g + k))        s1 <- 2 v1 - s1
        v2 = s2 + g v1 - f                                  s2 <- 2 v2 - s2

    Takes `x`, `e`, `f` `[batch, time]` (None is silence) and `g`, `k` `[batch, time or 1]`; gives band `v1` and low
    `v2`, from rest. With `reverse`, time runs backwards.

    The family is closed: run backwards it is its own adjoint, and with other inputs its own tangent. With
    `high = x - f - k v1 - v2`, the first line is `v1 = s1 + e + g high`. Differentiating, and calling the adjoint's
    values `u` and `w`, the gradients are `x: g u`, `e: u`, `f: w - g u`, `g: u high - v1 w`, `k: -g u v1`.
    """

    schema = "(Tensor x, Tensor? e, Tensor? f, Tensor g, Tensor k, bool reverse) -> (Tensor, Tensor)"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        x, e, f, g, k, reverse = args
        signals = [repeat(None) if one is None else to_blocks(one, reverse) for one in (x, e, f)]
        g_steps = coefficients(g, reverse)
        gains = [2 / torch.addcmul(1 + a * b, a, a) for a, b in zip(g_steps, coefficients(k, reverse), strict=True)]
        steps = list(zip(g_steps, gains, *signals, strict=False))
        carried = starts(_through(steps, (batch_of(x, e, f, g, k), steps[0][2].shape[1])), reverse)
        return tuple(from_blocks(one, x.shape[1]) for one in _replay(steps, carried, x.dtype, reverse))

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        return ((batch_of(*args), args[0].shape[1]),) * 2

    def adjoint(self, grads: Sequence[Tensor], out: Sequence[Tensor], *args: Any) -> tuple[Tensor | None, ...]:
        g, k, reverse = args[3:]
        band, high = out[0], _high(out, *args)
        u, w = self(grads[1], grads[0], grads[1], g, k, not reverse)
        gu = g * u
        return gu, u, w - gu, u * high - band * w, -gu * band, None

    def tangent(self, tangents: Sequence[Tensor | None], out: Sequence[Tensor], *args: Any) -> tuple[Tensor, ...]:
        dx, de, df, dg, dk = (0.0 if one is None else one for one in tangents[:5])
        band, high = out[0], _high(out, *args)
        still = torch.zeros_like(band)
        return self(still + dx - (dg + dk) * band, still + de + dg * high, still + df - dg * band, *args[3:])


def _high(out: Sequence[Tensor], *args: Any) -> Tensor:
    x, _, f, _, k, _ = args
    high: Tensor = x - k * out[0] - out[1]
    return high if f is None else high - f


Step = tuple[Tensor, Tensor, Tensor, Tensor | None, Tensor | None]  # g, 2 / (1 + g (g + k)), x, e, f: [batch, blocks]


def _move(s1: Tensor, s2: Tensor, step: Step) -> tuple[Tensor, Tensor, Tensor]:
    """One sample of states `[columns, batch, blocks]`, the inputs going into the last column; and twice the band."""
    g, gain, x, e, f = step
    into = s2.neg()
    into[-1] += x
    twice = torch.addcmul(s1, g, into)
    if e is not None:
        twice[-1] += e
    twice *= gain
    after = torch.addcmul(s2, g, twice)
    if f is not None:
        after[-1].sub_(f, alpha=2)
    return twice.sub(s1), after, twice


def _through(steps: Sequence[Step], shape: Sequence[int]) -> Tensor:
    """What each block does to its start, `[2, 3, batch, blocks]`: to (1, 0), to (0, 1), and to rest by its inputs."""
    units = torch.eye(2, 3, dtype=torch.float64, device=steps[0][0].device)
    s1, s2 = units.view(2, 3, 1, 1).expand(2, 3, *shape)
    for step in steps:
        s1, s2, _ = _move(s1, s2, step)
    return torch.stack([s1, s2])


def _replay(steps: Sequence[Step], carried: Tensor, dtype: torch.dtype, reverse: bool) -> Tensor:
    """Band and low of every sample, `[2, LENGTH, batch, blocks]`, now that the start of each block is known."""
    values = carried.new_empty((2, len(steps), *carried.shape[1:]), dtype=dtype)
    places = range(len(steps))[::-1] if reverse else range(len(steps))
    s1, s2 = carried[0:1], carried[1:2]
    for place, step in zip(places, steps, strict=True):
        before = s2
        s1, s2, twice = _move(s1, s2, step)
        torch.mul(twice[0], 0.5, out=values[0, place])
        torch.mul((before + s2)[0], 0.5, out=values[1, place])
    return values


svf = Svf()

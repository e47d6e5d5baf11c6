"""The first-order recurrence with a pole that changes every sample, in parallel, and its derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from patchc.dsp.blocks import coefficients, from_blocks, starts, to_blocks
from patchc.dsp.operator import Operator, batch_of


class Onepole(Operator):
    """`y[t] = x[t] + pole[t] y[t-1]` from rest, or with `reverse` from the end: `y[t] = x[t] + pole[t] y[t+1]`.

    `x` is `[batch, time]`, `pole` `[batch, time or 1]`. The adjoint is the same recurrence the other way, with each
    pole moved by one sample: `u[t] = c[t] + pole[t+1] u[t+1]`.
    """

    schema = "(Tensor x, Tensor pole, bool reverse) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        x, pole, reverse = args
        steps = list(zip(to_blocks(x, reverse), coefficients(pole, reverse), strict=True))
        shape = batch_of(x, pole), steps[0][0].shape[1]
        shift, matrix = (x.new_full((), value, dtype=torch.float64) for value in (0.0, 1.0))
        for one, factor in steps:
            shift, matrix = torch.addcmul(one, shift, factor), matrix * factor
        maps = torch.stack([matrix.expand(shape), shift])[None]
        y = starts(maps, reverse)[0]
        values = x.new_empty((len(steps), *shape))
        places = range(len(steps))[::-1] if reverse else range(len(steps))
        for place, (one, factor) in zip(places, steps, strict=True):
            y = torch.addcmul(one, y, factor)
            values[place] = y
        return (from_blocks(values, x.shape[1]),)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        x, pole, _ = args
        return ((batch_of(x, pole), x.shape[1]),)

    def adjoint(self, grads: Sequence[Tensor], out: Sequence[Tensor], *args: Any) -> tuple[Tensor | None, ...]:
        _, pole, reverse = args
        (u,) = self(grads[0], pole if pole.shape[1] == 1 else _before(pole, not reverse), not reverse)
        return u, u * _before(out[0], reverse), None

    def tangent(self, tangents: Sequence[Tensor | None], out: Sequence[Tensor], *args: Any) -> tuple[Tensor, ...]:
        _, pole, reverse = args
        dx, dpole = (0.0 if one is None else one for one in tangents[:2])
        return self(torch.zeros_like(out[0]) + dx + dpole * _before(out[0], reverse), pole, reverse)


def _before(x: Tensor, reverse: bool) -> Tensor:
    """`x` one sample ago, or with `reverse` one sample ahead; zero past the end."""
    return F.pad(x[:, 1:], (0, 1)) if reverse else F.pad(x[:, :-1], (1, 0))


onepole = Onepole()

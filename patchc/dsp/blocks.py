"""Recurrences in parallel: blocks of time run side by side, joined by composing what each does to its start."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

LENGTH = 32
"""Steps in a block. Independent of everything else, so that a sound's bits do not depend on its batch."""


def to_blocks(x: Tensor, reverse: bool = False) -> list[Tensor]:
    """`[batch, time]` to `LENGTH` steps of `[batch, blocks]` in float64, the last block filled up with zeros.

    With `reverse`, time runs backwards.
    """
    batch, time = x.shape
    whole, rest = divmod(time, LENGTH)
    steps = x.new_empty((LENGTH, batch, whole + bool(rest)), dtype=torch.float64)
    blocked = steps.permute(1, 2, 0)
    blocked[:, :whole] = x[:, : whole * LENGTH].reshape(batch, whole, LENGTH)
    if rest:
        blocked[:, whole, :rest] = x[:, whole * LENGTH :]
        blocked[:, whole, rest:] = 0
    listed = list(steps.unbind(0))
    return listed[::-1] if reverse else listed


def coefficients(x: Tensor, reverse: bool = False) -> list[Tensor]:
    """As `to_blocks`, but what is constant, `[batch, 1]`, stays that small: each step is the whole of it."""
    return [x.double()] * LENGTH if x.shape[-1] == 1 else to_blocks(x, reverse)


def from_blocks(steps: Tensor, time: int) -> Tensor:
    """`[LENGTH, batch, blocks]` back to `[batch, time]`, contiguous."""
    return steps.permute(1, 2, 0).flatten(1)[:, :time].contiguous()


def starts(maps: Tensor, reverse: bool = False) -> Tensor:
    """The state each block starts from, `[n, batch, blocks]`, where all starts from rest.

    `maps [n, n + 1, batch, blocks]` says what each block does to its start: a matrix, and in the last column a shift.
    Composed by doubling (Hillis and Steele 1986): as many rounds as the number of blocks has binary digits.
    """
    maps = maps.flip(-1) if reverse else maps
    reach = 1
    while reach < maps.shape[-1]:
        maps = torch.cat([maps[..., :reach], _after(maps[..., reach:], maps[..., :-reach])], dim=-1)
        reach *= 2
    before = F.pad(maps[:, -1, :, :-1], (1, 0))
    return before.flip(-1) if reverse else before


def _after(second: Tensor, first: Tensor) -> Tensor:
    """The map that does `first`, then `second`."""
    size = first.shape[0]
    both = second[:, 0:1] * first[0]
    for row in range(1, size):
        both.addcmul_(second[:, row : row + 1], first[row])
    both[:, size] += second[:, size]
    return both

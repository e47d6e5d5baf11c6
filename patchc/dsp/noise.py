"""White noise from a counter: a hash of seed, stream and sample number, the same in any order and any batch."""

from __future__ import annotations

import torch
from torch import Tensor

_LOW = 0xFFFFFFFF


def white(seed: int | Tensor, key: int, start: int, time: int, device: torch.device) -> Tensor:
    """Noise of samples `start .. start + time`, float64 `[1, time]`; `[batch, time]` if `seed` is int64 `[batch]`.

    Even over -1 .. 1 in steps of 2 ** -23, so that float32 and float64 hold the same numbers. `key` tells streams of
    one seed apart. Two hash rounds with two halves of a 64-bit stream number keep streams from being each other's
    shuffles.
    """
    stream = seed.to(device).view(-1, 1) if isinstance(seed, Tensor) else torch.tensor([[seed]], device=device)
    first = _mix(_mix(stream & _LOW) ^ _mix((stream >> 32) & _LOW ^ 0x9E3779B9) ^ (key & _LOW))
    second = _mix(first ^ ((key >> 32) & _LOW) ^ 0x85EBCA6B)
    sample = torch.arange(start, start + time, device=device)
    word = _mix(_mix((sample + first) & _LOW) ^ second)
    return ((word >> 8) - 2**23).double() / 2**23


def _mix(word: Tensor) -> Tensor:
    """A hash of 32 bits, in int64: `lowbias32` (Wellons 2018, public domain). Every bit flips half the others."""
    word = ((word ^ (word >> 16)) * 0x7FEB352D) & _LOW
    word = ((word ^ (word >> 15)) * 0x846CA68B) & _LOW
    return word ^ (word >> 16)

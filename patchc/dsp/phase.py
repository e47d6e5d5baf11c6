"""Phase of an oscillator: the running sum of its frequency, in cycles."""

from __future__ import annotations

import torch
from torch import Tensor


def accumulate_phase(freq: Tensor, rate: float, time: int) -> Tensor:
    """Cycles completed before each of `time` ticks, 0..1, `[batch, time]`; `freq` in Hz is `[batch, time or 1]`.

    In float64 until wrapped: a float32 sum is off by 1e-3 cycles after 4 s of 3.5 kHz. A constant frequency needs no
    sum at all, which makes its phase exact however long the sound.
    """
    step = freq.double() / rate
    if freq.shape[-1] == 1:
        cycles = step * torch.arange(time, dtype=torch.float64, device=freq.device)
    else:
        cycles = step.cumsum(1) - step
    return wrap(cycles).to(freq.dtype)


def wrap(cycles: Tensor) -> Tensor:
    """`cycles - floor(cycles)`, with a gradient of one even where it jumps."""
    return cycles - cycles.detach().floor()

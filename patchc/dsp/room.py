"""Noise made to measure: through bands that move, and as the impulse response of a room."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from patchc.dsp.fft import convolve, cosines, overlap_add
from patchc.dsp.resample import at_times

_FRAMES = 250  # filters a second, as in DDSP at 16 kHz with a hop of 64
_POINTS = 1024  # no transform is longer
_FADE = 0.1  # the share of a room, at its end, over which it is faded out

White = Callable[[int, int], Tensor]
"""`white(start, time)` is noise of samples `start .. start + time`, `[batch or 1, time]`."""


def shaped(white: White, gains: Tensor, hop: int, rate: float, time: int) -> Tensor:
    """White noise through the spectra `gains` `[batch, frames or 1, bands]`, a frame every `hop` samples.

    The filter is of linear phase, brought to zero delay, its response the cosine transform of `gains` under a Hann
    window (Engel et al. 2020). The noise is cut into overlapping Hann windows that add up to one; each goes through the
    filter at its centre. With `gains` that stand constant that is one convolution.
    """
    reach = gains.shape[-1] - 1  # samples that the response reaches to either side
    if gains.shape[1] == 1:
        return convolve(white(-reach, time + 2 * reach), response(gains[:, 0]), time + 2 * reach)[0][:, 2 * reach :]
    step = window_step(rate, reach)
    first, last = -math.ceil(reach / step), math.ceil((time + reach) / step)
    centres = torch.arange(first, last + 1, dtype=torch.float64, device=gains.device) * step
    windows = white((first - 1) * step, (last - first + 2) * step).unfold(1, 2 * step, step) * _hann(2 * step, gains)
    moving = at_times(gains, centres / hop)
    sounds = _filtered(windows, moving)
    start = (1 - first) * step + reach
    return overlap_add(sounds, step)[:, start : start + time]


def window_step(rate: float, reach: int) -> int:
    """Samples from one window of noise to the next, where responses reach so far to either side."""
    return max(1, min(round(rate / _FRAMES), _POINTS // 2 - reach))


def reverberate(x: Tensor, white: Tensor, decay: Tensor, rate: float) -> Tensor:
    """`x` `[batch, time]` through `white` `[1, taps]`, made to fall by 60 dB in `decay` s and to have unit energy.

    A `decay` that moves, `[batch, time]`, counts by its mean.
    """
    return convolve(x, impulse_response(white, mean(decay), rate), x.shape[1])[0]


def impulse_response(white: Tensor, decay: Tensor, rate: float) -> Tensor:
    """What `reverberate` convolves with, `[batch, taps]`; `decay` is `[batch, 1]`.

    The last tenth is faded out along a line, so that a room that takes longer to fall does not stop dead.
    """
    taps = white.shape[1]
    ticks = torch.arange(taps, dtype=torch.float64, device=white.device)
    fade = ((taps - ticks) / (taps * _FADE)).clamp(max=1.0)
    falling = white * fade.to(white.dtype) * torch.exp((ticks / rate).to(white.dtype) * math.log(0.001) / decay)
    return falling / torch.sqrt(total(falling * falling))


def mean(x: Tensor) -> Tensor:
    """The mean over time, `[batch, 1]`."""
    return x if x.shape[1] == 1 else total(x) / x.shape[1]


def total(x: Tensor) -> Tensor:
    """The sum over time, `[batch, 1]`, in two stages: torch would cut one long sum by the number of threads."""
    return F.pad(x, (0, -x.shape[1] % 1024)).view(x.shape[0], -1, 1024).sum(2).sum(1, keepdim=True)


def _filtered(windows: Tensor, gains: Tensor) -> Tensor:
    """Each window through its own filter: `[batch, count, length + response - 1]`."""
    batch, count = max(windows.shape[0], gains.shape[0]), gains.shape[1]
    responses = response(gains.flatten(0, 1)).view(gains.shape[0], count, -1).expand(batch, -1, -1)
    length = windows.shape[2] + responses.shape[2] - 1
    rows = convolve(windows.expand(batch, -1, -1).flatten(0, 1), responses.flatten(0, 1), length)[0]
    return rows.view(batch, count, length)


def response(gains: Tensor) -> Tensor:
    """`[rows, bands]` to centred impulse responses `[rows, 2 (bands - 1)]`."""
    return cosines(gains, False)[0] * _hann(2 * gains.shape[1] - 2, gains)


def _hann(length: int, like: Tensor) -> Tensor:
    window: Tensor = torch.hann_window(length, periodic=True, dtype=torch.float64, device=like.device)
    return window.to(like.dtype)

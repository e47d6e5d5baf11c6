"""Short-time power spectra by one framing and one real FFT, and the mean difference of what is made of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

import torch
from torch import Tensor
from torch.nn.functional import pad

from patchc.losses.spectra import fused
from patchc.losses.spectra.kernel import Scale

_Key = tuple[int, int, int, int, int | None]
_seen: ContextVar[dict[_Key, tuple[Tensor, Tensor]] | None] = ContextVar("seen", default=None)


def shared() -> AbstractContextManager[None]:
    """Inside, the power spectrum of one tensor at one size and hop is computed once, whoever asks for it.

    A compiler of torch shares common terms by itself, and does not trace context variables.
    """
    return nullcontext() if torch.compiler.is_compiling() else _remembered()


@contextmanager
def _remembered() -> Iterator[None]:
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def power_spectrum(signal: Tensor, size: int, hop: int, points: int | None = None) -> Tensor:
    """|STFT|² of `[..., time]` as `[..., time // hop + 1, points // 2 + 1]`; `points` (`size`, or more) is the FFT's.

    Hann window (periodic) of `size` samples every `hop`; frame k is centred at sample k * hop, with silence outside the
    signal, so signals of any length have at least one frame. Not normalised: a sine of amplitude 1 has the power
    `(hann_sum(size) / 2) ** 2` at its peak.
    """
    seen = None if torch.compiler.is_compiling() else _seen.get()
    if seen is None:
        return _power_spectrum(signal, size, hop, points)
    version = 0 if signal.is_inference() else signal._version
    key = (id(signal), version, size, hop, points)
    if key not in seen:
        seen[key] = signal, _power_spectrum(signal, size, hop, points)  # a tensor that is kept keeps its id
    return seen[key][1]


def _power_spectrum(signal: Tensor, size: int, hop: int, points: int | None) -> Tensor:
    scale = Scale(size, hop)
    if points in (None, size) and fused.serves(signal, [scale]):
        return fused.power(signal, scale, lambda rows: _formula(rows, size, hop, size))
    return _formula(signal, size, hop, points)


def _formula(signal: Tensor, size: int, hop: int, points: int | None) -> Tensor:
    window = torch.hann_window(size, dtype=signal.dtype, device=signal.device)
    frames = pad(signal, (size // 2, size - size // 2)).unfold(-1, size, hop)
    spectrum = torch.view_as_real(torch.fft.rfft(frames * window, n=points))
    return spectrum.square().sum(-1)


def hann_sum(size: int) -> float:
    """The sum of a periodic Hann window."""
    return size / 2


def floor_power(level: float, size: int) -> float:
    """The power, in `power_spectrum`'s scale, of a sine at `level` dB re full scale: what is counted as silence."""
    return float((10 ** (level / 20) * hann_sum(size) / 2) ** 2)


def mean_square(power: Tensor, size: int) -> Tensor:
    """The mean square of each frame `[...]` (window compensated) from its power spectrum `[..., bins]`, by Parseval."""
    both_sides = torch.full((power.shape[-1],), 2.0, dtype=power.dtype, device=power.device)
    both_sides[0] = 1.0
    if size % 2 == 0:
        both_sides[-1] = 1.0
    return (power * both_sides).sum(-1) / (size * 3 * size / 8)  # 3/8 size is the sum of the squared Hann window


def difference(prediction: Tensor, target: Tensor) -> Tensor:
    """The mean absolute difference of each item of a batch, `[batch]`."""
    return (prediction - target).abs().flatten(1).mean(-1)


def total(parts: list[Tensor]) -> Tensor:
    """The sum of several losses, each `[batch]`."""
    return torch.stack(parts).sum(0)


def nearest_power_of_two(value: float, low: int = 4, high: int = 65536) -> int:
    """The power of two nearest to `value` in octaves, held inside `low` .. `high`."""
    return int(min(max(2 ** round(math.log2(max(value, 1.0))), low), high))

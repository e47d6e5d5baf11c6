"""Scales of hearing: A-weighting, mel filters that are never empty, and the cosine transform of a cepstrum."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def bin_frequencies(size: int, rate: float) -> Tensor:
    """The frequencies in Hz of the bins of a real FFT, `[size // 2 + 1]`, float64."""
    return torch.arange(size // 2 + 1, dtype=torch.float64) * (rate / size)


def a_weighting(frequency: Tensor) -> Tensor:
    """The power gain of A-weighting at frequencies in Hz; one at 1 kHz, zero at 0 Hz. (IEC 61672-1:2013, annex E.)"""
    return _a_curve(frequency.square()) / _a_curve(torch.tensor(1e6, dtype=frequency.dtype))


def _a_curve(f2: Tensor) -> Tensor:
    top = (12194.217**2 * f2.square()).square()
    low, high = (f2 + 20.598997**2).square(), (f2 + 12194.217**2).square()
    return top / (low * high * (f2 + 107.65265**2) * (f2 + 737.86223**2))


def mel(frequency: float) -> float:
    """Hz in mel: `2595 log10(1 + f / 700)` (O'Shaughnessy 1987)."""
    return 2595.0 * math.log10(1.0 + frequency / 700.0)


def mel_filters(bands: int, size: int, rate: float, low: float, high: float) -> Tensor:
    """Triangular filters even on the mel scale, `[bins, bands]`, float64; neighbours overlap by half and add up to one.

    A weight is the mean of the triangle over its bin rather than its value at the bin's middle. So a filter narrower
    than a bin still hears something, for any number of bands.
    """
    mels = torch.linspace(mel(low), mel(high), bands + 2, dtype=torch.float64)
    corners = 700.0 * (10 ** (mels / 2595.0) - 1.0)
    step = rate / size
    edges = (torch.arange(size // 2 + 2, dtype=torch.float64) - 0.5) * step
    area = _area_below(edges[:, None], corners[:-2], corners[1:-1], corners[2:])
    return area.diff(dim=0) / step


def _area_below(f: Tensor, left: Tensor, top: Tensor, right: Tensor) -> Tensor:
    """The integral up to `f` of a triangle that rises from `left` to one at `top` and falls to zero at `right`."""
    rising = (f - left).clamp(min=0).minimum(top - left).square() / (2 * (top - left))
    fallen = (right - f).clamp(min=0).minimum(right - top).square() / (2 * (right - top))
    return rising + (right - top) / 2 - fallen


def cosine_matrix(bands: int, coefficients: int) -> Tensor:
    """The first columns of the orthonormal DCT-II, `[bands, coefficients]`, float64."""
    k = torch.arange(coefficients, dtype=torch.float64)
    n = torch.arange(bands, dtype=torch.float64)[:, None]
    matrix = torch.cos(math.pi / bands * (n + 0.5) * k) * math.sqrt(2.0 / bands)
    matrix[:, 0] /= math.sqrt(2.0)
    return matrix

"""The pitch of one note: YIN over frames, a check by harmonics against octave slips, a long spectrum to refine it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from patchc.losses import spectra

LOWEST, HIGHEST = 27.5, 4200.0
"""Hz between which a pitch is looked for."""

_DIP = 0.15  # a YIN dip below this is taken at once, as the first one of its frame
_UNVOICED = 0.45  # a frame whose best dip is above this has no pitch
_LOUD = 0.1  # frames softer than this share of the loudest frame's amplitude are not listened to
_DECAY = 0.84  # what each harmonic counts, times the one below it (Hermes 1988)
_MARGIN = 1.15  # by how much an octave, fifth or twelfth beside YIN's pitch must be the better explanation
_NEIGHBOURS = (1.0, 0.5, 2.0, 1 / 3, 3.0)


@dataclass(frozen=True)
class Pitch:
    """A fundamental in Hz, and the share of the sounding frames in which it was heard (within half a semitone)."""

    frequency: float
    confidence: float


def find_pitch(signal: Tensor, rate: float) -> Pitch | None:
    """The pitch of `[samples]`, or None where nothing periodic sounds. (de Cheveigné and Kawahara 2002.)"""
    frames, lag = _frames(signal.detach().to("cpu", torch.float64), rate)
    if frames is None:
        return None
    found, depth = _dips(frames, rate, lag)
    heard = found[depth < _UNVOICED]
    if heard.numel() == 0:
        return None
    median = float(heard.log2().median().exp2())
    frequency = _refined(signal, rate, _best_neighbour(signal, rate, median))
    agreeing = ((heard / median).log2().abs() < 1 / 24).sum()
    return Pitch(frequency, float(agreeing) / found.numel())


def _frames(signal: Tensor, rate: float) -> tuple[Tensor | None, int]:
    """The sounding frames `[frames, samples]`, each two longest lags long, and that lag."""
    lag = min(round(rate / LOWEST), signal.shape[-1] // 2)
    if lag < 4:
        return None, lag
    frames = signal.unfold(-1, 2 * lag, max(1, lag // 2))
    power = frames.square().mean(-1)
    loud = power > _LOUD**2 * power.max()
    return (frames[loud] if bool(loud.any()) else None), lag


def _dips(frames: Tensor, rate: float, lag: int) -> tuple[Tensor, Tensor]:
    """The frequency `[frames]` of each frame's first deep dip of the normalised difference function, and its depth."""
    difference = _difference(frames, lag)
    mean = difference[:, 1:].cumsum(-1) / torch.arange(1, lag, dtype=frames.dtype)
    normal = torch.cat([torch.ones_like(mean[:, :1]), difference[:, 1:] / mean.clamp(min=1e-20)], -1)
    first = max(2, int(rate / HIGHEST))
    inner = normal[:, first:-1]
    valley = (inner <= normal[:, first - 1 : -2]) & (inner <= normal[:, first + 1 :])
    deepest = torch.where(valley, inner, 9.0).min(-1)
    deep = valley & (inner < torch.maximum(deepest.values * 1.2 + 0.01, torch.tensor(_DIP, dtype=inner.dtype))[:, None])
    place = torch.where(deep.any(-1), deep.to(torch.uint8).argmax(-1), deepest.indices) + first
    rows = torch.arange(len(frames))
    left, middle, right = (normal[rows, place + step] for step in (-1, 0, 1))
    return rate / (place + _vertex(left, middle, right)), middle


def _difference(frames: Tensor, lag: int) -> Tensor:
    """`sum over j < lag of (x[j] - x[j + t])²` for t in 0 .. lag - 1, `[frames, lag]`."""
    size = 2 ** (3 * lag).bit_length()
    head = torch.fft.rfft(frames[:, :lag], size)
    product = torch.fft.irfft(head.conj() * torch.fft.rfft(frames, size), size)[:, :lag]
    energy = torch.nn.functional.pad(frames.square().cumsum(-1), (1, 0))
    moving = energy[:, lag : 2 * lag] - energy[:, :lag]
    difference: Tensor = moving[:, :1] + moving - 2 * product
    return difference.clamp(min=0.0)


def _vertex(left: Tensor, middle: Tensor, right: Tensor) -> Tensor:
    """Where the parabola through three neighbouring values turns, -0.5 .. 0.5 from the middle one."""
    bend = left - 2 * middle + right
    flat = bend.abs() < 1e-20
    place: Tensor = 0.5 * (left - right) / torch.where(flat, 1.0, bend)
    return torch.where(flat, 0.0, place).clamp(-0.5, 0.5)


def _long_spectrum(signal: Tensor, rate: float) -> tuple[Tensor, float]:
    """The magnitudes `[bins]` of the loudest third of a second, and the width of a bin in Hz."""
    size = spectra.nearest_power_of_two(0.34 * rate, low=256)
    power = spectra.power_spectrum(signal.detach().to("cpu", torch.float64), size, size // 4)
    return power[int(power.sum(-1).argmax())].sqrt(), rate / size


def _best_neighbour(signal: Tensor, rate: float, frequency: float) -> float:
    """`frequency`, or the octave or twelfth beside it that explains the spectrum clearly better."""
    magnitude, width = _long_spectrum(signal, rate)
    candidates = [frequency * ratio for ratio in _NEIGHBOURS if LOWEST <= frequency * ratio <= HIGHEST]
    scores = [_harmonic_sum(magnitude, width, candidate) for candidate in candidates]
    best = max(range(len(scores)), key=scores.__getitem__)
    return candidates[best] if scores[best] > _MARGIN * scores[0] else candidates[0]


def _harmonic_sum(magnitude: Tensor, width: float, frequency: float) -> float:
    """The weighted sum of root magnitudes at the harmonics of `frequency`, each the loudest within 3 % of its place."""
    total = 0.0
    for harmonic in range(1, 16):
        low, high = (int(frequency * harmonic * share / width) for share in (0.97, 1.03))
        if high + 2 >= len(magnitude):
            break
        total += _DECAY ** (harmonic - 1) * float(magnitude[low : high + 2].max().sqrt())
    return total


def _refined(signal: Tensor, rate: float, frequency: float) -> float:
    """The frequency that the first partials agree on: each one's peak, interpolated, weighted by its magnitude."""
    magnitude, width = _long_spectrum(signal, rate)
    level = (magnitude + 1e-12).log()
    places: list[float] = []
    weights: list[float] = []
    for harmonic in range(1, 9):
        low, high = (round(frequency * harmonic * share / width) for share in (0.97, 1.03))
        if low < 2 or high + 2 >= len(magnitude):
            continue
        peak = low + int(magnitude[low : high + 1].argmax())
        vertex = float(_vertex(level[peak - 1], level[peak], level[peak + 1]))
        places.append((peak + vertex) * width / harmonic)
        weights.append(float(magnitude[peak]) * harmonic)
    if not places:
        return frequency
    middle = _weighted_median(places, weights)
    return middle if abs(middle / frequency - 1) < 0.03 else frequency


def _weighted_median(values: list[float], weights: list[float]) -> float:
    half = sum(weights) / 2
    for value, weight in sorted(zip(values, weights, strict=True)):
        half -= weight
        if half <= 0:
            return value
    return values[-1]

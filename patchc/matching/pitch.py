"""The pitch of one note: how alike frames are to themselves a period later, a check against octave slips, a refinement.

Accurate to 10 cents wherever a note lasts three periods (tests/matching/test_pitch.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from patchc.losses import spectra
from patchc.matching.partials import explained_by_two_tones, partials_of

LOWEST = 27.5
"""Hz: the lowest pitch that is looked for, the lowest key of a piano."""

_LONGEST_PERIOD = 1.06 / LOWEST  # seconds: a little more than the lowest pitch takes
_INTERPOLATED = 96_000.0  # Hz: lags are this close at least
_CLEAR = 0.9  # the first likeness that comes this close to the greatest is that of one period (McLeod and Wyvill 2005)
_VOICED = 0.6  # a frame less like itself than this has no pitch
_AGREEING = 0.12  # where fewer of the sounding frames than this agree, there is no pitch
_LOUD = 0.1  # frames softer than this share of the loudest frame's amplitude do not count
_AUDIBLE = 1e-3  # of the peak: what is softer before and after the note is cut off
_SILENT = 1e-6  # amplitude, and share of a constant offset, below which nothing sounds
_HALF_SEMITONE = 1 / 24  # octaves
_CHORD = 0.4  # what a pitch is trusted less where two tones explain the spectrum as well
_LONG_WINDOW = 0.34  # seconds of spectrum that refine a pitch


@dataclass(frozen=True)
class Pitch:
    """A fundamental in Hz; `confidence` 0..1: the share of sounding frames that agree on it, times their likeness.

    Where two tones with partials of their own explain the spectrum, as in a chord, it is 0.4 at most.
    """

    frequency: float
    confidence: float


def find_pitch(signal: Tensor, rate: float) -> Pitch | None:
    """The pitch of `[samples]` at `rate` Hz, or None where nothing periodic sounds.

    The difference of a frame and itself some time later is least after a period (de Cheveigné and Kawahara 2002); it is
    normalised by the energy of both (McLeod and Wyvill 2005), so that silence and constants are like nothing.
    """
    sounding = _sounding(signal.detach().to("cpu", torch.float64))
    frames, lag = _frames(sounding, rate)
    if frames is None:
        return None
    found, likeness = _periods(frames, lag, rate)
    voiced = likeness > _VOICED
    if not bool(voiced.any()):
        return None
    median = float(found[voiced].log2().median().exp2())
    agreeing = voiced & ((found / median).log2().abs() < _HALF_SEMITONE)
    share = float((likeness * agreeing).mean())
    if share < _AGREEING or median < LOWEST / 1.01:
        return None
    frequency = _refined(sounding, rate, float(found[agreeing].median()))
    chord = explained_by_two_tones(partials_of(sounding, rate, frequency))
    return Pitch(frequency, min(share, _CHORD) if chord else share)


def pitch_track(signal: Tensor, rate: float) -> tuple[Tensor, Tensor] | None:
    """The frequency of each sounding frame of `[samples]` in Hz and how like itself it is a period later, `[frames]`.

    None where nothing sounds.
    """
    frames, lag = _frames(_sounding(signal.detach().to("cpu", torch.float64)), rate)
    return None if frames is None else _periods(frames, lag, rate)


def _sounding(signal: Tensor) -> Tensor:
    """`[samples]` without a constant offset, and without what is silent before and after; empty for silence."""
    if signal.numel() == 0:
        return signal
    centred = signal - signal.mean()
    peak = float(centred.abs().max())
    if peak < _SILENT * max(1.0, float(signal.abs().max())):
        return signal[:0]
    audible = (centred.abs() > _AUDIBLE * peak).nonzero().flatten()
    sounding = signal[int(audible[0]) : int(audible[-1]) + 1]
    return sounding - sounding.mean()


def _frames(signal: Tensor, rate: float) -> tuple[Tensor | None, int]:
    """The sounding frames `[frames, samples]`, each two longest lags long and without its mean, and that lag."""
    lag = min(math.ceil(rate * _LONGEST_PERIOD), signal.shape[-1] // 2)
    if lag < 8:
        return None, lag
    frames = signal.unfold(-1, 2 * lag, max(1, lag // 2))
    frames = frames - frames.mean(-1, keepdim=True)
    power = frames.square().mean(-1)
    loud = power > _LOUD**2 * power.max()
    return (frames[loud] if bool(loud.any()) else None), lag


def _periods(frames: Tensor, lag: int, rate: float) -> tuple[Tensor, Tensor]:
    """Each frame's frequency in Hz `[frames]`, and how like itself it is a period later, 0..1 `[frames]`."""
    finer = max(1, math.ceil(_INTERPOLATED / rate))
    alike = _likeness(frames, lag, finer)
    inner = alike[:, 1:-1]
    peak = (inner >= alike[:, :-2]) & (inner > alike[:, 2:]) & _past_the_first_fall(inner)
    height = torch.where(peak, inner, -1.0)
    clear = peak & (inner > _CLEAR * height.amax(-1, keepdim=True))
    first = clear.to(torch.uint8).argmax(-1) + 1
    place = _last_multiple(alike, first.double())
    found = alike.gather(1, first[:, None])[:, 0].clamp(0.0, 1.0)
    return finer * rate / place, torch.where(clear.any(-1), found, 0.0)


def _past_the_first_fall(alike: Tensor) -> Tensor:
    """Where `[frames, lags]` has once been below zero: the likeness to a moment ago says nothing about periods."""
    return (alike < 0).cumsum(-1) > 0


def _likeness(frames: Tensor, lag: int, finer: int) -> Tensor:
    """`1 - sum (x[j] - x[j + t])² / sum (x[j]² + x[j + t]²)`, j < lag, for t in steps of 1 / `finer` below `lag`."""
    size = 2 ** (3 * lag).bit_length()
    head = torch.fft.rfft(frames[:, :lag], size)
    product = finer * torch.fft.irfft(head.conj() * torch.fft.rfft(frames, size), size * finer)[:, : lag * finer]
    energy = torch.nn.functional.pad(frames.square().cumsum(-1), (1, 0))
    moving = _interpolated(energy[:, lag : 2 * lag + 1] - energy[:, : lag + 1], finer)
    both = moving[:, :1] + moving
    alike: Tensor = 2 * product / both.clamp(min=1e-9 * float(both.max()) + 1e-30)
    return alike


def _interpolated(values: Tensor, finer: int) -> Tensor:
    """`[frames, n + 1]` linearly at `n * finer` places."""
    share = torch.arange(finer, dtype=values.dtype) / finer
    between = values[:, :-1, None] + share * (values[:, 1:, None] - values[:, :-1, None])
    return between.flatten(1)


def _last_multiple(alike: Tensor, period: Tensor) -> Tensor:
    """`period` `[frames]`, in lags, read off the longest multiple that is in sight: the longer, the more exact."""
    period = _peak_near(alike, period)
    multiple = torch.ones_like(period)
    while True:
        wider = multiple * 2 * period < alike.shape[-1] - 2
        if not bool(wider.any()):
            return period
        multiple = torch.where(wider, multiple * 2, multiple)
        period = torch.where(wider, _peak_near(alike, multiple * period) / multiple, period)


def _peak_near(alike: Tensor, place: Tensor) -> Tensor:
    """The top of the likeness within one lag of `place` `[frames]`, interpolated by a parabola."""
    near = (place.round().long()[:, None] + torch.arange(-1, 2)).clamp(1, alike.shape[-1] - 2)
    top = near.gather(1, alike.gather(1, near).argmax(-1, keepdim=True))
    left, middle, right = (alike.gather(1, top + step)[:, 0] for step in (-1, 0, 1))
    return top[:, 0] + vertex(left, middle, right)


def vertex(left: Tensor, middle: Tensor, right: Tensor) -> Tensor:
    """Where the parabola through three neighbouring values has its top, -0.5 .. 0.5 from the middle one."""
    bend = left - 2 * middle + right
    flat = bend.abs() < 1e-20
    place: Tensor = 0.5 * (left - right) / torch.where(flat, 1.0, bend)
    return torch.where(flat, 0.0, place).clamp(-0.5, 0.5)


def _refined(signal: Tensor, rate: float, frequency: float) -> float:
    """The frequency the first partials of a long note agree on: each one's peak, weighted by its magnitude."""
    size = spectra.nearest_power_of_two(_LONG_WINDOW * rate, low=256)
    width = rate / size
    if signal.shape[-1] < size or frequency < 6 * width:
        return frequency
    power = spectra.power_spectrum(signal, size, size // 4)
    magnitude = power[int(power.sum(-1).argmax())].sqrt()
    level = (magnitude + 1e-12).log()
    places: list[tuple[float, float]] = []
    for harmonic in range(1, 9):
        low, high = (round(frequency * harmonic * share / width) for share in (0.97, 1.03))
        if high + 2 >= len(magnitude):
            break
        peak = low + int(magnitude[low : high + 1].argmax())
        beside = float(vertex(level[peak - 1], level[peak], level[peak + 1]))
        places.append(((peak + beside) * width / harmonic, float(magnitude[peak]) * harmonic))
    middle = _weighted_median(places) if places else frequency
    return middle if abs(math.log2(middle / frequency)) < _HALF_SEMITONE / 2 else frequency


def _weighted_median(values: list[tuple[float, float]]) -> float:
    half = sum(weight for _, weight in values) / 2
    for value, weight in sorted(values):
        half -= weight
        if half <= 0:
            return value
    return values[-1][0]

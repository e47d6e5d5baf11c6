"""What else the pitch of a sound may be than the one found: octaves that its spectrum allows, its strongest partials.

The period of a sound that is not harmonic, such as a bell, is one at which its partials nearly repeat: a low frequency
that none of them has. Few of its multiples then sound, which is how it is told apart.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor

from patchc.matching.partials import partials_of
from patchc.matching.pitch import Pitch, vertex

_LOWER = 0.01  # of the power, between the harmonics: what makes the octave below possible
_UPPER = 0.5  # of the power, in even harmonics: what makes the octave above possible
_LOW = 8  # harmonics of the octave below that are looked at: a glide smears the higher ones
_PERIODS = 16  # of a sound, in which they are looked for
_SOUNDS = 1e-3  # of the strongest harmonic's power: what sounds
_SPARSE = 0.5  # the share of harmonics up to the highest that sound, below which the pitch may be none of them
_OFF = 25 / 1200  # octaves beside a harmonic at which a partial is none
_CROWDED = 0.3  # of the pitch found: partials closer than this are one that moves
_INHARMONIC = 0.1  # of the power of strong partials, beside harmonics: then one of them may be the pitch
_STRONG = 1e-2  # of the strongest partial's power: what may be the pitch
_MOST = 4  # partials that are tried
_APART = 1 / 24  # octaves between two candidates


def pitch_candidates(signal: Tensor, rate: float, pitch: Pitch) -> tuple[float, ...]:
    """Frequencies in Hz that `[samples]` may have besides the `pitch` found, the most likely first; often none."""
    signal, found = signal.detach().to("cpu", torch.float64), pitch.frequency
    partials = _strongest(signal, rate)
    inharmonic = not _is_smeared(partials, found) and _off(partials, found) > _INHARMONIC
    if inharmonic or _is_sparse(partials_of(signal, rate, found)):
        late = _strongest(signal[len(signal) // 3 :], rate)
        return _distinct([hz for hz, _ in (*partials, *late)], found)[:_MOST]
    halves = partials_of(_loudest(signal, round(_PERIODS * rate / found)), rate, found / 2)[:_LOW]
    between, total = sum(halves[::2]), sum(halves) + 1e-30
    even = sum(halves[3::4])
    lower = [found / 2] if between > _LOWER * total else []
    return (*lower, *([2 * found] if even > _UPPER * total else []))


def _loudest(signal: Tensor, size: int) -> Tensor:
    """The stretch of `size` samples with the most power: short enough for a pitch that glides."""
    if len(signal) <= size:
        return signal
    blocks = signal.unfold(-1, size, max(1, size // 4))
    return blocks[int(blocks.square().sum(-1).argmax())]


def _is_sparse(powers: list[float]) -> bool:
    """Whether most harmonics below the highest that sounds do not."""
    least = _SOUNDS * max(powers, default=0.0)
    sounding = [number for number, power in enumerate(powers, 1) if power > least]
    return bool(sounding) and len(sounding) < _SPARSE * sounding[-1]


def _off(partials: list[tuple[float, float]], found: float) -> float:
    """The share of the power of `partials` (Hz, power) that lies beside the harmonics of the pitch found."""
    total = sum(power for _, power in partials) + 1e-30
    return sum(power for hz, power in partials if _beside(hz / found)) / total


def _is_smeared(partials: list[tuple[float, float]], found: float) -> bool:
    """Whether many of the strong partials lie close together, as those of a pitch that glides."""
    places = sorted(hz for hz, _ in partials)
    close = sum(after - before < _CROWDED * found for before, after in pairwise(places))
    return close > len(places) / 4


def _beside(ratio: float) -> bool:
    return abs(math.log2(ratio / max(1, round(ratio)))) > _OFF


def _strongest(signal: Tensor, rate: float) -> list[tuple[float, float]]:
    """The strongest partials, each in Hz with its power, the strongest first."""
    window = torch.hann_window(len(signal), periodic=False, dtype=signal.dtype)
    power = torch.fft.rfft(signal * window).abs().square()
    left, inner, right = power[:-2], power[1:-1], power[2:]
    peaks = ((inner >= left) & (inner > right) & (inner > _STRONG * power.max())).nonzero()[:, 0]
    peaks = peaks[inner[peaks].argsort(descending=True)]
    beside = vertex(*((part[peaks] + 1e-30).log() for part in (left, inner, right)))
    places = (peaks + 1 + beside) * rate / len(signal)
    return list(zip(places.tolist(), inner[peaks].tolist(), strict=True))


def _distinct(frequencies: list[float], found: float) -> tuple[float, ...]:
    kept = [found]
    for one in frequencies:
        if one > 20 and all(abs(math.log2(one / other)) > _APART for other in kept):
            kept.append(one)
    return tuple(kept[1:])

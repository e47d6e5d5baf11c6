"""Whether the partials of a sound belong to one tone or to two."""

from __future__ import annotations

from itertools import combinations

import torch
from torch import Tensor

_COUNTED = 24  # harmonics that are looked at
_NEAR = 0.25  # of a fundamental: how far from its place a partial counts
_LEFT_OVER = 0.02  # the share of power that one tone may have beside two others


def partials_of(signal: Tensor, rate: float, frequency: float) -> list[float]:
    """The power of `[samples]` near each harmonic of `frequency` Hz, the fundamental first."""
    window = torch.hann_window(signal.shape[-1], periodic=False, dtype=signal.dtype)
    power = torch.fft.rfft(signal * window).abs().square()
    bins = frequency * signal.shape[-1] / rate
    edges = [(round((k - _NEAR) * bins), round((k + _NEAR) * bins) + 1) for k in range(1, _COUNTED + 1)]
    return [float(power[low:high].sum()) for low, high in edges if high <= len(power)]


def explained_by_two_tones(powers: list[float]) -> bool:
    """Whether the multiples of two harmonics above the first, neither a multiple of the other, hold all the power.

    So it is in a fifth: of a fundamental that does not sound, the second and third harmonics and their multiples are
    there, the fifth and the seventh are not. A tone that only lacks its fundamental has these too.
    """
    total = sum(powers)
    if total <= 0 or len(powers) < 3 or powers[0] > _LEFT_OVER * total:
        return False
    return any(
        _share(powers, (one, other)) > 1 - _LEFT_OVER
        and min(_share(powers, (one,)), _share(powers, (other,))) > _LEFT_OVER
        for one, other in combinations(range(2, len(powers) + 1), 2)
        if other % one
    )


def _share(powers: list[float], numbers: tuple[int, ...]) -> float:
    inside = (power for k, power in enumerate(powers, 1) if any(k % number == 0 for number in numbers))
    return sum(inside) / sum(powers)

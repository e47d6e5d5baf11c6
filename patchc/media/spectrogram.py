"""A spectrogram to look at: decibels on a logarithmic frequency axis, as many rows and columns as can be seen."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad

from patchc.losses import spectra

Array = np.ndarray[Any, Any]

LOWEST = 30.0  # Hz, where the frequency axis begins
_ROWS = 240
_COLUMNS = 700
_WINDOWS = (0.17, 0.043, 0.011)  # seconds, the longest first
_CYCLES = 4.0  # what a window must hold of a tone to say how loud it is
_SILENCE = -160.0  # dB


class Spectrogram(NamedTuple):
    """`decibels` `[rows, columns]` re a full-scale sine, lowest frequency first; the ends of its axes."""

    decibels: Array
    low: float
    high: float
    seconds: float


def spectrogram(signal: Tensor, rate: float) -> Spectrogram:
    """The spectrogram of `[samples]`: at every point the least of several window lengths.

    A long window smears time and a short one frequency; both agree on a steady tone's peak, so the least keeps it and
    drops what either has smeared.
    """
    high = min(20_000.0, rate / 2)
    low = min(LOWEST, high / 8)
    edges = np.geomspace(low, high, _ROWS + 1)
    length = signal.shape[-1]
    hop = max(1, round(length / _COLUMNS))
    seen = _rows(signal, rate, _WINDOWS[0], hop, edges)
    for window in _WINDOWS[1:]:
        sees = (edges[:-1] * window > _CYCLES)[:, None]
        seen = np.where(sees, np.minimum(seen, _rows(signal, rate, window, hop, edges)), seen)
    return Spectrogram(seen, low, high, length / rate)


def _rows(signal: Tensor, rate: float, window: float, hop: int, edges: Array) -> Array:
    size = spectra.nearest_power_of_two(window * rate, low=64, high=16384)
    clean = torch.nan_to_num(signal.detach().to("cpu", torch.float32))
    margin = min(-(-size // (2 * hop)), (len(clean) - 1) // hop)
    mirrored = pad(clean[None], (margin * hop, margin * hop), mode="reflect")[0]  # a start at full level is no click
    points = 2 * size  # between two bins a Hann window reads 1.4 dB low, between two half bins 0.4
    power = spectra.power_spectrum(mirrored, size, hop, points)[margin:] / spectra.floor_power(0.0, size)
    power = power[: len(power) - margin]
    level = 10 * np.log10(power.numpy().T + 10 ** (_SILENCE / 10))
    place = edges * points / rate
    return np.where((np.diff(place) > 1.0)[:, None], _loudest(level, place), _between(level, place))


def _loudest(level: Array, place: Array) -> Array:
    """The loudest bin of each row, for rows wider than a bin."""
    first = np.clip(np.ceil(place[:-1]).astype(int), 0, len(level) - 1)
    return np.maximum.reduceat(level, first, axis=0)


def _between(level: Array, place: Array) -> Array:
    """The level at each row's middle, for rows narrower than a bin."""
    middle = np.clip((place[1:] + place[:-1]) / 2, 0, len(level) - 1.001)
    below = middle.astype(int)
    share = (middle - below)[:, None]
    return np.asarray(level[below] * (1 - share) + level[below + 1] * share)

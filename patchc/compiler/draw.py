"""Draws settings from priors: item `i` of a draw depends on the seed, `i`, and each knob's name alone."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import torch
from torch import Tensor

from patchc.compiler.knobs import Knob
from patchc.units.domain import Choice, Curve, Range
from patchc.units.prior import Family, Prior

_MASK = (1 << 32) - 1


def draw(knobs: Sequence[Knob], batch: int, seed: int, first: int = 0) -> Tensor:
    """Positions `[batch, width]` in float64. `draw(knobs, 64, 0)[8:]` is `draw(knobs, 56, 0, 8)`."""
    parts = [_drawn(knob, uniform(seed, knob.name, batch, knob.width, first)) for knob in knobs]
    return torch.cat(parts, dim=1) if parts else torch.zeros(batch, 0, dtype=torch.float64)


def draw_around(knobs: Sequence[Knob], middle: Tensor, spread: float, batch: int, seed: int, first: int = 0) -> Tensor:
    """Positions `[batch, width]` in float64 around `middle` `[1, width]`: numbers and weights move, choices stay.

    A number moves by at most the share `spread` of its range, 0 to 1, to both sides and within the range. Weights are a
    mix of those in the middle and of drawn ones.
    """
    middle = middle.double().expand(batch, -1)
    parts = [
        _moved(knob, middle[:, knob.columns], spread, uniform(seed, knob.name, batch, knob.width, first))
        for knob in knobs
    ]
    return torch.cat(parts, dim=1) if parts else middle


def _moved(knob: Knob, middle: Tensor, spread: float, chance: Tensor) -> Tensor:
    if is_choice(knob):
        return middle
    if not isinstance(knob.domain, Range):
        return (1 - spread) * middle + spread * _drawn(knob, chance)
    low, high = (middle - spread).clamp(0.0, 1.0), (middle + spread).clamp(0.0, 1.0)
    return _stepped(knob.domain, low + (high - low) * chance)


def is_choice(knob: Knob) -> bool:
    """Whether it says which of several things there are, not how much of one."""
    return knob.gate or isinstance(knob.domain, Choice)


def uniform(seed: int, name: str, batch: int, columns: int, first: int = 0) -> Tensor:
    """Numbers between 0 and 1, both excluded, `[batch, columns]`, each a hash of the seed, the name and its place.

    Rows are those from `first` on.
    """
    key = stable_hash(f"{seed}:{name}")
    key_a, key_b = key & _MASK, key >> 32
    items = torch.arange(first, first + batch, dtype=torch.int64).unsqueeze(1)
    entries = torch.arange(columns, dtype=torch.int64).unsqueeze(0)
    word = _mixed(_mixed(items ^ key_a) + entries * 0x9E3779B1 ^ key_b)
    return (word.to(torch.float64) + 0.5) / 2.0**32


def stable_hash(text: str) -> int:
    """63 bits that are the same for a text on every machine and in every run."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") >> 1


def _mixed(word: Tensor) -> Tensor:
    """A bijection of 32 bits that scatters them (the finaliser `lowbias32`, C. Wellons 2018, public domain)."""
    word = word & _MASK
    word = ((word ^ (word >> 16)) * 0x7FEB352D) & _MASK
    word = ((word ^ (word >> 15)) * 0x846CA68B) & _MASK
    return word ^ (word >> 16)


def _drawn(knob: Knob, chance: Tensor) -> Tensor:
    """Positions `[batch, columns]` made of numbers even in 0..1."""
    if knob.gate:
        return (chance < _chance(knob)).to(torch.float64)
    if isinstance(knob.domain, Choice):
        return _one_of(knob.domain, knob.prior, chance[:, :1])
    if isinstance(knob.domain, Range):
        return _stepped(knob.domain, _in_range(knob.domain, knob.prior, chance))
    weights = -torch.log(chance)  # exponentials, normalised: even over all weights that sum to one
    even: Tensor = weights / weights.sum(1, keepdim=True)
    return even


def _chance(knob: Knob) -> float:
    assert isinstance(knob.default, float)
    return knob.default


def _one_of(domain: Choice, prior: Prior | None, chance: Tensor) -> Tensor:
    count = len(domain.members)
    shares = prior.numbers if prior is not None else (1.0,) * count
    edges = [sum(shares[: i + 1]) / sum(shares) for i in range(count - 1)]
    index = torch.bucketize(chance.contiguous(), torch.tensor(edges, dtype=torch.float64), right=True)
    chosen: Tensor = index == torch.arange(count)
    return chosen.to(torch.float64)


def _in_range(domain: Range, prior: Prior | None, chance: Tensor) -> Tensor:
    if prior is None:
        return chance
    match prior.family:
        case Family.UNIFORM:
            low, high = (float(min(max(domain.position(end), 0.0), 1.0)) for end in prior.numbers)
            return low + (high - low) * chance
        case Family.NORMAL:
            return _normal(domain, prior.numbers[0], prior.numbers[1], chance, half=False)
        case Family.HALFNORMAL:
            return _normal(domain, domain.low, prior.numbers[0], chance, half=True)
        case Family.CATEGORICAL:
            return chance


def _normal(domain: Range, centre: float, width: float, chance: Tensor, half: bool) -> Tensor:
    """A normal distribution in octaves (of a `log` range) or in the range's own unit, cut off at the range's ends."""
    low, middle, high = (_coordinate(domain, end) for end in (domain.low, centre, domain.high))
    if width <= 0:
        return torch.full_like(chance, (middle - low) / (high - low))
    ends = torch.tensor([0.0 if half else (low - middle) / width, (high - middle) / width], dtype=torch.float64)
    below, above = torch.special.ndtr(ends)
    inside = torch.special.ndtri((below + (above - below) * chance).clamp(1e-300, 1 - 1e-16))
    place = ((middle + width * inside).clamp(low, high) - low) / (high - low)
    return torch.exp(torch.log(place + 1e-30) / domain.power) if domain.curve is Curve.POW else place


def _coordinate(domain: Range, value: float) -> float:
    return math.log2(value / domain.low) if domain.curve is Curve.LOG else value


def _stepped(domain: Range, positions: Tensor) -> Tensor:
    """The nearest position that lies a whole number of steps above the range's low end."""
    if not domain.step:
        return positions
    count = torch.round((domain.value(positions, torch) - domain.low) / domain.step)
    last = math.floor((domain.high - domain.low) / domain.step + 1e-9)
    value = domain.low + count.clamp(0, last) * domain.step
    place: Tensor = domain.position(value, torch)
    return place.clamp(0.0, 1.0)

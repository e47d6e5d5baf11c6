"""Settings and back: positions 0..1 to natural units and to unbounded numbers, differentiably, knob by knob."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from patchc.compiler.knobs import Knob
from patchc.units.domain import Choice, Curve, Domain, Range
from patchc.units.unit import UNITS

END = 1e-3
"""Unbounded numbers are of positions this far inside an end of the range at least: at the end they are infinite."""

_SLACK = 1e-3  # how far from one weights may add up to and be written as they are
_FEWEST, _MOST = 3, 17  # significant digits of a number that is written


def natural(knob: Knob, positions: Tensor) -> Tensor:
    """Positions `[..., columns]` to base units: `[...]` of a number, `[..., columns]` of vectors and choices."""
    if not isinstance(knob.domain, Range):
        return normalised(positions)
    if knob.domain.curve is Curve.POW:
        positions = positions.clamp(min=0.0)
    value: Tensor = knob.domain.value(positions, torch)
    return value if knob.vector else value[..., 0]


def position(knob: Knob, value: Tensor) -> Tensor:
    """The inverse of `natural`: `[..., columns]`. Outside the range, positions lie outside 0..1."""
    if not isinstance(knob.domain, Range):
        return normalised(value)
    place: Tensor = knob.domain.position(value if knob.vector else value.unsqueeze(-1), torch)
    return place


def normalised(weights: Tensor) -> Tensor:
    """Weights along the last axis that sum to one; below zero counts as none, and no weights at all as even."""
    positive = weights.clamp(min=0.0)
    total = positive.sum(-1, keepdim=True)
    even = torch.full_like(positive, 1.0 / weights.shape[-1])
    return torch.where(total > 0, positive / torch.where(total > 0, total, 1.0), even)


def bounded(knob: Knob, unbounded: Tensor) -> Tensor:
    """Stored numbers to positions: the logistic function, or a softmax over the columns."""
    if isinstance(knob.domain, Range):
        return 0.5 + 0.5 * torch.tanh(0.5 * unbounded)  # torch.sigmoid rounds differently for different batches
    return torch.softmax(unbounded, -1)


def unbounded(knob: Knob, positions: Tensor) -> Tensor:
    """The inverse of `bounded`; positions at an end (and weights of zero) are moved inside by 0.1 %."""
    if isinstance(knob.domain, Range):
        inside = positions.clamp(END, 1 - END)
        return torch.log(inside / (1 - inside))
    even = torch.full_like(positions, 1.0 / positions.shape[-1])
    return torch.log((1 - END) * normalised(positions) + END * even)


def default_positions(knob: Knob) -> list[float]:
    """Where a knob starts, one position per column."""
    if isinstance(knob.default, tuple):
        return [_start(knob.domain, number) for number in knob.default]
    if isinstance(knob.domain, Range):
        return [0.5 if knob.default is None else _start(knob.domain, knob.default)] * knob.width
    if isinstance(knob.domain, Choice):
        return [1.0 if member == knob.default else 0.0 for member in knob.domain.members]
    return [1.0 / knob.width] * knob.width


def _start(domain: Domain, number: float | str) -> float:
    assert not isinstance(number, str)
    return min(max(domain.position(number), 0.0), 1.0) if isinstance(domain, Range) else number


def all_natural(knobs: Sequence[Knob], settings: Tensor) -> dict[str, Tensor]:
    """Every knob by name in base units, `settings` being `[..., width]`."""
    return {knob.name: natural(knob, settings[..., knob.columns]) for knob in knobs}


def written_values(knobs: Sequence[Knob], settings: Tensor) -> dict[str, float | str | list[float]]:
    """One setting `[width]` as a patch writes it: numbers in base units, the strongest member of a choice, lists.

    Numbers have as few digits, in the unit of their knob, as lead back to the same position in the float type of
    `settings`; so what is played after they were written and read is the same sound, bit for bit in float32.
    """
    return {knob.name: _written(knob, settings[knob.columns]) for knob in knobs}


def _written(knob: Knob, places: Tensor) -> float | str | list[float]:
    domain = knob.domain
    if isinstance(domain, Choice):
        return domain.members[int(places.argmax())]
    if not isinstance(domain, Range):
        places, domain = _weights(places), _UNIT
    before = knob.default if isinstance(knob.default, tuple) else (knob.default,) * len(places)
    numbers = [
        _shortest(knob, domain, place, places.dtype, default)
        for place, default in zip(places.tolist(), before, strict=True)
    ]
    return numbers if knob.vector else numbers[0]


_UNIT = Range(low=0.0, high=1.0)


def _weights(places: Tensor) -> Tensor:
    """Weights as they can be written: such as add up to one already, but for rounding, stay as they are."""
    positive = places.clamp(0.0, 1.0)
    return positive if abs(float(positive.sum()) - 1.0) < _SLACK else normalised(places)


def _shortest(knob: Knob, domain: Range, place: float, dtype: torch.dtype, before: float | str | None) -> float:
    """The number of fewest digits whose position, rounded to `dtype`, is `place`; what stood `before` where it does."""
    if isinstance(before, float) and _rounded(domain.position(before), dtype) == place:
        return before
    exact = min(max(float(domain.value(place)), domain.low), domain.high)
    factor = UNITS[knob.unit].factor if knob.unit in UNITS else 1.0
    number = exact
    for digits in range(_FEWEST, _MOST + 1):
        number = min(max(float(f"{exact / factor:.{digits}g}") * factor, domain.low), domain.high)
        if _rounded(domain.position(number), dtype) == place:
            break
    return number


def _rounded(number: float, dtype: torch.dtype) -> float:
    return number if dtype is torch.float64 else torch.tensor(number, dtype=dtype).item()


def blends(knobs: Sequence[Knob], settings: Tensor) -> dict[str, str]:
    """Choices of one setting `[width]` that are between their members, in words: `70 % saw, 30 % square`."""
    found = {}
    for knob in knobs:
        weights = settings[knob.columns].double()
        if isinstance(knob.domain, Choice) and int((weights > 0).sum()) > 1:
            shares = zip(normalised(weights).tolist(), knob.domain.members, strict=True)
            found[knob.name] = ", ".join(f"{100 * share:.3g} % {member}" for share, member in shares if share > 0)
    return found

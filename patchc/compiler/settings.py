"""Settings and back: positions 0..1 to natural units and to unbounded numbers, differentiably, knob by knob."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from patchc.compiler.knobs import Knob
from patchc.units.domain import Choice, Curve, Range

END = 1e-3
"""A learned number that starts at an end of its range starts this far inside, where the way to it has a slope."""


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
    if isinstance(knob.domain, Range):
        start = 0.5 if knob.default is None else knob.domain.position(_number(knob.default))
        return [min(max(start, 0.0), 1.0)] * knob.width
    if isinstance(knob.domain, Choice):
        return [1.0 if member == knob.default else 0.0 for member in knob.domain.members]
    return [1.0 / knob.width] * knob.width


def _number(value: float | str) -> float:
    assert not isinstance(value, str)
    return value


def all_natural(knobs: Sequence[Knob], settings: Tensor) -> dict[str, Tensor]:
    """Every knob by name in base units, `settings` being `[..., width]`."""
    return {knob.name: natural(knob, settings[..., knob.columns]) for knob in knobs}


def written_values(knobs: Sequence[Knob], settings: Tensor) -> dict[str, float | str | list[float]]:
    """One setting `[width]` as a patch writes it: numbers in base units, the strongest member of a choice, lists."""
    values: dict[str, float | str | list[float]] = {}
    for knob in knobs:
        value = natural(knob, settings[knob.columns].double())
        if isinstance(knob.domain, Choice):
            values[knob.name] = knob.domain.members[int(value.argmax())]
        else:
            values[knob.name] = value.tolist()
    return values

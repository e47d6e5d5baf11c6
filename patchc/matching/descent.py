"""Adam on a batch of fits at once, each with its own best, robust against the odd gradient that is far too large."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from patchc.matching.objective import Objective
from patchc.matching.space import Space

_BETAS = (0.9, 0.99)
_OUTLIER = 3.0  # gradients are held below this many times their usual size
_END = 0.03  # the share of the first step that the last one goes


class Stage(NamedTuple):
    """One stretch of a fit: so many steps, how far the first one goes, and what the transport term counts."""

    steps: int
    rate: float
    guide: float


class Seen(NamedTuple):
    """What one step tried: settings `[batch, width]` and their losses `[batch]`."""

    settings: Tensor
    losses: Tensor


def descend(space: Space, objective: Objective, start: Tensor, held: Tensor, stage: Stage) -> Iterator[Seen]:
    """Steps from settings `start` `[batch, width]`; where `held` is not NaN, its numbers stay. Yields every step."""
    place = space.coordinates(start).clone()
    reach = stage.rate * space.rates()
    mean, square = torch.zeros_like(place), torch.zeros_like(place)
    for step in range(stage.steps):
        place.requires_grad_()
        settings = space.settings(place, held)
        losses, guided = objective.guided(settings, stage.guide)
        (slope,) = torch.autograd.grad(guided.sum(), place)
        yield Seen(settings.detach(), losses.detach())
        place = place.detach() - reach * _cosine(step / stage.steps) * _direction(slope, mean, square, step)


def _direction(slope: Tensor, mean: Tensor, square: Tensor, step: int) -> Tensor:
    """Adam's direction (Kingma and Ba 2015); `mean` and `square` are carried on in place."""
    slope = torch.nan_to_num(slope, nan=0.0, posinf=0.0, neginf=0.0)
    first, second = _BETAS
    if step > 0:
        usual = (square / (1 - second**step)).sqrt()
        slope = torch.where(usual > 0, slope.clamp(-_OUTLIER * usual, _OUTLIER * usual), slope)
    mean.mul_(first).add_(slope, alpha=1 - first)
    square.mul_(second).addcmul_(slope, slope, value=1 - second)
    return (mean / (1 - first ** (step + 1))) / ((square / (1 - second ** (step + 1))).sqrt() + 1e-12)


def _cosine(share: float) -> float:
    return _END + (1 - _END) * 0.5 * (1 + math.cos(math.pi * share))

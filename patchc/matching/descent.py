"""Adam on a batch of fits at once, robust against the odd gradient that is far too large."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from patchc.matching.space import Space

_BETAS = (0.9, 0.99)
_OUTLIER = 3.0  # gradients are held below this many times their usual size
_END = 0.03  # the share of the first step that the last one goes


def descend(space: Space, loss: Callable[[Tensor], Tensor], start: Tensor, steps: int, rate: float) -> Iterator[Tensor]:
    """Yields the settings `[batch, width]` after each of `steps` steps from `start`; what is picked stays.

    `loss` gives each of `[batch, width]` its loss `[batch]`. `rate` is how far the first step goes in unbounded
    coordinates; later ones go less and less far.
    """
    place = space.coordinates(start).clone()
    reach = rate * space.rates().to(place)
    mean, square = torch.zeros_like(place), torch.zeros_like(place)
    for step in range(steps):
        place.requires_grad_()
        (gradient,) = torch.autograd.grad(loss(space.settings(place, start)).sum(), place)
        place = place.detach() - reach * _cosine(step / steps) * _direction(gradient, mean, square, step)
        yield space.settings(place, start)


def _direction(gradient: Tensor, mean: Tensor, square: Tensor, step: int) -> Tensor:
    """Adam's direction (Kingma and Ba 2015); `mean` and `square` are carried on in place."""
    gradient = torch.nan_to_num(gradient, nan=0.0, posinf=0.0, neginf=0.0)
    first, second = _BETAS
    if step > 0:
        usual = (square / (1 - second**step)).sqrt()
        gradient = torch.where(usual > 0, gradient.clamp(-_OUTLIER * usual, _OUTLIER * usual), gradient)
    mean.mul_(first).add_(gradient, alpha=1 - first)
    square.mul_(second).addcmul_(gradient, gradient, value=1 - second)
    return (mean / (1 - first ** (step + 1))) / ((square / (1 - second ** (step + 1))).sqrt() + 1e-12)


def _cosine(share: float) -> float:
    return _END + (1 - _END) * 0.5 * (1 + math.cos(math.pi * share))

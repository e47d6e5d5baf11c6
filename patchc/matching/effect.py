"""Knobs that do nothing in a match: wherever they stand, it sounds the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import torch
from torch import Tensor

from patchc.compiler.knobs import Knob
from patchc.matching.level import rms
from patchc.units.domain import Choice

_PLACES = (0.04, 0.5, 0.96)  # of a range: where a number is tried
_SAME = 1e-4  # of the sound's amplitude: a difference that is no difference (-80 dB)


def without_effect(render: Callable[[Tensor], Tensor], settings: Tensor, knobs: Iterable[Knob]) -> Iterator[str]:
    """The names of the `knobs` that change nothing about the sound of `settings` `[1, width]`.

    `render` takes `[batch, width]` to `[batch, samples]` or `[batch, channels, samples]`.
    """
    here = render(settings)
    least = _SAME * float(rms(here)) + 1e-12
    for knob in knobs:
        if float(rms(render(_elsewhere(settings, knob)) - here).max()) < least:
            yield knob.name


def _elsewhere(settings: Tensor, knob: Knob) -> Tensor:
    """`settings` with one knob at other places, `[places, width]`: every choice, or along its range."""
    if knob.gate:
        places = 1 - settings[:, knob.columns].round()
    elif isinstance(knob.domain, Choice):
        places = torch.eye(knob.width).to(settings)
    elif knob.vector:
        rising = torch.linspace(_PLACES[0], _PLACES[-1], knob.width).to(settings)
        places = torch.stack([rising, rising.flip(0)])
    else:
        places = torch.tensor(_PLACES).to(settings)[:, None]
    moved = settings.repeat(len(places), 1)
    moved[:, knob.columns] = places
    return moved

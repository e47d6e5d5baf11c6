"""The numbers a fit moves: which knobs they are, their unbounded coordinates, how far a step goes, what else to try."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import torch
from torch import Tensor

from patchc.compiler.knobs import Knob
from patchc.compiler.settings import bounded, unbounded
from patchc.graph.model import Role
from patchc.units.domain import Choice, Range
from patchc.units.unit import Dimension

_SEMITONE = 1 / 12  # octaves
_TRIED = 16  # places along a range that are tried
_SLOW = 50.0  # Hz: what cannot go faster modulates, and is no tone
_USUAL_STEP = 0.1  # of a descent, in unbounded coordinates
_STEP_OCTAVES = 0.06  # how far that may move a frequency from the middle of its range
_GRADIENT = 0.25  # of the logistic function, in its middle


def tuning(place: int) -> Knob:
    """What stands for the pitch's distance, in octaves, from the one that was found; it is in column `place`."""
    domain = Range(low=-_SEMITONE, high=_SEMITONE, dimension=Dimension.INTERVAL, unit="ct")
    return Knob("tuning", Role.LEARN, Dimension.INTERVAL, "ct", domain, 0.0, None, place, 1)


def moves(knob: Knob) -> bool:
    """Whether a fit may change a knob: what is learned or predicted, and every `maybe`."""
    return knob.gate or knob.role is not Role.FIXED


def is_picked(knob: Knob) -> bool:
    """Whether a knob is one of several things, with nothing in between: a choice, a gate, a number with steps."""
    return knob.gate or isinstance(knob.domain, Choice) or bool(isinstance(knob.domain, Range) and knob.domain.step)


class Space:
    """Settings `[batch, width]` and their unbounded coordinates; what is picked keeps its place among the settings."""

    def __init__(self, knobs: Sequence[Knob], start: Tensor, tuned: bool = False, fixed: Collection[str] = ()) -> None:
        """`start` `[1, width]` are the settings a patch starts from, which hold where nothing moves.

        Knobs called as in `fixed` do not move. `tuned` adds one column: how far the pitch is from the one that was
        found, a semitone at most.
        """
        self.knobs = (*knobs, tuning(start.shape[-1])) if tuned else tuple(knobs)
        self.moving = tuple(knob for knob in self.knobs if moves(knob) and knob.name not in fixed)
        self.picked = tuple(knob for knob in self.moving if is_picked(knob))
        self.start = self.widened(start)
        for knob in self.picked:
            if knob.gate:  # starts as likely as it is there
                self.start[:, knob.columns] = self.start[:, knob.columns].round()

    def widened(self, settings: Tensor) -> Tensor:
        """Settings of the patch with the column of the tuning, in its middle, if there is one; a copy."""
        extra = max(0, sum(knob.width for knob in self.knobs) - settings.shape[-1])
        return torch.nn.functional.pad(settings, (0, extra), value=0.5).clone()

    def moving_only(self, settings: Tensor) -> Tensor:
        """Settings with everything that a fit does not move put to where it starts."""
        mixed = self.start.repeat(len(settings), 1)
        for knob in self.moving:
            mixed[:, knob.columns] = settings[:, knob.columns]
        return mixed

    def coordinates(self, settings: Tensor) -> Tensor:
        """Unbounded coordinates, `[batch, width]`; positions at an end of their range come out just inside."""
        return torch.cat([unbounded(knob, settings[:, knob.columns]) for knob in self.knobs], -1)

    def settings(self, coordinates: Tensor, picks: Tensor) -> Tensor:
        """The inverse of `coordinates`. What is picked, and what does not move, is taken from the settings `picks`."""
        free = {knob.name for knob in self.moving if not is_picked(knob)}
        parts = [
            bounded(knob, coordinates[:, knob.columns]) if knob.name in free else picks[:, knob.columns]
            for knob in self.knobs
        ]
        return torch.cat(parts, -1)

    def rates(self) -> Tensor:
        """How far one step goes in each column, `[width]`, as a share of the usual: less for wide frequencies."""
        rates = torch.zeros_like(self.start[0])
        for knob in self.moving:
            rates[knob.columns] = _rate(knob)
        return rates

    def alternatives(self, knob: Knob, seconds: float) -> Tensor:
        """What else a knob could be, in a sound of `seconds`: positions `[possibilities, columns]`; vectors have none.

        A slow oscillation is tried at every half cycle that the sound could hold more: between two of them, nothing
        leads from one to the other.
        """
        domain = knob.domain
        if isinstance(domain, Choice):
            return torch.eye(knob.width).to(self.start)
        if knob.gate:
            return torch.tensor([[0.0], [1.0]]).to(self.start)
        if knob.vector or not isinstance(domain, Range):
            return self.start.new_zeros(0, knob.width)
        places = (torch.arange(_TRIED).to(self.start) + 0.5) / _TRIED
        if domain.step:
            places = _on_steps(domain, domain.step, places)
        elif knob.dimension is Dimension.FREQUENCY and domain.low > 0 and domain.high < _SLOW:
            rates = torch.arange(1, 2 * _TRIED + 1).to(self.start) / (2 * seconds)
            places = torch.cat([places, domain.position(rates[rates < domain.high], torch).clamp(0.0, 1.0)])
        return places[:, None]


def _rate(knob: Knob) -> float:
    domain = knob.domain
    if knob.dimension is not Dimension.FREQUENCY or not isinstance(domain, Range) or domain.low <= 0:
        return 1.0
    octaves = math.log2(domain.high / domain.low)
    return min(1.0, _STEP_OCTAVES / (octaves * _GRADIENT * _USUAL_STEP))


def _on_steps(domain: Range, step: float, places: Tensor) -> Tensor:
    """The positions of the steps nearest to `places`, each once."""
    last = math.floor((domain.high - domain.low) / step + 1e-9)
    count = ((domain.value(places, torch) - domain.low) / step).round().clamp(0, last).unique()
    place: Tensor = domain.position(domain.low + count * step, torch)
    return place.clamp(0.0, 1.0)

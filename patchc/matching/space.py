"""The numbers a fit moves: which knobs they are, their unbounded coordinates, how far a step goes, and how they end."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from patchc.compiler.knobs import Knob
from patchc.compiler.settings import bounded, unbounded
from patchc.graph.model import Role
from patchc.units.domain import Choice, Range
from patchc.units.unit import Dimension

_STEP_OCTAVES = 0.06  # the longest step of a frequency, from the middle of its range
_SEMITONE = 1 / 12
_TRIED = 16  # places along a range that are tried
_SLOW = 50.0  # Hz: what cannot go faster modulates, and is not heard as a tone
_SLOPE = 0.25  # of the logistic function, in its middle


def tuning(place: int) -> Knob:
    """What stands for the pitch's distance, in octaves, from the one that was found; it is in column `place`."""
    domain = Range(low=-_SEMITONE, high=_SEMITONE, dimension=Dimension.INTERVAL, unit="ct")
    return Knob("tuning", Role.LEARN, Dimension.INTERVAL, "ct", domain, 0.0, None, place, 1)


def moves(knob: Knob) -> bool:
    """Whether a fit may change a knob: what is learned or predicted, and every `maybe`."""
    return knob.gate or knob.role is not Role.FIXED


def is_soft(knob: Knob) -> bool:
    """Whether a knob is one of several things in the end, and a blend of them only while it is being fitted."""
    return knob.gate or isinstance(knob.domain, Choice) or bool(isinstance(knob.domain, Range) and knob.domain.step)


class Space:
    """Coordinates `[batch, width]`, one for each column of the settings; those of knobs that stay have no effect."""

    def __init__(self, knobs: Sequence[Knob], start: Tensor, tuned: bool = False) -> None:
        """`start` `[1, width]` are the settings that hold where nothing moves.

        `tuned` adds one column: how far the pitch is from the one that was found, a semitone at most.
        """
        self.knobs = (*knobs, tuning(start.shape[-1])) if tuned else tuple(knobs)
        self.start = self.widened(start)
        self.moving = tuple(knob for knob in self.knobs if moves(knob))
        self.soft = tuple(knob for knob in self.moving if is_soft(knob))

    def settings(self, coordinates: Tensor, held: Tensor | None = None) -> Tensor:
        """Settings `[batch, width]`; where `held` (of the same shape) is not NaN, it stands in their place."""
        parts = []
        for knob in self.knobs:
            place = coordinates[:, knob.columns]
            still = self.start[:, knob.columns].expand_as(place)
            parts.append(bounded(knob, place) if moves(knob) else still)
        settings = torch.cat(parts, -1)
        return settings if held is None else torch.where(held.isnan(), settings, held)

    def coordinates(self, settings: Tensor) -> Tensor:
        """The inverse of `settings`. Choices and gates start a little blended, where they have a slope."""
        parts = []
        for knob in self.knobs:
            place = settings[:, knob.columns]
            if is_soft(knob):
                place = 0.1 / place.shape[-1] + 0.9 * place if isinstance(knob.domain, Choice) else 0.1 + 0.8 * place
            parts.append(unbounded(knob, place))
        return torch.cat(parts, -1)

    def widened(self, settings: Tensor) -> Tensor:
        """Settings of the patch with the column of the tuning, in its middle, if there is one."""
        extra = max(0, sum(knob.width for knob in self.knobs) - settings.shape[-1])
        return torch.nn.functional.pad(settings, (0, extra), value=0.5)

    def moving_only(self, settings: Tensor) -> Tensor:
        """Settings with everything that a fit does not move put to where it starts."""
        mixed = self.start.repeat(len(settings), 1)
        for knob in self.moving:
            mixed[:, knob.columns] = settings[:, knob.columns]
        return mixed

    def rates(self) -> Tensor:
        """How far one step goes in each column, `[width]`, as a share of the usual: less for wide frequencies."""
        rates = torch.zeros(self.start.shape[-1], dtype=self.start.dtype)
        for knob in self.moving:
            rates[knob.columns] = _rate(knob)
        return rates

    def hardened(self, settings: Tensor) -> Tensor:
        """Settings with every choice made, every gate open or shut, every step taken; NaN for what goes on moving."""
        hard = torch.full_like(settings, torch.nan)
        for knob in self.soft:
            hard[:, knob.columns] = _decided(knob, settings[:, knob.columns])
        return hard

    def made(self, settings: Tensor) -> Tensor:
        """The same settings with what is soft made hard."""
        hard = self.hardened(settings)
        return torch.where(hard.isnan(), settings, hard)

    def alternatives(self, knob: Knob, seconds: float) -> Tensor:
        """What else a knob could be, in a sound of `seconds`, as positions `[possibilities, columns]`; none of a vector.

        A slow oscillation is tried at every half cycle that the sound could hold more: between two of them, nothing
        leads from one to the other.
        """
        if isinstance(knob.domain, Choice):
            return torch.eye(knob.width, dtype=self.start.dtype)
        if knob.gate:
            return torch.tensor([[0.0], [1.0]], dtype=self.start.dtype)
        if knob.vector or not isinstance(knob.domain, Range):
            return torch.zeros(0, knob.width, dtype=self.start.dtype)
        places = (torch.arange(_TRIED, dtype=self.start.dtype) + 0.5) / _TRIED
        if knob.dimension is Dimension.FREQUENCY and 0 < knob.domain.low and knob.domain.high < _SLOW:
            rates = torch.arange(1, 2 * _TRIED + 1, dtype=self.start.dtype) / (2 * seconds)
            places = torch.cat([places, knob.domain.position(rates[rates < knob.domain.high], torch).clamp(0.0, 1.0)])
        return places[:, None]


def _rate(knob: Knob) -> float:
    domain = knob.domain
    if knob.dimension is not Dimension.FREQUENCY or not isinstance(domain, Range) or domain.low <= 0:
        return 1.0
    octaves = math.log2(domain.high / domain.low)
    return min(1.0, _STEP_OCTAVES / (octaves * _SLOPE * 0.1))


def _decided(knob: Knob, places: Tensor) -> Tensor:
    if isinstance(knob.domain, Choice):
        return torch.nn.functional.one_hot(places.argmax(-1), knob.width).to(places)
    if knob.gate:
        return places.round()
    domain = knob.domain
    assert isinstance(domain, Range)
    assert domain.step
    steps = ((domain.value(places, torch) - domain.low) / domain.step).round()
    last = math.floor((domain.high - domain.low) / domain.step + 1e-9)
    place: Tensor = domain.position(domain.low + steps.clamp(0, last) * domain.step, torch)
    return place.clamp(0.0, 1.0)

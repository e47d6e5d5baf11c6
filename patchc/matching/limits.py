"""Numbers that a fit found at an end of their range: which end, and what to write for a range that reaches further."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from torch import Tensor

from patchc.compiler.knobs import Knob
from patchc.compiler.module import PatchModule
from patchc.graph.rules.facts import Facts
from patchc.graph.walk import Place, Slot, places
from patchc.matching.space import is_picked
from patchc.units.domain import Curve, Range
from patchc.units.unit import Dimension, written

_NEAR = 0.01  # of a range: how near its end counts as at it
_OFF_DB = -60.0  # a level at or below this is as good as nothing
_FURTHER = 4.0  # how many times as far a logarithmic range may reach
_MORE_DB = 12.0
_DIGITS = 6


@dataclass(frozen=True)
class AtLimit:
    """A number at the `end` (`upper` or `lower`) of its range, which is `limit`; `wider` is a range to write, if any.

    `off` where that end means that what the number belongs to is as good as absent; `hard` where the cell itself goes
    no further.
    """

    name: str
    end: str
    limit: str
    wider: str = ""
    off: bool = False
    hard: bool = False

    @property
    def text(self) -> str:
        """What happened, and what to do about it."""
        if self.off:
            return f"`{self.name}` ended at {self.limit}: what it belongs to has no share in the match"
        said = f"`{self.name}` ended at {self.limit}, the {self.end} end of its range"
        if self.hard:
            return f"{said}, and the cell goes no further"
        return f"{said}: a wider one may fit better, such as `in {self.wider}`"


def at_limits(
    synth: PatchModule, moving: Iterable[Knob], settings: Tensor, silent: Collection[str] = ()
) -> Iterator[AtLimit]:
    """The numbers among `moving` that lie at an end of their range in `settings` `[1, width]`, but those `silent`."""
    facts, where = Facts(synth.graph), {place.name: place for place in places(synth.graph)}
    for knob in moving:
        if is_picked(knob) or knob.vector or not isinstance(knob.domain, Range) or knob.name in silent:
            continue
        position = float(settings[0, knob.columns])
        if not _NEAR < position < 1 - _NEAR:
            place = where.get(knob.name)
            limits = _limits(facts, place, knob.dimension, synth.sample_rate / 2)
            yield _at_limit(knob, knob.domain, limits, place is not None and place.slot is Slot.DEPTH, position > 0.5)


def _at_limit(knob: Knob, domain: Range, limits: tuple[float, float], is_depth: bool, upper: bool) -> AtLimit:
    limit = domain.high if upper else domain.low
    there = AtLimit(knob.name, "upper" if upper else "lower", written(limit, knob.unit, _DIGITS))
    if not upper and ((is_depth and limit == 0) or (knob.dimension is Dimension.LEVEL and limit <= _OFF_DB)):
        return replace(there, off=True)
    further = min(max(_further(domain, upper), limits[0]), limits[1])
    if not (further > limit if upper else further < limit):
        return replace(there, hard=True)
    ends = (domain.low, further) if upper else (further, domain.high)
    return replace(there, wider=_interval(domain, *ends, knob.unit))


def _further(domain: Range, upper: bool) -> float:
    """An end that lies further out, rounded to what can be read."""
    limit, sign = (domain.high, 1) if upper else (domain.low, -1)
    if domain.curve is Curve.LOG:
        return float(f"{limit * _FURTHER**sign:.2g}")
    if domain.dimension is Dimension.LEVEL:
        return limit + sign * _MORE_DB
    return limit + sign * (domain.high - domain.low)


def _limits(facts: Facts, place: Place | None, dimension: Dimension, highest: float) -> tuple[float, float]:
    """Between what a number makes sense: what a port holds it to, no time below 0, no frequency above `highest` Hz."""
    knob = facts.knob(place.cell, place.port) if place and place.slot is Slot.BASE else None
    held = facts.limits(place.cell, knob) if place and place.cell and knob else None
    low, high = held or (-math.inf, math.inf)
    if dimension in (Dimension.TIME, Dimension.FREQUENCY):
        low = max(low, 0.0)
    return low, min(high, highest) if dimension is Dimension.FREQUENCY else high


def _interval(domain: Range, low: float, high: float, unit: str) -> str:
    """A range as a patch writes it, with both ends in one unit."""
    curve = "" if domain.curve is Curve.LIN else f" {domain.curve.value}"
    power = f" {domain.power:g}" if domain.curve is Curve.POW else ""
    return f"{written(low, unit, _DIGITS)} .. {written(high, unit, _DIGITS)}{curve}{power}"

"""The values a fit found, in the units of the patch, with where they lie in their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from patchc.compiler.knobs import Knob
from patchc.compiler.settings import natural
from patchc.matching.space import moves
from patchc.units.domain import Choice, Range
from patchc.units.unit import written

_DIGITS = 4
_SHOWN = 4  # entries of a vector that are written out


@dataclass(frozen=True)
class FoundValue:
    """One knob: `text` in the patch's unit; `position` and `before` 0..1 along its range, where that says something."""

    name: str
    role: str
    text: str
    before_text: str
    low: str = ""
    high: str = ""
    position: float | None = None
    before: float | None = None


def found_values(knobs: Sequence[Knob], settings: Tensor, before: Tensor) -> tuple[FoundValue, ...]:
    """Every knob that a fit may move, at `settings` `[1, width]`, and at `before`, where the patch starts."""
    return tuple(_found(knob, settings[0], before[0]) for knob in knobs if moves(knob))


def _found(knob: Knob, settings: Tensor, before: Tensor) -> FoundValue:
    place, start = settings[knob.columns], before[knob.columns]
    texts = (_text(knob, place), _text(knob, start))
    domain = knob.domain
    if knob.gate or not isinstance(domain, Range) or knob.vector:
        return FoundValue(knob.name, str(knob.role), texts[0], texts[1])
    low, high = (written(end, knob.unit, _DIGITS) for end in (domain.low, domain.high))
    return FoundValue(knob.name, str(knob.role), texts[0], texts[1], low, high, float(place), float(start))


def _text(knob: Knob, place: Tensor) -> str:
    value = natural(knob, place.double())
    if isinstance(knob.domain, Choice):
        return knob.domain.members[int(value.argmax())]
    if knob.gate:
        return "there" if float(place) >= 0.5 else "not there"
    if not knob.vector:
        return written(float(value), knob.unit, _DIGITS)
    shown = ", ".join(written(float(entry), knob.unit, 3) for entry in value[:_SHOWN])
    return shown + (f", … ({len(value)})" if len(value) > _SHOWN else "")

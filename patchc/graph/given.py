"""What is said of a value that is given by name and lies outside its range, by every face."""

from __future__ import annotations

from patchc.graph import spell
from patchc.source.codes.numbers import DefaultOutside
from patchc.source.codes.options import OutsideRange
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Span
from patchc.units.domain import Range
from patchc.units.unit import BASE_UNIT, written


def input_outside(name: str, value: float, domain: Range) -> Diagnostic:
    """P807: an input is used as it is given."""
    return OutsideRange(span=None, name=name, value=_shown(value, domain), range=spell.interval(domain))


def number_outside(name: str, value: float, domain: Range, span: Span | None = None) -> Diagnostic:
    """P403: a number of the patch stays in its range; `span` is where the patch says it."""
    given = f"`{name}` = {_shown(value, domain)}"
    return DefaultOutside(span=span, given=given, range=spell.interval(domain))


def _shown(value: float, domain: Range) -> str:
    return written(value, domain.unit or BASE_UNIT[domain.dimension], digits=6)

"""Ranges make sense: not empty, no logarithm through zero, the default inside, nothing beyond hard limits."""

from __future__ import annotations

from collections.abc import Iterator

from patchc.cells.spec import KnobSpec
from patchc.graph import spell
from patchc.graph.law import LOUDEST, Limits, level_limits
from patchc.graph.model import Cell, Const, Graph, Value, Verb
from patchc.graph.rules.facts import (
    Facts,
    beyond,
    constants_of,
    default_span,
    domain_span,
    end_span,
    number,
    range_text,
    readable,
    shown,
    swapped,
)
from patchc.graph.walk import Place, Slot, places
from patchc.source.codes.learning import NoProbability
from patchc.source.codes.limits import HeldAtLimit
from patchc.source.codes.numbers import DefaultOutside, EmptyRange, FlatStart, LogThroughZero, NoWeight, WeightsScaled
from patchc.source.codes.options import OutsideRange
from patchc.source.diagnostic import Diagnostic, Fix
from patchc.units.domain import Curve, Range
from patchc.units.unit import Dimension

_EVEN = 1.001e-3  # how far from one weights may add up to without a word
_MOST_SHOWN = 8


def ranges_make_sense(graph: Graph) -> Iterator[Diagnostic]:
    """P402, P403, P404, P407, P408, P417, P418, P504, P807. One message for each value."""
    facts = Facts(graph)
    for place in places(graph):
        knob = facts.knob(place.cell, place.port) if place.slot is Slot.BASE else None
        found = next(_value(place, knob, facts), None)
        if found is not None:
            yield found


def is_sound(domain: Range) -> bool:
    """Whether the range can be used: its ends differ, in order, and its curve is defined and smooth on it."""
    through_zero = domain.curve is Curve.LOG and domain.low <= 0.0 <= domain.high
    return domain.low < domain.high and not through_zero and domain.power >= 1.0


def _value(place: Place, knob: KnobSpec | None, facts: Facts) -> Iterator[Diagnostic]:
    value, domain = place.value, place.value.domain
    if isinstance(domain, Range):
        if not is_sound(domain):
            yield _unsound(place, domain, knob, facts)
            return
        if place.slot is Slot.CHANCE:
            yield from _chances(value, domain)
        yield from _default_inside(place, domain)
    elif place.slot is Slot.CHANCE:
        yield from _chance(value)
    elif (domain is not None and domain.kind == "simplex") or (knob is not None and _is_simplex(knob)):
        yield from _weights(value)
    if knob is not None:
        yield from _limits(place, knob, facts)
    if place.slot is Slot.DEPTH and place.cable is not None and place.cable.verb is Verb.FEED:
        yield from _gain(value)


def _unsound(place: Place, domain: Range, knob: KnobSpec | None, facts: Facts) -> Diagnostic:
    value, usual = place.value, knob.domain if knob else None
    if domain.low >= domain.high:
        return _empty(value, domain, usual)
    if domain.power < 1.0:
        return FlatStart(span=domain_span(value), power=f"{domain.power:g}")
    return _through_zero(place, domain, usual)


def _empty(value: Value, domain: Range, usual: object) -> EmptyRange:
    span = domain_span(value)
    if domain.low == domain.high:
        nearest = spell.interval(usual) if isinstance(usual, Range) else ""
        hint = "" if nearest else "write two ends that differ"
        return EmptyRange(span=span, range=range_text(value, domain), how="empty", nearest=nearest, hint=hint)
    nearest = swapped(value, domain)
    fixes = (Fix(span, nearest),) if span and span != value.span else ()
    how = "the wrong way round"
    return EmptyRange(span=span, range=range_text(value, domain), how=how, nearest=nearest, fixes=fixes)


def _through_zero(place: Place, domain: Range, usual: object) -> LogThroughZero:
    upper = domain.high <= 0.0
    nearest, hint = _off_zero(domain), ""
    if isinstance(usual, Range) and is_sound(usual) and place.cell and place.port:
        nearest = spell.interval(usual)
        hint = f"try `{nearest}`, the usual range of `{place.cell.type}.{place.port.name}`"
    return LogThroughZero(
        span=end_span(place.value, upper),
        end="upper" if upper else "lower",
        at=number(domain.high if upper else domain.low, domain.unit, domain.dimension),
        nearest=nearest,
        hint=hint,
    )


def _off_zero(domain: Range) -> str:
    """The nearest range of three decades that stays on the longer side of zero."""
    if domain.high >= -domain.low:
        ends = {"low": domain.high / 1000, "high": domain.high}
    else:
        ends = {"low": domain.low, "high": domain.low / 1000}
    return spell.interval(domain.model_copy(update=ends))


def _default_inside(place: Place, domain: Range) -> Iterator[Diagnostic]:
    value = place.value
    for default in constants_of(value.default):
        if default.dimension is domain.dimension and not domain.holds(default.value):
            span, given, usual = default.span or default_span(value), shown(default), range_text(value, domain)
            if place.slot is Slot.INPUT:  # used as it is, as in a call
                yield OutsideRange(span=span, name=place.name, value=given, range=usual)
            else:
                yield DefaultOutside(span=span, given=given, range=usual)


# --- weights ----------------------------------------------------------------------------------------------------------


def _is_simplex(knob: KnobSpec) -> bool:
    return knob.domain is not None and knob.domain.kind == "simplex"


def _weights(value: Value) -> Iterator[Diagnostic]:
    """Weights that add up to one: none below zero, and not far from one together."""
    weights = constants_of(value.default)
    below = next((weight for weight in weights if weight.value < 0.0), None)
    total = sum(weight.value for weight in weights)
    if any(weight.dimension is not Dimension.NUMBER for weight in weights):
        return  # another rule says so
    if below is not None:
        yield NoWeight(span=below.span or default_span(value), what=f"the weight `{shown(below)}` is below zero")
    elif weights and total <= 0.0:
        yield NoWeight(span=default_span(value), what="these weights are all zero")
    elif weights and abs(total - 1.0) > _EVEN:
        shares = [f"{100 * weight.value / total:.4g} %" for weight in weights[:_MOST_SHOWN]]
        more = ", ..." if len(weights) > _MOST_SHOWN else ""
        scaled = f"[{', '.join(shares)}{more}]"
        yield WeightsScaled(span=default_span(value), sum=f"{100 * total:.4g} %", scaled=scaled)


# --- chances ----------------------------------------------------------------------------------------------------------


def _chance(value: Value) -> Iterator[Diagnostic]:
    default = value.default
    if isinstance(default, Const) and default.dimension is Dimension.NUMBER and not 0.0 <= default.value <= 1.0:
        yield NoProbability(span=default_span(value), given=shown(default))


def _chances(value: Value, domain: Range) -> Iterator[Diagnostic]:
    yield from _chance(value)
    if domain.dimension is Dimension.NUMBER and not 0.0 <= domain.low <= domain.high <= 1.0:
        yield NoProbability(span=domain_span(value), given=f"`{range_text(value, domain)}`")


# --- hard limits ------------------------------------------------------------------------------------------------------


def _limits(place: Place, knob: KnobSpec, facts: Facts) -> Iterator[Diagnostic]:
    """What lies beyond the limits: the number, or an end of its range."""
    limits = facts.limits(place.cell, knob) if place.cell else knob.limits
    if limits is None:
        return
    value, name = place.value, f"{place.cell.type}.{knob.name}" if place.cell else knob.name
    domain = value.domain
    for default in constants_of(value.default):
        limit = beyond(default.value, limits) if default.dimension is knob.dimension else None
        if limit is not None:
            span, unit = default.span or default_span(value), number(limit, default.unit, knob.dimension)
            hint = roomier(place.cell, knob, limit, default.value) or _percent(default, limits, unit)
            yield HeldAtLimit(span=span, what=f"`{shown(default)}`", port=name, limit=unit, hint=hint)
    if isinstance(domain, Range) and domain.dimension is knob.dimension:
        for end, upper in ((domain.low, False), (domain.high, True)):
            limit = beyond(end, limits)
            if limit is not None:
                text = number(limit, domain.unit, knob.dimension)
                what, hint = f"the range `{range_text(value, domain)}`", roomier(place.cell, knob, limit, end)
                yield HeldAtLimit(span=end_span(value, upper), what=what, port=name, limit=text, hint=hint)


def _gain(value: Value) -> Iterator[Diagnostic]:
    """A gain of more decibels than any level has."""
    limits = level_limits(None)
    default = value.default
    if isinstance(default, Const) and default.dimension is Dimension.LEVEL and beyond(default.value, limits):
        limit = number(LOUDEST, default.unit, Dimension.LEVEL)
        yield HeldAtLimit(span=default_span(value), what=f"`{shown(default)}`", port="gain", limit=limit)


def _percent(number: Const, limits: Limits, limit: str) -> str:
    """`50` where `50 %` was meant: a hundredth of it is within the limits; `1.2` is no slip of that kind."""
    plain = number.dimension is Dimension.NUMBER and not number.unit
    if not plain or number.value < 5 or beyond(number.value / 100, limits) is not None:
        return ""
    return f"it will be held at {limit}; 1 is the whole: write `{number.value:.6g} %` for a share"


def roomier(cell: Cell | None, knob: KnobSpec, limit: float, wanted: float) -> str:
    """What to write where the limit is a size of the cell, and `wanted` lies within the port's own limits."""
    if cell is None or knob.at_most is None or knob.limits is None or not limit < wanted <= knob.limits[1]:
        return ""
    size = f"{cell.type}({knob.at_most} = {readable(wanted, '', knob.dimension)})"
    return f"it will be held at {readable(limit, '', knob.dimension)}; `{size}` reaches it"

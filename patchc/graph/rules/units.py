"""Units fit: values their ports, depths their targets, ranges and priors their numbers, operands each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from patchc.cells.spec import CellSpec, KnobSpec
from patchc.graph import spell
from patchc.graph.dimension import combined
from patchc.graph.expressions import spoken
from patchc.graph.model import Arith, Cable, Const, Expr, Graph, NameRef, Value, Verb
from patchc.graph.rules.depths import LAW, depth_fits, missing_depth, not_scalable
from patchc.graph.rules.facts import Facts, default_span, domain_span, prior_span, quoted, shown
from patchc.graph.rules.meant_units import SILENCE, meant_in_words, meant_number
from patchc.graph.walk import Place, Slot, places
from patchc.source.codes.numbers import NoSuchProduct, UnitMismatch
from patchc.source.diagnostic import Diagnostic, Fix
from patchc.source.text import Span
from patchc.units.domain import Choice, Curve, Range
from patchc.units.prior import Family
from patchc.units.unit import UNITS, Dimension

_ADDING = "only numbers of one dimension add up; a frequency or a time also takes an interval, as a ratio"
_OPERATIONS = {"*": "multiplied", "/": "divided"}


def units_fit(graph: Graph) -> Iterator[Diagnostic]:
    """P401, P409, P410, P411. One message for each value: the first thing that does not fit."""
    facts = Facts(graph)
    for place in places(graph):
        found = next(_value(place, facts), None)
        if found is not None:
            yield found
    for layer in graph.layers:
        for cell in layer.cells:
            for port in cell.ports:
                for cable in port.cables:
                    knob = facts.knob(cell, port)
                    if knob is not None and not isinstance(knob.domain, Choice):
                        yield from not_scalable(knob, cable) or missing_depth(knob, cable)


def _value(place: Place, facts: Facts) -> Iterator[Diagnostic]:
    value = place.value
    knob = facts.knob(place.cell, place.port)
    if isinstance(value.domain, Choice) or (place.slot is Slot.BASE and knob and isinstance(knob.domain, Choice)):
        return
    if value.default is not None:
        yield from _arithmetic(value.default, facts)
    if place.slot is Slot.DEPTH:
        yield from _depth(place, knob, facts)
    else:
        wanted, what = _wanted(place, knob)
        if wanted is not None:
            yield from _dimensions(place, what, wanted, facts)
    yield from _inner(value, facts)


def _wanted(place: Place, knob: KnobSpec | None) -> tuple[Dimension | None, str]:
    if place.slot is Slot.CHANCE:
        return Dimension.NUMBER, "a probability"
    if place.slot is Slot.BASE:
        return (knob.dimension if knob else None), f"`{place.port.name if place.port else place.name}`"
    return None, ""


def _dimensions(place: Place, what: str, wanted: Dimension, facts: Facts) -> Iterator[UnitMismatch]:
    """The default and the range against what the place needs; a default nobody wrote follows its range."""
    value = place.value
    got = facts.dimension(value.default) if value.default is not None else None
    if value.default is not None and got not in (wanted, None) and (value.default.span or value.domain is None):
        made = _mismatch(default_span(value), what, wanted, quoted(value.default), got, _hint(place, wanted, facts))
        yield _with_fix(made, place, wanted, facts)
    if isinstance(value.domain, Range) and value.domain.dimension is not wanted:
        span = domain_span(value)
        yield _mismatch(span, what, wanted, "its range", value.domain.dimension, _hint(place, wanted, facts))


def _with_fix(said: UnitMismatch, place: Place, wanted: Dimension, facts: Facts) -> UnitMismatch:
    """The same message with what to write instead, where somebody can be sure of it."""
    default, span, port = place.value.default, default_span(place.value), place.port
    if span is None or "\n" in span.text:
        return said
    if isinstance(default, NameRef) and wanted is Dimension.LEVEL and port and port.span and place.value.span == span:
        line = port.span.to(span)
        if port.span.source is not span.source or not port.span.end <= span.start or "\n" in line.text:
            return said
        scaled = f"{port.name} *= {span.text}"
        return replace(said, hint=f"write `{scaled}`", fixes=(Fix(line, scaled),))
    if not isinstance(default, Const):
        return said
    rate = port is not None and port.name == "rate"
    meant = meant_number(default, wanted, span.text, rate=rate)
    if meant is not None:
        level = "silence is written" if meant == SILENCE else "write"
        return replace(said, hint=f"{level} `{meant}`", fixes=(Fix(span, meant),))
    words = meant_in_words(default, wanted, span.text, rate=rate)
    return replace(said, hint=words) if words else said


def _mismatch(
    span: Span | None, what: str, wanted: Dimension, given: str, got: Dimension | None, hint: str, law: str = ""
) -> UnitMismatch:
    law = law or f"{spoken(wanted)} {'has' if wanted is Dimension.NUMBER else 'is written in'} {_units(wanted)}"
    spoken_got = spoken(got) if got else ""
    return UnitMismatch(span=span, what=what, wanted=spoken(wanted), given=given, got=spoken_got, law=law, hint=hint)


def _units(dimension: Dimension) -> str:
    symbols = [unit.symbol for unit in UNITS.values() if unit.dimension is dimension and unit.symbol]
    return "no unit, or %" if dimension is Dimension.NUMBER else " or ".join(", ".join(symbols).rsplit(", ", 1))


def _hint(place: Place, wanted: Dimension, facts: Facts) -> str:
    """Another port of the cell that takes what was given, or the unit that was probably meant."""
    value = place.value
    got = facts.dimension(value.default) if value.default is not None else None
    spec = facts.spec(place.cell.type) if place.cell else None
    other = _port_of(spec, got)
    const = facts.evaluate(value.default)
    if wanted is Dimension.LEVEL and got is Dimension.NUMBER and const and const.value > 0:
        return f"as a level that is `{_decibels(const.value)}`"
    if place.slot is Slot.BASE and other:
        return f"did you mean `{other}`? otherwise write it in {_units(wanted)}"
    return _advice(wanted)


def _advice(wanted: Dimension) -> str:
    return f"write it in {_units(wanted)}" if wanted is not Dimension.NUMBER else "write it without a unit, or in %"


def _decibels(amplitude: float) -> str:
    from math import log10

    return f"{20 * log10(amplitude):.3g} dB"


def _port_of(spec: CellSpec | None, dimension: Dimension | None) -> str | None:
    """The first port of a cell that holds numbers of `dimension`."""
    ports = spec.ports if spec and dimension is not Dimension.NUMBER else ()
    return next((p.name for p in ports if isinstance(p, KnobSpec) and p.dimension is dimension), None)


def _arithmetic(expr: Expr, facts: Facts) -> Iterator[Diagnostic]:
    """The first two operands, from the left and inside out, that do not fit each other."""
    if not isinstance(expr, Arith):
        return
    yield from _arithmetic(expr.left, facts)
    yield from _arithmetic(expr.right, facts)
    left, right = facts.dimension(expr.left), facts.dimension(expr.right)
    if left is None or right is None or combined(expr.op, left, right) is not None:
        return
    if expr.op in _OPERATIONS:
        done = _OPERATIONS[expr.op]
        yield NoSuchProduct(span=expr.span, left=spoken(left), done=done, right=spoken(right), sign=expr.op)
        return
    hint = "`" + " or `".join(f"... {expr.op} 7 {unit}`" for unit in _addable(left))
    span, what = expr.right.span or expr.span, f"`{shown(expr.left)}`"
    yield _mismatch(span, what, left, f"`{shown(expr.right)}`", right, f"for example {hint}", _ADDING)


def _addable(dimension: Dimension) -> tuple[str, ...]:
    bends = dimension in (Dimension.FREQUENCY, Dimension.TIME)
    base = {Dimension.FREQUENCY: "Hz", Dimension.TIME: "ms", Dimension.NUMBER: "%", Dimension.PHASE: "deg"}
    return (base.get(dimension, "st" if dimension is Dimension.INTERVAL else "dB"), *(("st",) if bends else ()))


def _depth(place: Place, knob: KnobSpec | None, facts: Facts) -> Iterator[UnitMismatch]:
    """The depth of a cable against its target."""
    cable, value = place.cable, place.value
    if cable is None or (knob is None and cable.verb is not Verb.FEED):
        return
    if knob is not None and (isinstance(knob.domain, Choice) or any(not_scalable(knob, cable))):
        return
    got = facts.dimension(value.default) if value.default is not None else value.dimension
    if got is None:
        return
    percent = facts.in_percent(value.default)
    hint = depth_fits(place, knob, got, percent, facts.source_spec(cable.source))
    if hint is None:
        return
    what, wanted, law = _target(cable, knob)
    given = quoted(value.default) if value.default is not None else "its depth"
    yield UnitMismatch(
        span=default_span(value), what=what, wanted=wanted, given=given, got=spoken(got), law=law, hint=hint
    )


def _target(cable: Cable, knob: KnobSpec | None) -> tuple[str, str, str]:
    """What a depth is for, what it must be, and the rule of it."""
    if knob is None:
        return "a gain", "a level or a plain number", "a cable into a port that hears is scaled by dB or %"
    if cable.verb is Verb.SCALE:
        return "the depth of `*=`", "a plain number", "`*=` scales by a share, 0 % to 100 %"
    return f"`{knob.name}`", spoken(knob.dimension), LAW


def _inner(value: Value, facts: Facts) -> Iterator[UnitMismatch]:
    """The default and the prior against the range."""
    domain = value.domain
    if not isinstance(domain, Range):
        return
    got = facts.dimension(value.default) if value.default is not None else None
    if value.default is not None and got not in (domain.dimension, None):
        yield _mismatch(default_span(value), "its range", domain.dimension, quoted(value.default), got, "")
    if value.prior is None or value.prior.family is Family.CATEGORICAL:
        return
    for number, unit in enumerate(value.prior.units):
        is_width = value.prior.family is Family.HALFNORMAL or (value.prior.family is Family.NORMAL and number == 1)
        wanted = Dimension.INTERVAL if is_width and domain.curve is Curve.LOG else domain.dimension
        found = UNITS[unit].dimension if unit in UNITS else None
        if found not in (wanted, None):
            what = "the width of the prior" if is_width else "the range"
            given = spell.rounded(value.prior.numbers[number], unit)
            on_log = is_width and domain.curve is Curve.LOG
            law = "on a `log` range a prior's width is an interval" if on_log else "a prior is in the unit of its range"
            yield _mismatch(prior_span(value), what, wanted, given, found, _advice(wanted), law)

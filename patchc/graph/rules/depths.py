"""What the depth of a cable may be, target by target, and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence

from patchc.cells.spec import CellSpec, KnobSpec
from patchc.graph.expressions import spoken
from patchc.graph.model import Cable, Const, Verb
from patchc.graph.rules.facts import source_of
from patchc.graph.walk import Place
from patchc.source.codes.numbers import DepthMissing, NotScalable
from patchc.source.diagnostic import Fix
from patchc.units.domain import Range
from patchc.units.unit import UNITS, Dimension

LAW = "a modulation depth is in the unit of its target, a ratio (st, ct, oct), or %"

_BENDS = (Dimension.FREQUENCY, Dimension.TIME)
_SCALES = (Dimension.LEVEL, Dimension.NUMBER)
_EXAMPLE = {
    Dimension.FREQUENCY: ("st", "Hz"),
    Dimension.TIME: ("st", "ms"),
    Dimension.INTERVAL: ("st",),
    Dimension.LEVEL: ("dB",),
    Dimension.PHASE: ("rad",),
    Dimension.NUMBER: ("%",),
}


def depth_fits(
    place: Place, knob: KnobSpec | None, got: Dimension, percent: bool, source: CellSpec | None
) -> str | None:
    """None if a depth of dimension `got` fits, else what to write instead. `knob` None is a port that hears sound."""
    cable = place.cable
    if knob is None:
        return None if got in _SCALES else "write `-6 dB` or `50 %`"
    if cable is not None and cable.verb is Verb.SCALE:
        return None if got is Dimension.NUMBER else "write `50 %`, or leave the depth out"
    bends = knob.dimension in _BENDS and got is Dimension.INTERVAL
    shares = got is Dimension.NUMBER and percent and _has_range(place, knob)
    if got is knob.dimension or bends or shares:
        return None
    return _instead(place, knob, got, source)


def _has_range(place: Place, knob: KnobSpec) -> bool:
    written = place.port.value.domain if place.port and place.port.value else None
    return isinstance(written or knob.domain, Range)


def _instead(place: Place, knob: KnobSpec, got: Dimension, source: CellSpec | None) -> str:
    """As in `did you mean `attack` of `env`? otherwise write `5 st` or `5 Hz``."""
    examples = " or ".join(f"`{_digits(place)} {unit}`" for unit in _EXAMPLE[knob.dimension])
    ports = source.ports if source and got is not Dimension.NUMBER else ()
    meant = next((p.name for p in ports if isinstance(p, KnobSpec) and p.dimension is got), None)
    if meant and place.cable:
        return f"did you mean `{meant}` of `{source_of(place.cable)}`? otherwise write {examples}"
    return f"write {examples}"


def _digits(place: Place) -> str:
    """The number as it was written, without its unit."""
    default = place.value.default
    return f"{default.value / UNITS[default.unit].factor:.6g}" if isinstance(default, Const) else "2"


def missing_depth(knob: KnobSpec, cable: Cable) -> Sequence[DepthMissing]:
    """A `+=` without a depth, where only a unit could say the law."""
    if cable.verb is not Verb.ADD or cable.depth is not None or knob.dimension is Dimension.NUMBER:
        return ()
    example = f"2 {_EXAMPLE[knob.dimension][0]}"
    port, source = knob.name, source_of(cable)
    hint, fixes = _scaled(cable, port, source) if knob.dimension is Dimension.LEVEL else ("", ())
    said = DepthMissing(
        span=cable.span,
        port=port,
        dimension=spoken(knob.dimension),
        source=source,
        example=example,
        hint=hint,
        fixes=fixes,
    )
    return (said,)


def _scaled(cable: Cable, port: str, source: str) -> tuple[str, tuple[Fix, ...]]:
    """A level is scaled by an envelope: `*=` needs no depth."""
    hint = f"write `{port} *= {source}`"
    before = cable.span.source.text[: cable.span.start].rstrip() if cable.span else ""
    if cable.span is None or not before.endswith("+="):
        return hint, ()
    return hint, (Fix(cable.span.source.span(len(before) - 2, len(before)), "*="),)


def not_scalable(knob: KnobSpec, cable: Cable) -> Sequence[NotScalable]:
    """A `*=` where there is nothing to scale."""
    if cable.verb is not Verb.SCALE or knob.dimension in _SCALES:
        return ()
    example = f"2 {_EXAMPLE[knob.dimension][0]}"
    port, source = knob.name, source_of(cable)
    return (NotScalable(span=cable.span, port=port, dimension=spoken(knob.dimension), source=source, example=example),)

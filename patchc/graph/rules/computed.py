"""Values that are worked out stay inside the limits of their ports, and no division meets zero."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from patchc.cells.spec import KnobSpec
from patchc.graph.law import Limits
from patchc.graph.model import Arith, Const, Expr, Graph, NameRef, Value
from patchc.graph.rules.facts import Facts, beyond, default_span, domain_span, end_span, quoted, readable, shown
from patchc.graph.rules.ranges import is_sound, roomier
from patchc.graph.rules.reach import Corner, Expressions
from patchc.graph.walk import Place, Slot, places
from patchc.source.codes.limits import CanBeCutAtSize, CanComeToLimit, ComesToLimit, CutAtSize, DividesByZero
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Span
from patchc.units.domain import Range
from patchc.units.unit import Dimension, written


def computed_values_fit(graph: Graph) -> Iterator[Diagnostic]:
    """P420, P421, P422, P423, P424. One message for each value."""
    facts = Facts(graph)
    rule = _Rule(facts, Expressions(facts))
    for place in places(graph):
        found = next(rule.value(place), None)
        if found is not None:
            yield found


@dataclass(frozen=True)
class _Rule:
    facts: Facts
    expressions: Expressions

    def value(self, place: Place) -> Iterator[Diagnostic]:
        expr = place.value.default
        if isinstance(expr, Arith):
            yield from self._divisions(expr)
        knob = self.facts.knob(place.cell, place.port) if place.slot is Slot.BASE else None
        if place.cell is None or knob is None:
            return
        if isinstance(expr, Arith | NameRef):
            yield from self._limits(place, expr, knob)
        if knob.cut_at is not None:
            yield from self._size(place, knob)

    # --- divisions

    def _divisions(self, expr: Expr) -> Iterator[Diagnostic]:
        if not isinstance(expr, Arith):
            return
        yield from self._divisions(expr.left)
        yield from self._divisions(expr.right)
        where = self._zero(expr.right) if expr.op == "/" else None
        if where is not None:
            yield DividesByZero(span=expr.span, what=f"`{shown(expr)}`", where=where)

    def _zero(self, divisor: Expr) -> str | None:
        """Where a divisor is zero: as it is written, or somewhere between the ends of what it depends on."""
        try:
            start = self.expressions.at(divisor, {})
            corners = list(self.expressions.corners(divisor))
        except ZeroDivisionError:
            return None  # said of the inner division
        if start is not None and start.value == 0.0:
            return f"`{shown(divisor)}` is {readable(0.0, '', start.dimension)}"
        below = [corner for corner in corners if corner.amount.value <= 0.0]
        above = [corner for corner in corners if corner.amount.value >= 0.0]
        if not below or not above:
            return None
        zero = next((corner for corner in below if corner.amount.value == 0.0), None)
        if zero is not None and zero.at:
            return self._where(zero)
        return f"`{shown(divisor)}` passes zero" if zero is None else None

    # --- limits

    def _limits(self, place: Place, expr: Expr, knob: KnobSpec) -> Iterator[Diagnostic]:
        limits = self.facts.limits(place.cell, knob) if place.cell else None
        if limits is None:
            return
        try:
            start = self.expressions.at(expr, {})
            corners = [corner for corner in self.expressions.corners(expr) if corner.amount.dimension is knob.dimension]
        except ZeroDivisionError:
            return
        if start is None or start.dimension is not knob.dimension:
            return
        limit = beyond(start.value, limits)
        if limit is not None:
            yield self._as_written(place, expr, knob, start.value, limit)
            return
        yield from self._in_ranges(place, expr, knob, limits, corners)

    def _as_written(self, place: Place, expr: Expr, knob: KnobSpec, value: float, limit: float) -> Diagnostic:
        hint = self._tempo(expr) or roomier(place.cell, knob, limit, value)
        return ComesToLimit(
            span=default_span(place.value),
            what=quoted(expr),
            value=readable(value, _unit(knob), knob.dimension),
            limit=readable(limit, _unit(knob), knob.dimension),
            port=_name(place, knob),
            hint=hint,
        )

    def _in_ranges(
        self, place: Place, expr: Expr, knob: KnobSpec, limits: Limits, corners: list[Corner]
    ) -> Iterator[Diagnostic]:
        """The corner that lies farthest beyond, over or under."""
        for worst in (max, min):
            corner = worst(corners, key=lambda corner: corner.amount.value, default=None)
            limit = beyond(corner.amount.value, limits) if corner else None
            if corner is not None and limit is not None:
                yield CanComeToLimit(
                    span=default_span(place.value),
                    what=quoted(expr),
                    value=readable(corner.amount.value, _unit(knob), knob.dimension),
                    where=self._where(corner),
                    limit=readable(limit, _unit(knob), knob.dimension),
                    port=_name(place, knob),
                )
                return

    def _where(self, corner: Corner) -> str:
        """`pitch` is 4.2 kHz and `ratio` is 16."""
        return " and ".join(f"`{name}` is {self._shown(name, value)}" for name, value in corner.at.items())

    def _shown(self, name: str, value: float) -> str:
        known = self.facts.values[name]
        unit = known.domain.unit if isinstance(known.domain, Range) else ""
        return readable(value, unit, known.dimension)

    def _tempo(self, expr: Expr) -> str:
        """What to write where a number is divided by a tempo as if that were a plain number."""
        if not (isinstance(expr, Arith) and expr.op == "/" and isinstance(expr.right, NameRef)):
            return ""
        tempo = self.facts.values.get(expr.right.name)
        if tempo is None or not isinstance(tempo.default, Const) or tempo.default.unit != "bpm":
            return ""
        bpm, hertz = written(tempo.default.value, "bpm", 4), written(tempo.default.value, "Hz", 4)
        beat = readable(1 / tempo.default.value, "", Dimension.TIME) if tempo.default.value else ""
        name = expr.right.name
        return f"`{name}` is {bpm}, which is {hertz}: one beat is `1 / {name}`, {beat}" if beat else ""

    # --- sizes

    def _size(self, place: Place, knob: KnobSpec) -> Iterator[Diagnostic]:
        """A value, or the far end of a range that was written, beyond the size up to which it is computed."""
        spec = self.facts.spec(place.cell.type) if place.cell else None
        if spec is None or place.cell is None or knob.cut_at is None:
            return
        length = spec.size_value(knob.cut_at, place.cell.sizes)
        start, end = self._farthest(place.value, knob)
        for farthest, found, span in (
            (start, CutAtSize, default_span(place.value)),
            (end, CanBeCutAtSize, _end_span(place.value)),
        ):
            if farthest is not None and farthest > length * (1 + 1e-9):
                yield found(
                    span=span,
                    port=knob.name,
                    value=readable(farthest, "", knob.dimension),
                    size=knob.cut_at,
                    length=readable(length, "", knob.dimension),
                )
                return

    def _farthest(self, value: Value, knob: KnobSpec) -> tuple[float | None, float | None]:
        """The value as it is written, and the farthest that written ranges let it go."""
        try:
            start = self.expressions.start(value)
            corners = list(self.expressions.corners(value.default)) if value.default is not None else []
        except ZeroDivisionError:
            return None, None
        ends = [corner.amount.value for corner in corners if corner.at]
        if isinstance(value.domain, Range) and is_sound(value.domain) and domain_span(value) != value.span:
            ends.append(value.domain.high)
        fits = start is not None and start.dimension is knob.dimension
        return (start.value if start and fits else None), (max(ends, default=None) if fits else None)


def _name(place: Place, knob: KnobSpec) -> str:
    return f"{place.cell.type}.{knob.name}" if place.cell else knob.name


def _unit(knob: KnobSpec) -> str:
    return knob.domain.unit if isinstance(knob.domain, Range) else ""


def _end_span(value: Value) -> Span | None:
    written_here = domain_span(value)
    return end_span(value, upper=True) if written_here != value.span else default_span(value)

"""What rules look up about a graph: kinds and swings of signals, ports of cells, dimensions and values of names."""

from __future__ import annotations

import math
import re

from patchc.cells.registry import BrokenCell, find_cell
from patchc.cells.spec import CellSpec, Kind, KnobSpec, Polarity, PortSpec
from patchc.graph import spell
from patchc.graph.dimension import dimension_of, fold
from patchc.graph.law import Law, Limits, law_of, level_limits
from patchc.graph.model import Arith, Cable, Cell, Const, Expr, Graph, Member, NameRef, Port, Role, Value, Vector
from patchc.source.text import Span
from patchc.units.domain import Range
from patchc.units.unit import BASE_UNIT, Dimension, written

Swing = tuple[float, float]

_QUANTITY = re.compile(r".*?(?=\s+(?:lin|log|pow|step)\b|$)")
_IN = re.compile(r"(?:^|(?<=[\s)\]]))in\s+")


class Facts:
    """Looked up once for each rule; what is not known is None, and then rules stay silent."""

    def __init__(self, graph: Graph) -> None:
        self._specs: dict[str, CellSpec | None] = {}
        self.values: dict[str, Value] = {param.name: param.value for param in graph.params}
        self.values |= {item.name: item.value for item in graph.inputs if item.value is not None}
        self.dimensions: dict[str, Dimension | None] = {name: value.dimension for name, value in self.values.items()}
        for param in graph.params:  # one that is reckoned from an input of unknown dimension has none either
            if isinstance(param.value.default, Arith | NameRef) and not isinstance(param.value.domain, Range):
                self.dimensions[param.name] = self.dimension(param.value.default)
        self._inputs = {item.name: item.kind for item in graph.inputs}
        self.cells = {cell.name: cell for layer in graph.layers for cell in layer.cells}

    def spec(self, type_: str) -> CellSpec | None:
        if type_ not in self._specs:
            try:
                found = find_cell(type_)
            except BrokenCell:
                found = None
            self._specs[type_] = found.spec if found else None
        return self._specs[type_]

    def port(self, cell: Cell, port: Port) -> PortSpec | None:
        spec = self.spec(cell.type)
        return spec.port(port.name) if spec else None

    def knob(self, cell: Cell | None, port: Port | None) -> KnobSpec | None:
        found = self.port(cell, port) if cell and port else None
        return found if isinstance(found, KnobSpec) else None

    def limits(self, cell: Cell, knob: KnobSpec) -> Limits | None:
        """What a port is held to, base units; every level to some number of decibels."""
        spec = self.spec(cell.type)
        limits = spec.limits_of(knob, cell.sizes, self._audio_is_added(cell, knob)) if spec else knob.limits
        return level_limits(limits) if knob.dimension is Dimension.LEVEL else limits

    def _audio_is_added(self, cell: Cell, knob: KnobSpec) -> bool:
        port = cell.port(knob.name)
        domain = port.value.domain if port and port.value and port.value.domain else knob.domain

        def adds(cable: Cable) -> bool:
            depth, percent = cable.depth, cable.depth is not None and self.in_percent(cable.depth.default)
            return (
                law_of(cable.verb, depth.dimension if depth else Dimension.NUMBER, percent, knob.dimension, domain)[0]
                is Law.ADD
            )

        return any(self.kind(cable.source) is Kind.AUDIO and adds(cable) for cable in (port.cables if port else ()))

    def source_spec(self, name: str) -> CellSpec | None:
        return self.spec(self.cells[name].type) if name in self.cells else None

    def kind(self, source: str) -> Kind | None:
        """The kind of the signal that a cell or an input makes."""
        if source in self._inputs:
            return self._inputs[source]
        spec = self.source_spec(source)
        return spec.out.kind if spec else None

    def swing(self, source: str) -> Swing | None:
        """Between what a source moves: a cell as it declares, an input along its range."""
        spec = self.source_spec(source)
        if spec is not None:
            return (0.0, 1.0) if spec.out.polarity is Polarity.UNIPOLAR else (-1.0, 1.0)
        value = self.values.get(source)
        return (value.domain.low, value.domain.high) if value and isinstance(value.domain, Range) else None

    def chosen(self, param: str) -> str | None:
        """The member at which a choice stands for good; None if it can be another."""
        value = self.values.get(param)
        fixed = value is not None and value.role is Role.FIXED and value.prior is None
        return value.default.name if fixed and value and isinstance(value.default, Member) else None

    def dimension(self, expr: Expr) -> Dimension | None:
        return dimension_of(expr, self.dimensions)

    def evaluate(self, expr: Expr | None) -> Const | None:
        """The value of `expr` with every name at its default."""
        match expr:
            case Const():
                return expr
            case NameRef():
                value = self.values.get(expr.name)
                return value.default if value and isinstance(value.default, Const) else None
            case Arith():
                left, right = self.evaluate(expr.left), self.evaluate(expr.right)
                try:
                    return fold(expr.op, left, right) if left and right else None
                except ArithmeticError:
                    return None
        return None

    def in_percent(self, expr: Expr | None) -> bool:
        """Whether a plain number is written with `%`, itself or by the param it names."""
        match expr:
            case Const() | Vector():
                return expr.unit == "%"
            case NameRef():
                value = self.values.get(expr.name)
                return value is not None and (self.in_percent(value.default) or _unit(value) == "%")
            case Arith():
                return self.in_percent(expr.left) or self.in_percent(expr.right)
        return False


def _unit(value: Value) -> str:
    return value.domain.unit if isinstance(value.domain, Range) else ""


def constants_of(expr: Expr | None) -> tuple[Const, ...]:
    """The numbers that stand in a value: one, those of a vector, or none where it depends on something."""
    return (expr,) if isinstance(expr, Const) else expr.numbers if isinstance(expr, Vector) else ()


def slack(limits: Limits) -> float:
    """How far beyond its limits a value may lie and still be at them: rounding."""
    return 1e-9 * max(abs(end) for end in limits if math.isfinite(end))


def beyond(value: float, limits: Limits) -> float | None:
    """The limit that `value` lies beyond."""
    low, high = limits
    return low if value < low - slack(limits) else high if value > high + slack(limits) else None


# --- words for messages -----------------------------------------------------------------------------------------------


def shown(expr: Expr) -> str:
    """`expr` as it was written, or as it would be."""
    if expr.span is not None and "\n" not in expr.span.text:
        return expr.span.text
    return spell.expression(expr)


def quoted(expr: Expr) -> str:
    """A number as it is, a name or arithmetic in quotes."""
    return shown(expr) if isinstance(expr, Const) and " " not in shown(expr).replace(" ", "", 1) else f"`{shown(expr)}`"


def number(value: float, unit: str, dimension: Dimension) -> str:
    """`value` (base units) for people: six digits."""
    return spell.rounded(value, unit or BASE_UNIT[dimension])


def readable(value: float, unit: str, dimension: Dimension) -> str:
    """`value` (base units) for people, in the size of unit that suits it; four digits."""
    if not math.isfinite(value):
        return "beyond all numbers" if value else "no number"
    if dimension is Dimension.FREQUENCY:
        unit = "kHz" if abs(value) >= 1000 else "Hz"
    elif dimension is Dimension.TIME:
        unit = "ms" if 0 < abs(value) < 1 else "s"
    return written(value, unit or BASE_UNIT[dimension], digits=4)


def source_of(cable: Cable) -> str:
    """A cable's source as it was written, or by its name in the flat graph."""
    return cable.span.text if cable.span else cable.source


# --- places inside a value, for carets --------------------------------------------------------------------------------


def default_span(value: Value) -> Span | None:
    return (value.default.span if value.default is not None else None) or value.span


def domain_span(value: Value) -> Span | None:
    """Where the range stands, if it was written with the value; otherwise the whole value."""
    if value.span is None:
        return None
    text = value.span.text.partition("~")[0]
    found = _IN.search(text)
    if found is None:
        return value.span
    return value.span.source.span(value.span.start + found.end(), value.span.start + len(text.rstrip()))


def range_text(value: Value, domain: Range) -> str:
    """The range as it was written with the value, or as it would be."""
    span = domain_span(value)
    return span.text if span is not None and span != value.span else spell.interval(domain)


def swapped(value: Value, domain: Range) -> str:
    """The range with its ends exchanged, in the units they were written in."""
    low, high, whole = end_span(value, upper=False), end_span(value, upper=True), domain_span(value)
    if low is None or high is None or whole is None or low == high:
        return spell.interval(domain.model_copy(update={"low": domain.high, "high": domain.low}))
    return f"{high.text} .. {low.text}{whole.text[high.end - whole.start :]}"


def end_span(value: Value, upper: bool) -> Span | None:
    """Where one end of the range stands."""
    span = domain_span(value)
    if span is None or span == value.span or ".." not in span.text:
        return span
    low, _, high = span.text.partition("..")
    start = span.start + (len(low) + 2 + len(high) - len(high.lstrip()) if upper else 0)
    found = _QUANTITY.match(high.lstrip() if upper else low)
    return span.source.span(start, start + len(found[0].rstrip())) if found else span


def prior_span(value: Value) -> Span | None:
    if value.span is None or "~" not in value.span.text:
        return value.span
    rest = value.span.text.partition("~")[2]
    return value.span.source.span(value.span.end - len(rest.lstrip()), value.span.end)

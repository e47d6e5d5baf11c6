"""What rules look up about a graph: kinds and swings of signals, ports of cells, dimensions and values of names."""

from __future__ import annotations

import re

from patchc.cells.registry import BrokenCell, find_cell
from patchc.cells.spec import CellSpec, Kind, KnobSpec, Polarity, PortSpec
from patchc.graph import spell
from patchc.graph.dimension import dimension_of, fold
from patchc.graph.model import Arith, Cable, Cell, Const, Expr, Graph, NameRef, Port, Value, Vector
from patchc.source.text import Span
from patchc.units.domain import Range
from patchc.units.unit import BASE_UNIT, Dimension

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
        self._types = {cell.name: cell.type for layer in graph.layers for cell in layer.cells}

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

    def source_spec(self, name: str) -> CellSpec | None:
        return self.spec(self._types[name]) if name in self._types else None

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

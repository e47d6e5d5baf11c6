"""One definition's names replaced by what they are in one instance: in expressions, values, cables and ports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from patchc.graph.expressions import MOST_OPERATIONS, join
from patchc.graph.model import Arith, Cable, Expr, Fixed, NameRef, Port, Value, When
from patchc.graph.report import Say
from patchc.source.codes.sizes import TooDeep
from patchc.source.text import Span


@dataclass
class Names:
    """What the names of a patch stand for in one instance; `prefix` is its path and a dot, empty for the main patch.

    `numbers` are params and control inputs; one that is missing is a param of the flat graph by its own path. `signals`
    are inputs and instances' outputs; None means that nothing is plugged in, one that is missing is a cell.
    """

    prefix: str
    say: Say
    numbers: dict[str, Expr] = field(default_factory=dict)
    signals: dict[str, str | None] = field(default_factory=dict)

    def source(self, name: str) -> str | None:
        return self.signals[name] if name in self.signals else self.prefix + name

    def number(self, name: str, span: Span | None) -> Expr:
        known = self.numbers.get(name)
        return NameRef(name=self.prefix + name, span=span) if known is None else known

    # --- expressions

    def expr(self, expr: Expr) -> Expr | None:
        """`expr` with its names replaced; None, and said, if that makes it too long."""
        if isinstance(expr, Fixed) or not (self.prefix or self.numbers):
            return expr
        if isinstance(expr, Arith) and self._operations(expr) > MOST_OPERATIONS:
            what = "this expression, with those of the params in it, has too many operations"
            self.say(TooDeep(span=expr.span, what=what, limit=MOST_OPERATIONS))
            return None
        return self._replaced(expr)

    def _replaced(self, expr: Expr) -> Expr | None:
        if isinstance(expr, NameRef):
            return self.number(expr.name, expr.span)
        if isinstance(expr, Arith):
            left, right = self._replaced(expr.left), self._replaced(expr.right)
            return None if left is None or right is None else join(expr, left, right, self.say)
        return expr

    def _operations(self, expr: Expr) -> int:
        if isinstance(expr, NameRef):
            return operations(self.numbers.get(expr.name))
        return 1 + self._operations(expr.left) + self._operations(expr.right) if isinstance(expr, Arith) else 0

    # --- what holds expressions

    def value(self, value: Value) -> Value | None:
        default = value.default
        if default is None or isinstance(default, Fixed):
            return value
        replaced = self.expr(default)
        if replaced is default:
            return value
        return None if replaced is None else value.model_copy(update={"default": replaced})

    def when(self, conditions: tuple[When, ...]) -> tuple[When, ...]:
        """The conditions with their params by path. A choice never becomes a number, so each stands for a param."""
        if not conditions or not (self.prefix or self.numbers):
            return conditions
        params = (self.number(condition.param, None) for condition in conditions)
        return tuple(
            condition.model_copy(update={"param": param.name}) if isinstance(param, NameRef) else condition
            for condition, param in zip(conditions, params, strict=True)
        )

    def cable(self, cable: Cable) -> Cable | None:
        """The cable as it is in this instance; None if nothing is plugged in where it comes from."""
        source, when = self.source(cable.source), self.when(cable.when)
        depth = self.value(cable.depth) if cable.depth else None
        maybe = self.value(cable.maybe) if cable.maybe else None
        if source is None or (depth is None and cable.depth is not None):
            return None
        if (source, when) == (cable.source, cable.when) and depth is cable.depth and maybe is cable.maybe:
            return cable
        return cable.model_copy(update={"source": source, "when": when, "depth": depth, "maybe": maybe})

    def cables(self, cables: Iterable[Cable]) -> tuple[Cable, ...]:
        return tuple(made for cable in cables if (made := self.cable(cable)) is not None)

    def port(self, port: Port) -> Port | None:
        """The port as it is in this instance; None if nothing is left of it."""
        value = self.value(port.value) if port.value else None
        cables = self.cables(port.cables)
        if value is None and not cables:
            return None
        if value is port.value and all(map(_same, cables, port.cables)) and len(cables) == len(port.cables):
            return port
        return Port(name=port.name, value=value, cables=cables, span=port.span)


def _same(one: object, other: object) -> bool:
    return one is other


def operations(expr: Expr | None) -> int:
    """How many operations an expression has."""
    return 1 + operations(expr.left) + operations(expr.right) if isinstance(expr, Arith) else 0

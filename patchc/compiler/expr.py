"""Expressions ready to run: params written out, constants folded, and every `+` decided to be a sum or a ratio."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from patchc.graph import model
from patchc.source.error import InternalError
from patchc.units.unit import BASE_UNIT, UNITS, Dimension, written


class Op(StrEnum):
    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "/"
    RAISE = "* 2 **"  # a frequency or time, raised by an interval in octaves
    LOWER = "/ 2 **"


@dataclass(frozen=True)
class Number:
    """A constant in base units, and the unit it was written in."""

    value: float
    dimension: Dimension = Dimension.NUMBER
    unit: str = ""


@dataclass(frozen=True)
class Entries:
    """The constants of a vector, in base units, and the unit they were written in."""

    values: tuple[float, ...]
    dimension: Dimension = Dimension.NUMBER
    unit: str = ""


@dataclass(frozen=True)
class Read:
    """The value of a knob or of a control input, in base units."""

    name: str
    dimension: Dimension
    unit: str = ""
    is_vector: bool = False


@dataclass(frozen=True)
class Apply:
    op: Op
    left: Expr
    right: Expr
    dimension: Dimension


_SHOWN = 8  # entries of a vector that are printed

Expr = Number | Entries | Read | Apply
Scope = Mapping[str, Expr]


def lower(expr: model.Expr, scope: Scope) -> Expr:
    """`expr` with every name replaced by what `scope` says it is, and constants folded."""
    match expr:
        case model.Const():
            return Number(expr.value, expr.dimension, expr.unit)
        case model.Vector():
            return Entries(expr.values, expr.dimension, expr.unit)
        case model.NameRef() if expr.name in scope:
            return scope[expr.name]
        case model.Arith():
            return _apply(expr.op, lower(expr.left, scope), lower(expr.right, scope))
    raise InternalError(f"no number: {expr!r}")


def _apply(sign: str, left: Expr, right: Expr) -> Expr:
    if sign == "+" and left.dimension is Dimension.INTERVAL and right.dimension is not Dimension.INTERVAL:
        left, right = right, left
    op, dimension = _meaning(Op(sign), left.dimension, right.dimension)
    if isinstance(left, Number) and isinstance(right, Number):
        unit = left.unit if left.dimension is dimension else right.unit if right.dimension is dimension else ""
        return Number(calculate(op, left.value, right.value), dimension, unit)
    return Apply(op, left, right, dimension)


def _meaning(op: Op, left: Dimension, right: Dimension) -> tuple[Op, Dimension]:
    """What `op` does between numbers of two dimensions, and the dimension of the result."""
    number, interval = Dimension.NUMBER, Dimension.INTERVAL
    if op in (Op.ADD, Op.SUB):
        if right is interval and left is not interval:
            return (Op.RAISE if op is Op.ADD else Op.LOWER), left
        return op, left
    if op is Op.MUL:
        if {left, right} == {Dimension.FREQUENCY, Dimension.TIME}:
            return op, number
        return op, right if left is number else left
    if left is right:
        return op, number
    if left is number and right in (Dimension.FREQUENCY, Dimension.TIME):
        return op, Dimension.TIME if right is Dimension.FREQUENCY else Dimension.FREQUENCY
    return op, left


def calculate(op: Op, left: float, right: float) -> float:
    """The same arithmetic on constants that `patchc.compiler.signals` does on tensors; what is too large is
    infinite."""
    match op:
        case Op.ADD:
            return left + right
        case Op.SUB:
            return left - right
        case Op.MUL:
            return left * right
        case Op.DIV:
            return left / right if right else math.copysign(math.inf, left)
        case Op.RAISE:
            return left * _octaves(right)
        case Op.LOWER:
            return left * _octaves(-right)


def _octaves(count: float) -> float:
    """`2 ** count`, infinite where Python would raise an error."""
    return math.exp2(count) if count < 1024 else math.inf


def evaluate(
    expr: Expr,
    read: Callable[[str], Any],
    apply: Callable[[Op, Any, Any], Any] = calculate,
    entries: Callable[[tuple[float, ...]], Any] = max,
) -> Any:
    """The value of `expr`, with `read` giving the value of a name and `apply` doing the arithmetic.

    `entries` makes something of the constants of a vector; unless told otherwise, their largest stands for them.
    """
    match expr:
        case Number():
            return expr.value
        case Entries():
            return entries(expr.values)
        case Read():
            return read(expr.name)
        case Apply():
            left, right = (evaluate(side, read, apply, entries) for side in (expr.left, expr.right))
            return apply(expr.op, left, right)


def constant(expr: model.Expr, scope: Scope) -> Number:
    """The value of an expression whose names are all constants."""
    found = lower(expr, scope)
    if not isinstance(found, Number):
        raise InternalError(f"not a constant: {text(found)}")
    return found


def in_percent(expr: Expr) -> bool:
    """Whether a plain number was written with `%`."""
    match expr:
        case Apply():
            return expr.dimension is Dimension.NUMBER and (in_percent(expr.left) or in_percent(expr.right))
        case _:
            return expr.dimension is Dimension.NUMBER and expr.unit == "%"


def text(expr: Expr) -> str:
    """`expr` as the plan prints it: `pitch * 2 ** spread`."""
    match expr:
        case Number():
            fits = expr.unit in UNITS and UNITS[expr.unit].dimension is expr.dimension
            return written(expr.value, expr.unit if fits else BASE_UNIT[expr.dimension], digits=6)
        case Entries():
            shown = [text(Number(value, expr.dimension, expr.unit)) for value in expr.values[:_SHOWN]]
            more = f", ... {len(expr.values)} in all" if len(expr.values) > _SHOWN else ""
            return f"[{', '.join(shown)}{more}]"
        case Read():
            return expr.name
        case Apply():
            return f"{_operand(expr.left)} {expr.op} {_operand(expr.right)}"


def _operand(expr: Expr) -> str:
    return f"({text(expr)})" if isinstance(expr, Apply) else text(expr)

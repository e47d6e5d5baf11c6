"""Which dimensions may meet in arithmetic, what comes out, and the folding of two constants into one."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import NamedTuple

from patchc.graph.model import Arith, Const, Expr, NameRef, Vector
from patchc.units.unit import BASE_UNIT, Dimension

_BENDS = (Dimension.FREQUENCY, Dimension.TIME)
_INVERSE = {Dimension.FREQUENCY: Dimension.TIME, Dimension.TIME: Dimension.FREQUENCY}
_PLAIN: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def combined(op: str, left: Dimension, right: Dimension) -> Dimension | None:
    """The dimension of `left op right`, or None where the two do not fit.

    Equal dimensions add. An interval bends a frequency or a time by its ratio (`pitch + 7 ct`). A plain number scales
    anything; the quotient of equal dimensions is a plain number, and a frequency is one over a time.
    """
    if op in "+-":
        return _sum(op, left, right)
    if right is Dimension.NUMBER:
        return left
    if op == "*":
        return right if left is Dimension.NUMBER else Dimension.NUMBER if _INVERSE.get(left) is right else None
    return Dimension.NUMBER if left is right else _INVERSE.get(right) if left is Dimension.NUMBER else None


def _sum(op: str, left: Dimension, right: Dimension) -> Dimension | None:
    if left is right:
        return left
    if left in _BENDS and right is Dimension.INTERVAL:
        return left
    return right if op == "+" and left is Dimension.INTERVAL and right in _BENDS else None


def dimension_of(expr: Expr, names: Mapping[str, Dimension | None]) -> Dimension | None:
    """The dimension of an expression over params and inputs whose dimensions are `names`.

    None where it is not known: an input without a default, a choice, or operands that do not fit each other.
    """
    if isinstance(expr, Const | Vector):
        return expr.dimension
    if isinstance(expr, NameRef):
        return names.get(expr.name)
    if isinstance(expr, Arith):
        left, right = dimension_of(expr.left, names), dimension_of(expr.right, names)
        return combined(expr.op, left, right) if left and right else None
    return None


class Amount(NamedTuple):
    """A number in base units and what it measures."""

    value: float
    dimension: Dimension


def reckon(op: str, left: Amount, right: Amount) -> Amount | None:
    """`left op right`, infinite where it is too large; None where the dimensions do not fit.

    Raises `ZeroDivisionError`.
    """
    dimension = combined(op, left.dimension, right.dimension)
    if dimension is None:
        return None
    try:
        return Amount(_value(op, left, right), dimension)
    except OverflowError:
        return Amount(math.copysign(math.inf, left.value), dimension)


def fold(op: str, left: Const, right: Const) -> Const | None:
    """`left op right` as one constant, in the unit of the operand whose dimension it has, the left one first.

    None where the dimensions do not fit. Raises `ArithmeticError` where the result is not a finite number.
    """
    found = reckon(op, Amount(left.value, left.dimension), Amount(right.value, right.dimension))
    if found is None:
        return None
    if not math.isfinite(found.value):
        raise ArithmeticError
    unit = next((side.unit for side in (left, right) if side.dimension is found.dimension), BASE_UNIT[found.dimension])
    return Const(value=found.value, dimension=found.dimension, unit=unit)


def _value(op: str, left: Amount, right: Amount) -> float:
    if op in "+-" and left.dimension is not right.dimension:
        if left.dimension is Dimension.INTERVAL:
            left, right = right, left
        return left.value * math.exp2(right.value if op == "+" else -right.value)
    return _PLAIN[op](left.value, right.value)

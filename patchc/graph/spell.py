"""Numbers, expressions and values as patch text, spelled so that reading them gives the very same floats."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from patchc.graph.model import Arith, Const, Expr, Member, NameRef, Role, Value, Vector
from patchc.units.domain import Choice, Curve, Range
from patchc.units.prior import Prior
from patchc.units.unit import BASE_UNIT, UNITS, Dimension

_LARGER_UNIT = {"Hz": "kHz", "ms": "s", "s": "min"}
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}
_WORD = r"[A-Za-z_][A-Za-z0-9_]*"
_NAME = re.compile(rf"{_WORD}$")
_PATH = re.compile(r"[A-Za-z0-9_.\[\]+-]+$")


def name(text: str) -> str:
    """`text` if it is one word. Raises `ValueError` otherwise: nothing that is not a name gets into a patch."""
    if not _NAME.match(text):
        raise ValueError(f"{text!r} is not a name")
    return text


def path(text: str) -> str:
    """`text` if it may be a dotted path such as `bell[1].op4.osc`. Raises `ValueError` otherwise."""
    if not _PATH.match(text):
        raise ValueError(f"{text!r} is not a name")
    return text


def string(text: str) -> str:
    """`"text"`. Raises `ValueError` for what cannot stand between quotes: another quote, a line end."""
    if any(char == '"' or char in "\r\n" for char in text):
        raise ValueError(f"{text!r} holds a quote or a line end, which a string in a patch cannot")
    return f'"{text}"'


def number(value: float, unit: str) -> str | None:
    """The shortest number that, read in `unit`, is exactly `value` in base units; None if no float is."""
    factor = UNITS[unit].factor
    near = value / factor
    for candidate in (near, math.nextafter(near, math.inf), math.nextafter(near, -math.inf)):
        for digits in (6, 9, 12, 15, 16, 17):
            text = f"{candidate:.{digits}g}"
            if float(text) * factor == value:
                return plain(text)
    return None


def plain(text: str) -> str:
    """A number without an exponent, where that stays short."""
    if "e" not in text or not -8 < int(text.partition("e")[2]) < 13:
        return text
    return format(Decimal(text), "f")


def quantity(value: float, unit: str, dimension: Dimension) -> str:
    """`value` (base units) with its unit, or in the base unit if `unit` cannot spell it. `ValueError` for inf, nan."""
    unit = _fitting(value, unit, dimension)
    text = number(value, unit)
    if text is None:
        unit = BASE_UNIT[dimension]
        text = number(value, unit) or repr(value)
    return f"{text} {unit}".rstrip()


def constant(value: float, unit: str, dimension: Dimension) -> str:
    """`value` in `unit`, whatever it takes: reading gives this float and this unit. Raises `ValueError` for inf, nan.

    In a unit whose factor rounds, some floats lie between two neighbouring numbers. Those, made by arithmetic and
    never by a person, are spelled as a sum: `21 ct + 2e-18 oct`. Constants are folded when they are read, so that it
    is exact.
    """
    unit = _fitting(value, unit, dimension)
    text = number(value, unit)
    if text is not None:
        return f"{text} {unit}".rstrip()
    factor = UNITS[unit].factor
    near = plain(f"{value / factor:.12g}")
    rest = value - float(near) * factor
    sign = "-" if rest < 0 else "+"
    return f"{near} {unit} {sign} {number(abs(rest), BASE_UNIT[dimension])} {BASE_UNIT[dimension]}".rstrip()


def _fitting(value: float, unit: str, dimension: Dimension) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a number that can be written")
    return unit if unit in UNITS and UNITS[unit].dimension is dimension else BASE_UNIT[dimension]


def rounded(value: float, unit: str, digits: int = 6) -> str:
    """`value` (base units) in `unit` to so many significant digits."""
    text = plain(f"{value / UNITS[unit].factor:.{digits}g}")
    return f"{text} {unit}".rstrip()


def expression(expr: Expr) -> str:
    """`pitch + (k - 2) * spread`, with no more brackets than its shape needs."""
    match expr:
        case Const():
            return constant(expr.value, expr.unit, expr.dimension)
        case Member():
            return name(expr.name)
        case Vector():
            return f"[{', '.join(map(expression, expr.numbers))}]"
        case NameRef():
            return path(expr.name)
        case Arith():
            return f"{_operand(expr.left, _BINDS[expr.op])} {expr.op} {_operand(expr.right, _BINDS[expr.op] + 1)}"


def _operand(expr: Expr, at_least: int) -> str:
    text = expression(expr)
    binds = _BINDS[expr.op] if isinstance(expr, Arith) else 1 if " + " in text or " - " in text else 3
    return f"({text})" if binds < at_least else text


def interval(domain: Range) -> str:
    """`20 Hz .. 8 kHz log`"""
    parts = [constant(domain.low, domain.unit, domain.dimension), "..", _upper_end(domain)]
    if domain.curve is not Curve.LIN:
        parts.append(domain.curve.value)
    if domain.curve is Curve.POW:
        parts.append(quantity(domain.power, "", Dimension.NUMBER))
    if domain.step is not None:
        parts += ["step", quantity(domain.step, domain.unit, domain.dimension)]
    return " ".join(parts)


def _upper_end(domain: Range) -> str:
    """The upper end in the range's unit, or in the next larger one where that is shorter and just as exact."""
    usual = quantity(domain.high, domain.unit, domain.dimension)
    larger = _LARGER_UNIT.get(domain.unit)
    if larger is None or abs(domain.high) < UNITS[larger].factor:
        return usual
    text = number(domain.high, larger)
    return f"{text} {larger}" if text is not None and len(text) < len(usual.split()[0]) else usual


def prior(belief: Prior) -> str:
    """`normal(800 Hz, 1 oct)`"""
    units = belief.units or ("",) * len(belief.numbers)
    numbers = [constant(n, u, UNITS[u].dimension) for n, u in zip(belief.numbers, units, strict=True)]
    return f"{belief.family}({', '.join(numbers)})"


def value(of: Value) -> str:
    """`learn 800 Hz in 20 Hz .. 8 kHz log ~ normal(800 Hz, 1 oct)`"""
    parts = [] if of.role is Role.FIXED else [of.role.value]
    if of.default is not None:
        parts.append(expression(of.default))
    match of.domain:
        case Range():
            parts.append(f"in {interval(of.domain)}")
        case Choice():
            parts.append(f"in [{', '.join(name(member) for member in of.domain.members)}]")
    if of.prior is not None:
        parts.append(f"~ {prior(of.prior)}")
    return " ".join(parts) or Role.FIXED.value

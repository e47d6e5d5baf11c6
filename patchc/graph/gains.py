"""The gain of a cable: decibels or a plain factor, never the one times the other, which would multiply the decibels."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from patchc.graph.model import Const, Expr
from patchc.source.codes.numbers import NoSuchProduct
from patchc.source.diagnostic import Fix
from patchc.source.text import Span
from patchc.syntax import tree
from patchc.units.unit import Dimension

Built = Callable[[tree.Expr], Expr | None]
Measured = Callable[[Expr], Dimension | None]
_Factor = tuple[str, tree.Expr, Expr]  # `*` or `/`, as written, as built


def mixed_gain(gain: tree.Value, source: tree.Ref, built: Built, dimension: Measured) -> NoSuchProduct | None:
    """What is wrong with `in <- osc * -8 dB * -1`, and the one gain that it comes to; None for a gain of one kind."""
    if not isinstance(gain.expr, tree.Binary):
        return None
    factors = list(_factors("*", gain.expr, built))
    kinds = [dimension(factor) for _, _, factor in factors]
    if Dimension.LEVEL not in kinds or Dimension.NUMBER not in kinds:
        return None
    sign, _, _ = factors[-1]
    hint, fixes = _instead(gain, source, factors, kinds)
    return NoSuchProduct(
        span=gain.expr.span,
        left="a gain in dB",
        done="multiplied" if sign == "*" else "divided",
        right="a plain number",
        sign=sign,
        hint=hint,
        fixes=fixes,
    )


def _factors(sign: str, expr: tree.Expr, built: Built) -> Iterator[_Factor]:
    """What a product is made of, from left to right."""
    if isinstance(expr, tree.Binary) and expr.op in "*/":
        yield from _factors(sign, expr.left, built)
        other = "/" if sign == "*" else "*"
        yield from _factors(sign if expr.op == "*" else other, expr.right, built)
    elif (found := built(expr)) is not None:
        yield sign, expr, found


def _instead(
    gain: tree.Value, source: tree.Ref, factors: list[_Factor], kinds: list[Dimension | None]
) -> tuple[str, tuple[Fix, ...]]:
    """One number for both gains; where they have names or may change, the two cells' worth of lines that say it."""
    assert gain.expr is not None
    product = _product(factors)
    if product is None or gain.role is not None or gain.domain is not None:
        parts = list(zip(factors, kinds, strict=True))
        level = next(text.span.text for (_, text, _), kind in parts if kind is Dimension.LEVEL)
        sign, number = next((sign, text.span.text) for (sign, text, _), kind in parts if kind is Dimension.NUMBER)
        factor = number if sign == "*" else _inverse(number)
        both = f"`in <- {source.text} * {factor}; level = {level}`"
        return f"a `gain` cell has both: {both}; its `level = {level} {sign} {number}` would multiply the decibels", ()
    text = f"{product:.6g}"
    inverts = "; `* -1` alone inverts" if product < 0 else ""
    return f"write `{source.text} * {text}`, both gains in one{inverts}", (Fix(_with_brackets(gain.expr.span), text),)


def _inverse(number: str) -> str:
    try:
        return f"{1 / float(number):.6g}"
    except (ValueError, ZeroDivisionError):
        return f"1 / {number}"


def _with_brackets(span: Span) -> Span:
    """`(-8 dB * -1)` for the product inside."""
    text = span.source.text
    before, behind = text[: span.start].rstrip(), text[span.end :]
    if before.endswith("(") and behind.lstrip().startswith(")"):
        return span.source.span(len(before) - 1, span.end + len(behind) - len(behind.lstrip()) + 1)
    return span


def _product(factors: list[_Factor]) -> float | None:
    """The product of numbers as a plain factor, decibels as amplitudes; None where one of them has a name."""
    total = 1.0
    for sign, text, factor in factors:
        if not isinstance(factor, Const) or not isinstance(text, tree.Number):
            return None
        value = 10 ** (factor.value / 20) if factor.dimension is Dimension.LEVEL else factor.value
        if not value and sign == "/":
            return None
        total = total * value if sign == "*" else total / value
    return total if math.isfinite(total) else None

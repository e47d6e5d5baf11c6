"""Lines that put signals into numbers, said again with `+=`, `*=` and `<-` in the names they were written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from patchc.syntax import tree
from patchc.syntax.signals import cables_of
from patchc.units.unit import UNITS, Dimension

IsSignal = Callable[[tree.Ref], bool]
EXAMPLES = {
    Dimension.FREQUENCY: "12 st",
    Dimension.TIME: "12 st",
    Dimension.INTERVAL: "2 st",
    Dimension.LEVEL: "6 dB",
    Dimension.PHASE: "90 deg",
    Dimension.NUMBER: "20 %",
}
_Term = tuple[str, tree.Expr]  # `+` or `-`, and what is added


def refs(expr: tree.Expr | tree.Vector | None) -> Iterator[tree.Ref]:
    """Every name in an expression, from left to right."""
    if isinstance(expr, tree.Ref):
        yield expr
    elif isinstance(expr, tree.Binary):
        yield from refs(expr.left)
        yield from refs(expr.right)


def as_modulation(port: str, expr: tree.Expr, dimension: Dimension | None, is_signal: IsSignal) -> str | None:
    """`freq = pitch; freq += lfo * 20 ct` for `freq = pitch + lfo * 20 ct`; None where a depth is missing."""
    terms = list(_terms("+", expr))
    plain = [term for term in terms if not _has(term[1], is_signal)]
    lines = [f"{port} = {_sum(plain)}"] if plain else []
    for sign, term in terms:
        if _has(term, is_signal):
            made = _modulated(port, sign, term, dimension, is_signal)
            if made is None:
                return None
            lines += made
    return "; ".join(lines)


def as_cables(port: str, cable: tree.Cable) -> str | None:
    """`in <- a * 50 %, b` for a cable whose depth goes on with other signals: `in <- a * 50 % + b`."""
    made = cables_of(cable.span.text)
    return None if made is None else f"{port} <- {made}"


def _terms(sign: str, expr: tree.Expr) -> Iterator[_Term]:
    if isinstance(expr, tree.Binary) and expr.op in "+-":
        yield from _terms(sign, expr.left)
        other = "-" if sign == "+" else "+"
        yield from _terms(sign if expr.op == "+" else other, expr.right)
    else:
        yield sign, expr


def _has(expr: tree.Expr, is_signal: IsSignal) -> bool:
    return any(is_signal(ref) for ref in refs(expr))


def _sum(terms: list[_Term]) -> str:
    text = "".join(f" {sign} {term.span.text}" for sign, term in terms)
    return text.removeprefix(" + ").replace(" - ", "-", 1) if text.startswith(" - ") else text.removeprefix(" + ")


def product_of(expr: tree.Expr) -> list[tree.Expr] | None:
    """What a product is made of; None if something in it is divided or summed."""
    if not isinstance(expr, tree.Binary):
        return [expr]
    left, right = (product_of(expr.left), product_of(expr.right)) if expr.op == "*" else (None, None)
    return None if left is None or right is None else left + right


def _modulated(
    port: str, sign: str, term: tree.Expr, dimension: Dimension | None, is_signal: IsSignal
) -> list[str] | None:
    factors = product_of(term)
    if factors is None:
        return None
    signals = [part for part in factors if isinstance(part, tree.Ref) and is_signal(part)]
    rest = [part for part in factors if part not in signals and part.span.text != port]
    names = [part.span.text for part in rest if isinstance(part, tree.Ref)]
    scales = dimension is Dimension.LEVEL and sign == "+" and len(names) == len(rest)
    if scales:
        return [f"{port} *= {name}" for name in [*(signal.span.text for signal in signals), *names]]
    if len(signals) != 1 or len(rest) != 1 or not isinstance(rest[0], tree.Number):
        return None
    return _one_depth(port, sign, signals[0].span.text, rest[0], dimension)


def through_gain(
    port: str, cable: tree.Cable, signals: list[tree.Ref], is_bipolar: IsSignal
) -> tuple[str, str, str] | None:
    """For `freq += lfo * env * 20 ct`: the name of a cell, its line, and the line that the port then has.

    A product of signals is made by a `gain`: what swings both ways goes in, the others scale it.
    """
    depth = cable.depth.expr if cable.depth and not cable.guards else None
    factors = product_of(depth) if depth is not None and not isinstance(depth, tree.Vector) else None
    rest = [factor for factor in factors or () if factor not in signals]
    if len(rest) != 1 or not isinstance(rest[0], tree.Number):
        return None
    every = [cable.source, *signals]
    moved = next((ref for ref in every if is_bipolar(ref)), cable.source)
    name = "".join(char if char.isalnum() else "_" for char in f"{moved.text}_amount")
    scales = "; ".join(f"level *= {ref.text}" for ref in every if ref is not moved)
    return name, f"cell {name} : gain {{ in <- {moved.text}; {scales} }}", f"{port} += {name} * {rest[0].span.text}"


def _one_depth(port: str, sign: str, signal: str, depth: tree.Number, dimension: Dimension | None) -> list[str] | None:
    unit, text = UNITS.get(depth.unit), depth.span.text
    measured = unit.dimension if unit else None
    if dimension is Dimension.LEVEL and measured is Dimension.NUMBER:
        share = text if depth.unit == "%" else f"{depth.value * 100:.6g} %"
        return (
            [f"{port} *= {signal} * {share}"]
            if sign == "+" and 0 <= depth.value <= (100 if depth.unit else 1)
            else None
        )
    bends = measured is Dimension.INTERVAL and dimension in (Dimension.FREQUENCY, Dimension.TIME)
    if not (bends or measured is dimension or depth.unit == "%"):
        return None
    if sign == "-":
        text = text[1:] if text.startswith("-") else f"-{text}"
    return [f"{port} += {signal} * {text}"]


def example(port: str, signal: str, dimension: Dimension | None) -> str:
    """A line that lets `signal` move `port`."""
    if dimension is Dimension.LEVEL:
        return f"{port} *= {signal}"
    return f"{port} += {signal} * {EXAMPLES[dimension or Dimension.NUMBER]}"


def gate_hint(port: str, gate: str, dimension: Dimension | None) -> str:
    """A gate moves nothing itself; an envelope does."""
    line = example(port, "env", dimension)
    return f"a gate opens an envelope: `cell env : adsr {{ gate <- {gate} }}`, then `{line}`"

"""Expressions of a patch: names looked up, constants folded."""

from __future__ import annotations

import math
from collections.abc import Callable

from patchc.graph.dimension import fold
from patchc.graph.model import Arith, Const, Expr, NameRef
from patchc.graph.report import Say
from patchc.source.codes.numbers import NoSuchProduct, UnitMismatch, UnknownUnit
from patchc.source.codes.sizes import TooDeep
from patchc.source.codes.values import NotConstant, NotFinite
from patchc.source.diagnostic import Diagnostic, Fix
from patchc.syntax import tree
from patchc.units.unit import UNITS, Dimension

Look = Callable[[tree.Ref], Expr | None]

_LENGTHS: dict[str, Callable[[float], float]] = {
    "beat": lambda count: count,
    "beats": lambda count: count,
    "b": lambda count: count,
    "bar": lambda count: 4 * count,
    "bars": lambda count: 4 * count,
    "n": lambda part: 4 / part,
    "th": lambda part: 4 / part,
}
"""Beats in so many of a unit of other languages: `1 beat`, `2 bars`, `8n` (an eighth)."""

MOST_OPERATIONS = 100
"""In one expression, those of the params in it counted: what reads a graph may recurse through it."""


def build(node: tree.Expr, look: Look, say: Say) -> Expr | None:
    """`node` with its names found by `look` and its constants folded; None if something in it was reported.

    `a + b + c ...` leans to the left, as deep as it is long, so that side is walked in a loop.
    """
    spine: list[tree.Binary] = []
    while isinstance(node, tree.Binary):
        spine.append(node)
        node = node.left
    found = number(node, say) if isinstance(node, tree.Number) else look(node)
    left: Expr | None = found
    depth = 0
    for binary in reversed(spine):
        right = build(binary.right, look, say)
        left = None if left is None or right is None else join(binary, left, right, say)
        depth = depth + 1 if isinstance(left, Arith) else 0
        if depth > MOST_OPERATIONS:
            say(too_long(binary))
            return None
    return left


def number(node: tree.Number, say: Say) -> Const | None:
    """A number in base units."""
    unit = UNITS.get(node.unit)
    if unit is None:
        say(unknown_unit(node, say))
        return None
    value = node.value * unit.factor
    if not math.isfinite(value):
        say(NotFinite(span=node.span, text=node.span.text))
        return None
    return Const(value=value, dimension=unit.dimension, unit=unit.symbol, span=node.span)


def constant(node: tree.Expr, look: Look, say: Say, what: str) -> Const | None:
    """`node` as a number known when the patch is compiled; `what` speaks of it if it is not."""
    expr = build(node, look, say)
    if expr is None or isinstance(expr, Const):
        return expr
    name = first_name(expr)
    say(NotConstant(span=node.span, what=what, name=name) if name else _misfit(expr))
    return None


def two_dimensions(one: tree.Node, left: Const, other: tree.Node, right: Const) -> UnitMismatch:
    """Says that two numbers that belong together measure different things."""
    hint, fixes = _with_unit(one, left, right) or _with_unit(other, right, left) or ("", ())
    return UnitMismatch(
        span=other.span,
        hint=hint,
        fixes=fixes,
        what=f"`{one.span.text}`",
        wanted=spoken(left.dimension),
        given=f"`{other.span.text}`",
        got=spoken(right.dimension),
        law="both ends of a range, and numbers that are added, are of one dimension",
    )


def _with_unit(node: tree.Node, plain: Const, measured: Const) -> tuple[str, tuple[Fix, ...]] | None:
    """`20 Hz` for the `20` of `20 .. 2000 Hz`."""
    if plain.dimension is not Dimension.NUMBER or plain.unit or not measured.unit or not isinstance(node, tree.Number):
        return None
    text = f"{node.span.text} {measured.unit}"
    return f"write `{text}`", (Fix(node.span, text),)


def _misfit(expr: Expr) -> Diagnostic:
    """What is wrong with an expression of numbers alone that could not be folded."""
    while isinstance(expr, Arith):
        left, right = expr.left, expr.right
        if isinstance(left, Const) and isinstance(right, Const):
            break
        expr = left if isinstance(left, Arith) else right
    assert isinstance(expr, Arith)
    assert isinstance(left, Const)
    assert isinstance(right, Const)
    if expr.op in "+-" and left.span and right.span:
        return two_dimensions(tree.Node(left.span), left, tree.Node(right.span), right)
    done = "multiplied" if expr.op == "*" else "divided"
    names = spoken(left.dimension), spoken(right.dimension)
    return NoSuchProduct(span=expr.span, left=names[0], done=done, right=names[1], sign=expr.op)


def spoken(dimension: Dimension) -> str:
    """`a frequency`, `an interval`, `a plain number`."""
    if dimension is Dimension.NUMBER:
        return "a plain number"
    return f"{'an' if dimension is Dimension.INTERVAL else 'a'} {dimension}"


def first_name(expr: Expr) -> str | None:
    """The first param or input that `expr` depends on."""
    if isinstance(expr, NameRef):
        return expr.name
    return (first_name(expr.left) or first_name(expr.right)) if isinstance(expr, Arith) else None


def unknown_unit(node: tree.Number, say: Say) -> UnknownUnit:
    """Points at the unit alone, which stands at the end of the number."""
    end = node.span.end
    span = node.span.source.span(end - len(node.unit), end)
    from patchc.source.synonyms.units import UNITS as UNIT_WORDS

    guess = say.meant(node.unit, [known for known in UNITS if known], UNIT_WORDS)
    fixes = (Fix(span, guess.name, guess.safe),) if guess.name else ()
    hint = guess.hint
    if not guess.name and node.unit.lower() in _LENGTHS and node.value > 0:
        hint = f"lengths by a tempo are written `{_LENGTHS[node.unit.lower()](node.value):.6g} / 120 bpm`"
    return UnknownUnit(span=span, unit=node.unit, hint=hint, fixes=fixes)


def too_long(node: tree.Node) -> TooDeep:
    return TooDeep(span=node.span, what="this expression has too many operations", limit=MOST_OPERATIONS)


def join(node: tree.Binary | Arith, left: Expr, right: Expr, say: Say) -> Expr | None:
    """`left op right`, folded if both are numbers that fit; None, and said, if the result is no number."""
    if isinstance(left, Const) and isinstance(right, Const):
        try:
            folded = fold(node.op, left, right)
        except ArithmeticError:
            say(NotFinite(span=node.span, text=node.span.text if node.span else "this"))
            return None
        if folded is not None:
            return folded.model_copy(update={"span": node.span})
    return Arith(op=node.op, left=left, right=right, span=node.span)  # type: ignore[arg-type]  # one of + - * /

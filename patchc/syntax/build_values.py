"""Builds the smaller parts of the tree: names, numbers, values and cables."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import Any

from patchc.source.codes.syntax import NumberTooLarge, TooLong
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Span
from patchc.syntax import tree
from patchc.syntax.lexer import Tokens

CHAIN = 64  # operators of an expression, parts of a name
_DIGITS = 18
_Spec = tuple[
    int, tree.Expr | tree.Vector | None, tree.Interval | tree.ListLiteral | None
]  # with the place where it starts


class ValueBuilder:
    """Makes nodes from children. Children that are ints are the indexes of tokens; empty parts come as empty lists."""

    def __init__(self, tokens: Tokens, report: Callable[[Diagnostic], None]) -> None:
        self.tokens = tokens
        self.source = tokens.source
        self.report = report
        self.supplied = -1  # where recovery last put in a word or number that nobody wrote
        self.cut = -1  # where the last name that was too long ends
        self.operators: dict[int, int] = {}  # id of an arithmetic node: how deep it is

    def actions(self, names: Collection[str]) -> dict[str, Callable[[list[Any], int, int], Any]]:
        return {name: getattr(self, name, self.children) for name in names}

    def children(self, children: list[Any], start: int, end: int) -> Any:
        """What every rule does that has no method of its own."""
        return children

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    # --- words and numbers --------------------------------------------------------------------------------------------

    def written(self, token: int) -> str:
        """The text of a word or number; empty if recovery supplied it, which is remembered."""
        text = self.tokens.texts[token]
        if not text:
            self.supplied = self.tokens.starts[token]
        return text

    def name(self, children: list[int], start: int, end: int) -> tree.Name:
        return tree.Name(self.span(start, end), self.written(children[0]))

    def string(self, children: list[int], start: int, end: int) -> tree.Str:
        return tree.Str(self.span(start, end), self.tokens.texts[children[0]][1:-1])

    def word(self, children: list[int], start: int, end: int) -> tree.Ref:
        span = self.span(start, end)
        return tree.Ref(span, (tree.Part(span, self.written(children[0])),))

    def indexed(self, children: list[Any], start: int, end: int) -> tree.Ref:
        span = self.span(start, end)
        return tree.Ref(span, (tree.Part(span, self.tokens.texts[children[0]], _index(children[1])),))

    def dotted(self, children: list[Any], start: int, end: int) -> tree.Ref:
        ref: tree.Ref = children[0]
        name, *index = children[1:]
        if len(ref.parts) == CHAIN:
            if ref.span.end > self.cut:
                self._too_long("name", "parts", start, end)
            self.cut = end
            return ref
        part_span = self.span(self.tokens.starts[name], end)
        part = tree.Part(part_span, self.tokens.texts[name], _index(index[0]) if index else None)
        return tree.Ref(self.span(start, end), (*ref.parts, part))

    dotted_indexed = dotted

    def index_number(self, children: list[int], start: int, end: int) -> int:
        return self.whole(children[0])

    def index_float(self, children: list[int], start: int, end: int) -> str:
        """`bar[0.5]`, `string[-1]`: a cell of a loop over such numbers, named as the loop names it."""
        return f"{self.real(children[0]):.12g}"

    def index_name(self, children: list[int], start: int, end: int) -> str:
        return self.tokens.texts[children[0]]

    def index_second(self, children: list[Any], start: int, end: int) -> str:
        """`in[osc:2]`: of several cables from one source, the second."""
        ref: tree.Ref = children[0]
        return f"{ref.text}:{self.whole(children[1])}"

    def index_all(self, children: list[int], start: int, end: int) -> str:
        return "*"

    def number(self, children: list[int], start: int, end: int) -> tree.Number:
        return tree.Number(self.span(start, end), self.real(children[0]))

    def number_with_unit(self, children: list[int], start: int, end: int) -> tree.Number:
        return tree.Number(self.span(start, end), self.real(children[0]), self.tokens.texts[children[1]])

    def real(self, token: int) -> float:
        value = float(self.written(token) or "0")
        if math.isfinite(value):
            return value
        self._too_large(token)
        return math.copysign(1.0, value)

    def whole(self, token: int) -> int:
        text = self.written(token) or "0"
        if len(text) <= _DIGITS:
            return int(text)
        self._too_large(token)
        return 1

    def _too_long(self, what: str, parts: str, start: int, end: int) -> None:
        self.report(TooLong(span=self.span(start, end), what=what, parts=parts, limit=CHAIN))

    def _too_large(self, token: int) -> None:
        self.report(NumberTooLarge(span=self.span(self.tokens.starts[token], self.tokens.end(token))))

    # --- arithmetic ---------------------------------------------------------------------------------------------------

    def add(self, children: list[Any], start: int, end: int) -> tree.Expr:
        return self._binary("+", children, start, end)

    def sub(self, children: list[Any], start: int, end: int) -> tree.Expr:
        return self._binary("-", children, start, end)

    def mul(self, children: list[Any], start: int, end: int) -> tree.Expr:
        return self._binary("*", children, start, end)

    def div(self, children: list[Any], start: int, end: int) -> tree.Expr:
        return self._binary("/", children, start, end)

    def _binary(self, op: str, children: list[Any], start: int, end: int) -> tree.Expr:
        left, right = children
        depth = 1 + max(self.operators[id(side)] if isinstance(side, tree.Binary) else 0 for side in children)
        if depth > CHAIN:
            if depth == CHAIN + 1:
                self._too_long("expression", "operators", start, end)
            result = left if isinstance(left, tree.Binary) else right
            self.operators[id(result)] = depth
            return result
        node = tree.Binary(self.span(start, end), op, left, right)
        self.operators[id(node)] = depth
        return node

    # --- values -------------------------------------------------------------------------------------------------------

    def members(self, children: list[Any], start: int, end: int) -> tree.ListLiteral:
        return tree.ListLiteral(self.span(start, end), tuple(children))

    def vector(self, children: list[Any], start: int, end: int) -> tree.Vector:
        return tree.Vector(self.span(start, end), tuple(children))

    def lin(self, children: list[Any], start: int, end: int) -> tree.Curve:
        return tree.Curve(self.span(start, end), "lin")

    def log(self, children: list[Any], start: int, end: int) -> tree.Curve:
        return tree.Curve(self.span(start, end), "log")

    def pow(self, children: list[int], start: int, end: int) -> tree.Curve:
        return tree.Curve(self.span(start, end), "pow", self.real(children[0]))

    def no_curve(self, children: list[Any], start: int, end: int) -> None:
        return None

    def interval(self, children: list[Any], start: int, end: int) -> tree.Interval:
        low, high, curve, step = children
        return tree.Interval(self.span(start, end), low, high, curve, step[0] if step else None)

    def prior(self, children: list[Any], start: int, end: int) -> tree.PriorUse | None:
        if not children:
            return None
        name, *args = children
        return tree.PriorUse(self.span(self.tokens.starts[name], end), self.tokens.texts[name], tuple(args))

    def only_number(self, children: list[Any], start: int, end: int) -> _Spec:
        return start, children[0], None

    def number_in(self, children: list[Any], start: int, end: int) -> _Spec:
        return start, children[0], children[1]

    def only_domain(self, children: list[Any], start: int, end: int) -> _Spec:
        return start, None, children[0]

    def plain_value(self, children: list[Any], start: int, end: int) -> tree.Value:
        (_, expr, domain), prior = children
        return tree.Value(self.span(start, end), None, expr, domain, prior)

    def role_value(self, children: list[Any], start: int, end: int) -> tree.Value:
        role, (_, expr, domain), prior = children
        return tree.Value(self.span(start, end), self.written(role), expr, domain, prior)

    def bare_role(self, children: list[Any], start: int, end: int) -> tree.Value:
        return tree.Value(self.span(start, end), self.written(children[0]), None, None, children[1])

    def start(self, children: list[Any], start: int, end: int) -> tree.Value | None:
        if not children:
            return None
        first, expr, domain = children[0]
        return tree.Value(self.span(first, end), None, expr, domain)

    # --- cables -------------------------------------------------------------------------------------------------------

    def cable(self, children: list[Any], start: int, end: int) -> tree.Cable:
        source, depth, guards = children
        return tree.Cable(self.span(start, end), source, depth[0] if depth else None, tuple(guards))

    def maybe(self, children: list[Any], start: int, end: int) -> tree.Maybe:
        return tree.Maybe(self.span(start, end), children[0])

    def when(self, children: list[Any], start: int, end: int) -> tree.When:
        return tree.When(self.span(start, end), children[0], children[1])

    def base(self, children: list[Any], start: int, end: int) -> tree.Base:
        return tree.Base(self.span(start, end), children[0], children[1])

    def modulate(self, children: list[Any], start: int, end: int) -> tree.Modulate:
        return tree.Modulate(self.span(start, end), children[0], children[1])

    def scale(self, children: list[Any], start: int, end: int) -> tree.Scale:
        return tree.Scale(self.span(start, end), children[0], children[1])

    def feed(self, children: list[Any], start: int, end: int) -> tree.Feed:
        return tree.Feed(self.span(start, end), children[0], tuple(children[1]))

    def pass_through(self, children: list[Any], start: int, end: int) -> tree.PassThrough:
        return tree.PassThrough(self.span(start, end), tuple(children[0]))


def _index(index: Any) -> int | str:
    return index.text if isinstance(index, tree.Ref) else index

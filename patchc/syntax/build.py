"""Builds the tree: one method per grammar rule, called as soon as the rule is complete."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from patchc.source.codes.syntax import NumberTooLarge, TooLong
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Span
from patchc.syntax import tree
from patchc.syntax.lexer import Tokens

CHAIN = 64  # operators of an expression, parts of a name
_DIGITS = 18
_Spec = tuple[int, tree.Expr | None, tree.Interval | tree.ListLiteral | None]  # with the place where it starts


class Builder:
    """Makes nodes from children. Children that are ints are the indexes of tokens; empty parts come as empty lists."""

    def __init__(self, tokens: Tokens, report: Callable[[Diagnostic], None]) -> None:
        self.tokens = tokens
        self.source = tokens.source
        self.report = report
        self.docs = sorted(tokens.docs)
        self.cut = -1  # where the last name that was too long ends
        self.operators: dict[int, int] = {}  # id of an arithmetic node: how deep it is

    def actions(self, names: set[str]) -> dict[str, Callable[[list[Any], int, int], Any]]:
        return {name: getattr(self, name, self.children) for name in names}

    def children(self, children: list[Any], start: int, end: int) -> Any:
        """What every rule does that has no method of its own."""
        return children

    def _span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    def _doc(self, start: int, end: int) -> str:
        """The `##` text that belongs to a declaration: it stands above it or above its decorations."""
        first = bisect_left(self.docs, start)
        return "\n".join(self.tokens.docs[at] for at in self.docs[first : bisect_left(self.docs, end)])

    # --- words and numbers --------------------------------------------------------------------------------------------

    def name(self, children: list[int], start: int, end: int) -> tree.Name:
        return tree.Name(self._span(start, end), self.tokens.texts[children[0]])

    def string(self, children: list[int], start: int, end: int) -> tree.Str:
        return tree.Str(self._span(start, end), self.tokens.texts[children[0]][1:-1])

    def word(self, children: list[int], start: int, end: int) -> tree.Ref:
        span = self._span(start, end)
        return tree.Ref(span, (tree.Part(span, self.tokens.texts[children[0]]),))

    def indexed(self, children: list[Any], start: int, end: int) -> tree.Ref:
        span = self._span(start, end)
        return tree.Ref(span, (tree.Part(span, self.tokens.texts[children[0]], _index(children[1])),))

    def dotted(self, children: list[Any], start: int, end: int) -> tree.Ref:
        ref, name, *index = children
        if len(ref.parts) == CHAIN:
            if ref.span.end > self.cut:
                self._too_long("name", "parts", start, end)
            self.cut = end
            return ref
        part_span = self._span(self.tokens.starts[name], end)
        part = tree.Part(part_span, self.tokens.texts[name], _index(index[0]) if index else None)
        return tree.Ref(self._span(start, end), (*ref.parts, part))

    dotted_indexed = dotted

    def index_number(self, children: list[int], start: int, end: int) -> int:
        return self._whole(children[0])

    def index_float(self, children: list[int], start: int, end: int) -> str:
        """`bar[0.5]`, `string[-1]`: a cell of a loop over such numbers, named as the loop names it."""
        return f"{self._float(children[0]):.12g}"

    def index_name(self, children: list[int], start: int, end: int) -> str:
        return self.tokens.texts[children[0]]

    def index_all(self, children: list[int], start: int, end: int) -> str:
        return "*"

    def number(self, children: list[int], start: int, end: int) -> tree.Number:
        return tree.Number(self._span(start, end), self._float(children[0]))

    def number_with_unit(self, children: list[int], start: int, end: int) -> tree.Number:
        return tree.Number(self._span(start, end), self._float(children[0]), self.tokens.texts[children[1]])

    def _float(self, token: int) -> float:
        value = float(self.tokens.texts[token] or "0")
        if math.isfinite(value):
            return value
        self._too_large(token)
        return math.copysign(1.0, value)

    def _whole(self, token: int) -> int:
        text = self.tokens.texts[token] or "0"
        if len(text) <= _DIGITS:
            return int(text)
        self._too_large(token)
        return 1

    def _too_long(self, what: str, parts: str, start: int, end: int) -> None:
        self.report(TooLong(span=self._span(start, end), what=what, parts=parts, limit=CHAIN))

    def _too_large(self, token: int) -> None:
        self.report(NumberTooLarge(span=self._span(self.tokens.starts[token], self.tokens.end(token))))

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
        node = tree.Binary(self._span(start, end), op, left, right)
        self.operators[id(node)] = depth
        return node

    # --- values -------------------------------------------------------------------------------------------------------

    def list(self, children: list[Any], start: int, end: int) -> tree.ListLiteral:
        return tree.ListLiteral(self._span(start, end), tuple(children))

    def lin(self, children: list[Any], start: int, end: int) -> tree.Curve:
        return tree.Curve(self._span(start, end), "lin")

    def log(self, children: list[Any], start: int, end: int) -> tree.Curve:
        return tree.Curve(self._span(start, end), "log")

    def pow(self, children: list[int], start: int, end: int) -> tree.Curve:
        return tree.Curve(self._span(start, end), "pow", self._float(children[0]))

    def no_curve(self, children: list[Any], start: int, end: int) -> None:
        return None

    def interval(self, children: list[Any], start: int, end: int) -> tree.Interval:
        low, high, curve, step = children
        return tree.Interval(self._span(start, end), low, high, curve, step[0] if step else None)

    def prior(self, children: list[Any], start: int, end: int) -> tree.PriorUse | None:
        if not children:
            return None
        name, *args = children
        return tree.PriorUse(self._span(self.tokens.starts[name], end), self.tokens.texts[name], tuple(args))

    def only_number(self, children: list[Any], start: int, end: int) -> _Spec:
        return start, children[0], None

    def number_in(self, children: list[Any], start: int, end: int) -> _Spec:
        return start, children[0], children[1]

    def only_domain(self, children: list[Any], start: int, end: int) -> _Spec:
        return start, None, children[0]

    def plain_value(self, children: list[Any], start: int, end: int) -> tree.Value:
        (_, expr, domain), prior = children
        return tree.Value(self._span(start, end), None, expr, domain, prior)

    def role_value(self, children: list[Any], start: int, end: int) -> tree.Value:
        role, (_, expr, domain), prior = children
        return tree.Value(self._span(start, end), self.tokens.texts[role], expr, domain, prior)

    def bare_role(self, children: list[Any], start: int, end: int) -> tree.Value:
        return tree.Value(self._span(start, end), self.tokens.texts[children[0]], None, None, children[1])

    def start(self, children: list[Any], start: int, end: int) -> tree.Value | None:
        if not children:
            return None
        first, expr, domain = children[0]
        return tree.Value(self._span(first, end), None, expr, domain)

    # --- cables -------------------------------------------------------------------------------------------------------

    def cable(self, children: list[Any], start: int, end: int) -> tree.Cable:
        source, depth, guards = children
        return tree.Cable(self._span(start, end), source, depth[0] if depth else None, tuple(guards))

    def maybe(self, children: list[Any], start: int, end: int) -> tree.Maybe:
        return tree.Maybe(self._span(start, end), children[0])

    def when(self, children: list[Any], start: int, end: int) -> tree.When:
        return tree.When(self._span(start, end), children[0], children[1])

    def base(self, children: list[Any], start: int, end: int) -> tree.Base:
        return tree.Base(self._span(start, end), children[0], children[1])

    def modulate(self, children: list[Any], start: int, end: int) -> tree.Modulate:
        return tree.Modulate(self._span(start, end), children[0], children[1])

    def scale(self, children: list[Any], start: int, end: int) -> tree.Scale:
        return tree.Scale(self._span(start, end), children[0], children[1])

    def feed(self, children: list[Any], start: int, end: int) -> tree.Feed:
        return tree.Feed(self._span(start, end), children[0], tuple(children[1]))

    def pass_through(self, children: list[Any], start: int, end: int) -> tree.PassThrough:
        return tree.PassThrough(self._span(start, end), tuple(children[0]))

    # --- statements ---------------------------------------------------------------------------------------------------

    def arg(self, children: list[Any], start: int, end: int) -> tree.Arg:
        return tree.Arg(self._span(start, end), children[0], children[1])

    def deco(self, children: list[Any], start: int, end: int) -> tree.Deco:
        return tree.Deco(self._span(start, end), self.tokens.texts[children[0]], tuple(children[1]))

    def setting(self, children: list[Any], start: int, end: int) -> tuple[Any, Any]:
        return children[0], children[1]

    def meta(self, children: list[Any], start: int, end: int) -> tree.Meta:
        entries = tuple(entry for entry in children[0] if not isinstance(entry, tree.Broken))
        return tree.Meta(self._span(start, end), entries)

    def input(self, children: list[Any], start: int, end: int) -> tree.Input:
        decos, name, kind, width, value = children
        return tree.Input(
            self._span(start, end),
            name,
            self.tokens.texts[kind],
            width[0] if width else None,
            value,
            self._doc(start, name.span.start),
            tuple(decos),
        )

    def param(self, children: list[Any], start: int, end: int) -> tree.Param:
        decos, name, kind, value = children
        word, width = (self.tokens.texts[kind[0]], kind[1]) if kind else ("", [])
        doc = self._doc(start, name.span.start)
        return tree.Param(
            self._span(start, end), name, value, width[0] if width else None, doc, tuple(decos), word
        )

    def body(self, children: list[Any], start: int, end: int) -> list[Any]:
        return children[0] if children else []

    def cell(self, children: list[Any], start: int, end: int) -> tree.Cell | tree.Broken:
        decos, name, kind, args, guards, binds = children
        span = self._span(start, end)
        if not name.text or not kind.text:
            return tree.Broken(span, (name.text,) if name.text else ())
        doc = self._doc(start, name.span.start)
        return tree.Cell(span, name, kind, tuple(args), tuple(guards), tuple(binds), doc, tuple(decos))

    def layer(self, children: list[Any], start: int, end: int) -> tree.Layer:
        name, body = children
        return tree.Layer(self._span(start, end), name, tuple(body), self._doc(start, start + 1))

    def repeat(self, children: list[Any], start: int, end: int) -> tree.Repeat:
        return tree.Repeat(self._span(start, end), children[0], children[1], tuple(children[2]))

    def output(self, children: list[Any], start: int, end: int) -> tree.Output:
        return tree.Output(self._span(start, end), children[0], tuple(children[1]), self._doc(start, start + 1))

    def loss(self, children: list[Any], start: int, end: int) -> tree.LossUse:
        name, args, weight = children
        return tree.LossUse(self._span(start, end), name, tuple(args), self._float(weight[0]) if weight else 1.0)

    def tap(self, children: list[Any], start: int, end: int) -> tree.Tap:
        refs, losses, after = children
        return tree.Tap(self._span(start, end), tuple(refs), tuple(losses), self._whole(after[0]) if after else 0)

    def moved(self, children: list[Any], start: int, end: int) -> tree.Moved:
        return tree.Moved(self._span(start, end), children[0], children[1])

    def set(self, children: list[Any], start: int, end: int) -> tree.Set:
        return tree.Set(self._span(start, end), children[0], children[1])

    def broken(self, children: list[tree.Broken], start: int, end: int) -> tree.Broken:
        return children[0]

    # --- files --------------------------------------------------------------------------------------------------------

    def generic(self, children: list[Any], start: int, end: int) -> tree.Generic:
        name, kind, default = children
        return tree.Generic(self._span(start, end), name, self.tokens.texts[kind], default[0] if default else None)

    def patch(self, children: list[Any], start: int, end: int) -> tree.Patch:
        decos, name, generics, body = children
        doc = self._doc(start, name.span.start)
        return tree.Patch(self._span(start, end), name, tuple(generics), tuple(body), doc, tuple(decos))

    def use(self, children: list[Any], start: int, end: int) -> tree.Use:
        return tree.Use(self._span(start, end), children[0], children[1])

    def file(self, children: list[Any], start: int, end: int) -> tree.File:
        token, tops = children
        edition = self._whole(token) if self.tokens.texts[token] else None
        return tree.File(self.source, edition, tuple(tops), tuple(self.tokens.comments))


def _index(index: Any) -> int | str:
    return index.text if isinstance(index, tree.Ref) else index

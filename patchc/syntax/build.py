"""Builds the tree: one method per grammar rule, called as soon as the rule is complete."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from patchc.source.diagnostic import Diagnostic
from patchc.syntax import tree
from patchc.syntax.build_values import ValueBuilder
from patchc.syntax.lexer import Tokens
from patchc.syntax.recover import declared


class Builder(ValueBuilder):
    """Makes statements, patches and the file."""

    def __init__(self, tokens: Tokens, report: Callable[[Diagnostic], None]) -> None:
        super().__init__(tokens, report)
        self.docs = sorted(tokens.docs)

    def doc(self, start: int, end: int) -> str:
        """The `##` text that belongs to a declaration: it stands above it or above its decorations."""
        first = bisect_left(self.docs, start)
        return "\n".join(self.tokens.docs[at] for at in self.docs[first : bisect_left(self.docs, end)])

    # --- statements ---------------------------------------------------------------------------------------------------

    def arg(self, children: list[Any], start: int, end: int) -> tree.Arg:
        return tree.Arg(self.span(start, end), children[0], children[1])

    def deco(self, children: list[Any], start: int, end: int) -> tree.Deco:
        return tree.Deco(self.span(start, end), self.tokens.texts[children[0]], tuple(children[1]))

    def setting(self, children: list[Any], start: int, end: int) -> tuple[Any, Any]:
        return children[0], children[1]

    def meta(self, children: list[Any], start: int, end: int) -> tree.Meta:
        entries = tuple(entry for entry in children[0] if not isinstance(entry, tree.Broken))
        return tree.Meta(self.span(start, end), entries)

    def input(self, children: list[Any], start: int, end: int) -> tree.Input:
        decos, name, kind, width, value = children
        return tree.Input(
            self.span(start, end),
            name,
            self.tokens.texts[kind],
            width[0] if width else None,
            value,
            self.doc(start, name.span.start),
            tuple(decos),
        )

    def param(self, children: list[Any], start: int, end: int) -> tree.Param:
        decos, name, kind, value = children
        word, width = (self.tokens.texts[kind[0]], kind[1]) if kind else ("", [])
        doc = self.doc(start, name.span.start)
        return tree.Param(self.span(start, end), name, value, width[0] if width else None, doc, tuple(decos), word)

    def body(self, children: list[Any], start: int, end: int) -> list[Any]:
        return children[0] if children else []

    def cell(self, children: list[Any], start: int, end: int) -> tree.Cell | tree.Broken:
        decos, name, kind, args, guards, binds = children
        span = self.span(start, end)
        if start <= self.supplied <= [kind, *args, *guards][-1].span.end:
            return tree.Broken(span, (name.text,) if name.text else ())
        doc = self.doc(start, name.span.start)
        return tree.Cell(span, name, kind, tuple(args), tuple(guards), tuple(binds), doc, tuple(decos))

    def layer(self, children: list[Any], start: int, end: int) -> tree.Layer:
        name, body = children
        return tree.Layer(self.span(start, end), name, tuple(body), self.doc(start, start + 1))

    def repeat(self, children: list[Any], start: int, end: int) -> tree.Repeat | tree.Broken:
        if start <= self.supplied <= children[1].span.end:
            return tree.Broken(self.span(start, end), declared(self.span(start, end).text))
        return tree.Repeat(self.span(start, end), children[0], children[1], tuple(children[2]))

    def output(self, children: list[Any], start: int, end: int) -> tree.Output:
        return tree.Output(self.span(start, end), children[0], tuple(children[1]), self.doc(start, start + 1))

    def loss(self, children: list[Any], start: int, end: int) -> tree.LossUse:
        name, args, weight = children
        return tree.LossUse(self.span(start, end), name, tuple(args), self.real(weight[0]) if weight else 1.0)

    def tap(self, children: list[Any], start: int, end: int) -> tree.Tap:
        refs, losses, after = children
        return tree.Tap(self.span(start, end), tuple(refs), tuple(losses), self.whole(after[0]) if after else 0)

    def moved(self, children: list[Any], start: int, end: int) -> tree.Moved:
        return tree.Moved(self.span(start, end), children[0], children[1])

    def preset(self, children: list[Any], start: int, end: int) -> tree.Set:
        return tree.Set(self.span(start, end), children[0], children[1])

    def broken(self, children: list[tree.Broken], start: int, end: int) -> tree.Broken:
        return children[0]

    # --- files --------------------------------------------------------------------------------------------------------

    def generic(self, children: list[Any], start: int, end: int) -> tree.Generic:
        name, kind, default = children
        return tree.Generic(self.span(start, end), name, self.tokens.texts[kind], default[0] if default else None)

    def patch(self, children: list[Any], start: int, end: int) -> tree.Patch:
        decos, name, generics, body = children
        doc = self.doc(start, name.span.start)
        return tree.Patch(self.span(start, end), name, tuple(generics), tuple(body), doc, tuple(decos))

    def use(self, children: list[Any], start: int, end: int) -> tree.Use:
        return tree.Use(self.span(start, end), children[0], children[1])

    def file(self, children: list[Any], start: int, end: int) -> tree.File:
        token, tops = children
        edition = self.whole(token) if self.tokens.texts[token] else None
        return tree.File(self.source, edition, tuple(tops), tuple(self.tokens.comments))

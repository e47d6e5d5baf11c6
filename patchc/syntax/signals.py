"""Arithmetic over signals, as people write it, turned into the cables that say the same."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE]-?[0-9]+)?\s*(?:%|dB\b)?)"
    r"|(?P<name>[A-Za-z_]\w*(?:\[[^\]]*\])?(?:\.[A-Za-z_]\w*(?:\[[^\]]*\])?)*)|(?P<sign>[-+*/()]))"
)
Term = tuple[str, float, str]  # a signal, a plain factor, and a level (as ` -6 dB`) or nothing


def cables_of(text: str) -> str | None:
    """`a * 0.5, b * -1` for `a * 0.5 - b`; None for what is no sum of signals with fixed gains."""
    tokens = _tokens(text)
    try:
        terms = _Reader(tokens).all() if tokens else []
    except (ValueError, ZeroDivisionError, IndexError, OverflowError):
        return None
    return ", ".join(map(_cable, terms)) if terms else None


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            return []
        found.append((match.lastgroup, match[match.lastgroup].strip()))
        place = match.end()
    return found


def _cable(term: Term) -> str:
    signal, factor, level = term
    if level:
        if factor != 1.0:
            raise ValueError
        return f"{signal} * {level}"
    return signal if factor == 1.0 else f"{signal} * {factor:.6g}"


class _Reader:
    """Reads a sum; each term is one signal and its gain."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = [*tokens, ("end", "")]
        self.at = 0

    def all(self) -> list[Term]:
        terms = self.sum()
        if self.tokens[self.at][0] != "end" or any(
            not signal or (level and factor != 1.0) for signal, factor, level in terms
        ):
            raise ValueError
        return terms

    def take(self, *signs: str) -> str:
        text = self.tokens[self.at][1]
        if self.tokens[self.at][0] == "sign" and text in signs:
            self.at += 1
            return text
        return ""

    def sum(self) -> list[Term]:
        terms = self.product()
        while found := self.take("+", "-"):
            terms += _scaled(self.product(), -1.0 if found == "-" else 1.0)
        return terms

    def product(self) -> list[Term]:
        terms = self.factor()
        while found := self.take("*", "/"):
            terms = _times(terms, self.factor(), divided=found == "/")
        return terms

    def factor(self) -> list[Term]:
        if self.take("("):
            inner = self.sum()
            if not self.take(")"):
                raise ValueError
            return inner
        sign = -1.0 if self.take("-", "+") == "-" else 1.0
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "name":
            return [(text, sign, "")]
        if kind != "number":
            raise ValueError
        if text.endswith("dB"):
            return [("", 1.0, f"{'-' if sign < 0 else ''}{text}")]
        factor = float(text.rstrip("% ")) * (0.01 if text.endswith("%") else 1.0)
        return [("", sign * factor, "")]


def _scaled(terms: list[Term], factor: float) -> list[Term]:
    if factor < 0 and any(level for _, _, level in terms):
        raise ValueError
    return [(signal, value * factor, level) for signal, value, level in terms]


def _times(left: list[Term], right: list[Term], *, divided: bool) -> list[Term]:
    if divided or (len(right) == 1 and not right[0][0]):
        left, right = right, left
    if len(left) != 1 or left[0][0]:
        raise ValueError
    _, factor, level = left[0]
    if (divided and level) or (level and any(other for _, _, other in right)):
        raise ValueError
    return [(signal, value / factor if divided else value * factor, level or other) for signal, value, other in right]

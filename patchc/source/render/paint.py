"""Colours as plain ANSI sequences, and what may be shown on a terminal at all."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "gutter": "34",
    "second": "36",
    "strong": "1",
    "good": "32",
    "dim": "2",
}


@dataclass(frozen=True)
class Paint:
    """Wraps text in the sequences of a style, or leaves it alone."""

    color: bool = False

    def __call__(self, style: str, text: str) -> str:
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.color and text else text


def visible(text: str) -> str:
    """`text` with everything that could steer a terminal or hide letters replaced by a visible sign."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char.isprintable():
        return char
    if ord(char) < 0x20:
        return chr(0x2400 + ord(char))
    return " " if unicodedata.category(char) == "Zs" else "\N{REPLACEMENT CHARACTER}"


def columns(text: str) -> int:
    """How many terminal columns `text` takes."""
    return len(text) if text.isascii() else sum(map(char_columns, text))


def char_columns(char: str) -> int:
    """0 for a combining mark, 2 for a wide character, else 1."""
    if char.isascii():
        return 1
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1

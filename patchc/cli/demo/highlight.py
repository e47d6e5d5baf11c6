"""Patch text as HTML, its words in colours: the lexer's own tokens, so the page reads a patch as patchc does."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from patchc.source.text import Source
from patchc.syntax.grammar import load_tables
from patchc.syntax.lexer import Tokens, scan
from patchc.units.unit import UNITS

_VERBS = {"FEED", "ADD_TO", "SCALE_BY", "EQUAL", "TO"}
_ROLES = {"learn", "predict", "fixed"}
_KINDS = {"audio", "control", "gate", "int", "float", "time"}
_STARTS = {"NEWLINE", "LBRACE", ""}


def highlighted(source: Source) -> str:
    """The text with `<span class="...">` around words: key, role, kind, name, type, num, unit, str, verb, note, doc."""
    parts: list[str] = []
    at = 0
    for start, end, style in sorted(_styled(scan(source))):
        text = source.text[start:end]
        parts += [escape(source.text[at:start]), f'<span class="{style}">{escape(text)}</span>']
        at = end
    return "".join([*parts, escape(source.text[at:])])


def _styled(tokens: Tokens) -> Iterator[tuple[int, int, str]]:
    words = {text for text in load_tables().literals.values() if text[0].isalpha()}
    for index, start in enumerate(tokens.starts):
        style = _style(tokens, index, words)
        if style:
            yield start, tokens.end(index), style
    for comment in tokens.comments:
        yield comment.span.start, comment.span.end, "doc" if comment.text.startswith("##") else "note"


def _style(tokens: Tokens, index: int, words: set[str]) -> str:
    kind, text = tokens.kinds[index], tokens.texts[index]
    before = tokens.kinds[index - 1] if index else ""
    word = tokens.texts[index - 1] if index else ""
    if kind in ("NUMBER", "SIGNED"):
        return "num"
    if kind == "STRING":
        return "str"
    if kind in _VERBS:
        return "verb"
    if kind == "UNIT" or (before in ("NUMBER", "SIGNED") and text in UNITS):
        return "unit"
    return _word_style(text, before, word, words) if kind == "NAME" else ""


def _word_style(text: str, before: str, word: str, words: set[str]) -> str:
    if before in _STARTS:
        return "key" if text in words else ""
    if before == "COLON":
        return "kind" if text in _KINDS else "type"
    if before == "NAME" and word in ("cell", "patch", "layer", "input", "param", "output"):
        return "name"
    if text in _ROLES:
        return "role"
    return "key" if text in words and before not in ("DOT", "FEED", "COMMA") else ""

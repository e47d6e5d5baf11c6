"""Text to tree: never raises, always returns a tree, and says all that is wrong with the text."""

from __future__ import annotations

import gc
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from patchc.source.codes.files import TooDeep, TooManyMistakes
from patchc.source.codes.syntax import SharpIsComment, TooLong
from patchc.source.diagnostic import Diagnostic, Fix
from patchc.source.text import Source, Span
from patchc.syntax import tree
from patchc.syntax.build import Builder
from patchc.syntax.grammar import load_tables
from patchc.syntax.header import whole_file, with_header
from patchc.syntax.layout import MOST, ends_inside, mend
from patchc.syntax.lexer import DEPTH, LONGEST, Tokens, scan, with_ends
from patchc.syntax.lr_parser import LRParser, with_actions

_FIRST_PART = 100_000  # characters of a large file that are tried first: they show whether it is a patch file at all


def parse(source: Source) -> tuple[tree.File, list[Diagnostic]]:
    """The tree of a source, and its mistakes in the order of their places.

    Statements that cannot be read are `Broken` nodes; everything around them is in the tree.
    """
    with _no_collection():
        return _parse(source)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pauses the search for cycles: a tree has none, and in a large file it takes longer than parsing."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def _parse(source: Source) -> tuple[tree.File, list[Diagnostic]]:
    refusal = whole_file(source)
    if refusal is not None:
        return tree.File(source, None), [refusal]
    first = source.text.rfind("\n", 0, _FIRST_PART) + 1
    if len(source.text) > 3 * _FIRST_PART and first:
        file, found = _parse_part(source, first)
        if any(isinstance(d, TooManyMistakes) for d in found):
            return file, found
    return _parse_part(source, len(source.text))


def _parse_part(source: Source, stop: int) -> tuple[tree.File, list[Diagnostic]]:
    """Parses up to an offset. What a part that ends early leaves open is not spoken of."""
    raw = scan(source, stop)
    found = _left_out_lines(raw) + _too_deep(raw) + _sharps(raw)
    raw, edition = with_header(raw, found)
    if edition != 1 and edition is not None:
        return tree.File(source, edition, comments=tuple(raw.comments)), found
    raw, mended = mend(raw)
    found += mended if stop == len(source.text) else []
    ends = len(source.text.rstrip()) if ends_inside(source, mended) else None
    file = read(with_ends(raw), found, ends)
    return file, sorted(found, key=lambda d: d.span.start if d.span else 0)


def _left_out_lines(raw: Tokens) -> list[Diagnostic]:
    lines = [i for i, kind in enumerate(raw.kinds) if kind == "LEFT_OUT"]
    spans = [raw.source.span(raw.starts[i], raw.starts[i] + 1) for i in lines]
    return [TooLong(span=span, what="line", parts="words", limit=LONGEST) for span in spans]


def _too_deep(raw: Tokens) -> list[Diagnostic]:
    if raw.too_deep is None:
        return []
    return [TooDeep(span=raw.source.span(raw.too_deep, raw.too_deep + 1), depth=DEPTH)]


def _sharps(raw: Tokens) -> list[Diagnostic]:
    """Notes with a sharp: nobody means the rest of the line to be a comment there."""
    return [sharp(span) for span in raw.sharps[:MOST]]


def sharp(span: Span) -> SharpIsComment:
    note = f"{span.text[0].upper()}s{span.text[2:]}"
    place = span.source.span(span.start + 1, span.start + 2)
    return SharpIsComment(span=place, written=span.text, note=note, fixes=(Fix(span, note, safe=True),))


@cache
def _rule_names() -> frozenset[str]:
    return frozenset(rule.action for rule in load_tables().rules if rule.action)


def read(tokens: Tokens, found: list[Diagnostic], cut: int | None = None) -> tree.File:
    """Runs the automaton over tokens whose header is right and whose braces come in pairs; adds to `found`.

    Nothing is said of what is missing from the offset `cut` on.
    """
    builder = Builder(tokens, found.append)
    automaton = LRParser(tokens, with_actions(builder.actions(_rule_names())))
    while not automaton.run():
        automaton.settle()
        _mistake(automaton, found, cut)
    file: tree.File = automaton.values[-1]
    return file


def _mistake(automaton: LRParser, found: list[Diagnostic], cut: int | None) -> None:
    """Says what is wrong at `automaton.index`, and goes on behind it."""
    from patchc.syntax.recover import abandon, recover
    from patchc.syntax.wording import describe

    if len(found) >= MOST:
        found.append(TooManyMistakes(span=_place(automaton), count=len(found)))
        abandon(automaton)
        return
    missing = cut is not None and automaton.tokens.end(automaton.index) >= cut
    if not missing and not _left_out(automaton) and not (found and found[-1].span == _place(automaton)):
        found.append(describe(automaton))
    recover(automaton)


def _left_out(automaton: LRParser) -> bool:
    """Whether the automaton stands where something was left out, which has been said."""
    if automaton.tokens.kinds[automaton.index] == "LEFT_OUT":
        return True
    if automaton.tokens.too_deep is None:
        return False
    return abs(bisect_left(automaton.tokens.starts, automaton.tokens.too_deep) - automaton.index) <= 1


def _place(automaton: LRParser) -> Span:
    tokens, index = automaton.tokens, automaton.index
    return tokens.source.span(tokens.starts[index], tokens.end(index))

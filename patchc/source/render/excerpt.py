"""Source lines with the places marked under them: aligned past tabs and wide characters, cut out of very long lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from patchc.source.render.paint import char_columns, visible
from patchc.source.text import Source, Span

TAB = 4
LONGEST = 120  # characters of a line that are shown whole
BEFORE = 40  # characters kept before a mark in a longer line


@dataclass(frozen=True)
class Mark:
    """Characters `start` to `end` (from 0, exclusive) of one line, with what is said beside them."""

    line: int
    start: int
    end: int
    text: str
    primary: bool
    goes_on: bool = False  # a later mark ends this place


@dataclass(frozen=True)
class Row:
    """One printed row: a source line with its number, a row of marks, or (`gap`) lines left out of one place."""

    number: int | None
    before: str  # the source text, or the blanks before a mark
    mark: str = ""
    text: str = ""
    primary: bool = False
    gap: bool = False


def marks_of(span: Span, text: str, primary: bool) -> list[Mark]:
    """One mark, or for a place of several lines one at its first line and one at its last."""
    source = span.source
    line, column = source.place(span.start)
    last, end = source.place(max(span.end - 1, span.start))
    if line == last:
        return [Mark(line, column - 1, column - 1 + max(1, span.end - span.start), text, primary)]
    first = source.line(line).rstrip()
    tail = source.line(last)
    indent = len(tail) - len(tail.lstrip())
    return [
        Mark(line, column - 1, max(column, len(first)), "", primary, goes_on=True),
        Mark(last, min(indent, end - 1), end, text, primary),
    ]


def rows_of(source: Source, marks: Sequence[Mark]) -> Iterator[Row]:
    """All printed rows for the marked places of one source, from top to bottom."""
    previous = None
    for number, found in groupby(sorted(marks, key=lambda m: (m.line, m.start)), key=lambda m: m.line):
        here = list(found)
        if previous and previous.goes_on and number > previous.line + 1:
            yield Row(None, "", gap=True)
        yield from _line_rows(number, source.line(number), here)
        previous = here[-1]


def _line_rows(number: int, text: str, marks: list[Mark]) -> Iterator[Row]:
    if len(text) > LONGEST:
        for mark in marks:
            yield from _short_line_rows(number, *_window(text, mark))
    else:
        yield from _short_line_rows(number, text, marks)


def _window(text: str, mark: Mark) -> tuple[str, list[Mark]]:
    """The part of a long line around a mark, ellipses where it was cut, and the mark moved along."""
    low = max(0, min(mark.start, len(text)) - BEFORE)
    high = min(len(text), low + LONGEST)
    shown = ("…" if low else "") + text[low:high] + ("…" if high < len(text) else "")
    shift = low - bool(low)
    return shown, [replace(mark, start=mark.start - shift, end=max(mark.start + 1, min(mark.end, high)) - shift)]


def _short_line_rows(number: int, text: str, marks: list[Mark]) -> Iterator[Row]:
    shown, places = _laid_out(text)
    yield Row(number, shown)
    for mark in marks:
        start = _column(places, mark.start)
        length = max(1, _column(places, mark.end) - start)
        yield Row(None, " " * start, ("^" if mark.primary else "-") * length, mark.text, mark.primary)


def _laid_out(text: str) -> tuple[str, list[int]]:
    """The line as shown, and the column at which each of its characters begins (and where the last one ends)."""
    shown, places, column = [], [], 0
    for char in text:
        places.append(column)
        piece = " " * (TAB - column % TAB) if char == "\t" else visible(char)
        shown.append(piece)
        column += len(piece) if char == "\t" else char_columns(piece)
    return "".join(shown), [*places, column]


def _column(places: list[int], index: int) -> int:
    return places[index] if index < len(places) else places[-1] + index - len(places) + 1

"""Collects diagnostics: each mistake once, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from patchc.source.codes.plugs import Unused
from patchc.source.diagnostic import Diagnostic, has_errors
from patchc.source.suggest import nearest
from patchc.source.text import Source

if TYPE_CHECKING:
    from patchc.source.synonyms.table import Guess, Table

MOST_LOOKED_AT = 300_000
"""Names that are looked at, in one run, to guess what was meant by unknown ones."""

MOST_LISTED = 20


class Report:
    """What has been said so far.

    The same code at the same place is one mistake, however often its text is unrolled. What later stages say about a
    line that could not be parsed follows from that, and is not said.
    """

    def __init__(self, first: Source) -> None:
        self._files: dict[int, int] = {id(first): 0}
        self._said: dict[tuple[object, ...], Diagnostic] = {}
        self._error_lines: set[tuple[int, int]] = set()
        self._looks = MOST_LOOKED_AT

    def __call__(self, diagnostic: Diagnostic) -> None:
        span = diagnostic.span
        if span is None or not self._error_lines or (id(span.source), span.line) not in self._error_lines:
            self._said.setdefault(self._key(diagnostic), diagnostic)

    def parsed(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Adds what the parser said."""
        parse_errors = list(diagnostics)
        self.extend(parse_errors)
        self._error_lines |= {(id(said.span.source), said.span.line) for said in parse_errors if said.span is not None}

    def parse_errors(self, source: Source, line: int) -> None:
        """Nothing is said of a line from here on."""
        self._error_lines.add((id(source), line))

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self(diagnostic)

    def guess(self, word: str, names: Iterable[str]) -> str | None:
        """What was probably meant by `word`; a file full of unknown names soon gets no more guesses."""
        looked_at = list(islice(names, max(self._looks, 0))) if word else []
        self._looks -= len(looked_at)
        return nearest(word, looked_at)

    def meant(self, word: str, names: Iterable[str], table: Table) -> Guess:
        """The same, with words that stand in `table` for what is called otherwise here; they count as looked at."""
        looked_at = list(islice(names, max(self._looks, 0))) if word else []
        self._looks -= len(looked_at) + len(table)
        return table.guess(word if self._looks > 0 else "", looked_at)

    def sorted(self, *, unused: bool = False) -> list[Diagnostic]:
        """Everything said: first what has no place, then the first file from top to bottom, then the files it uses.

        What nothing uses is left out, unless it is asked for and there are no errors, from which it often follows.
        """
        said = [self._said[key] for key in sorted(self._said, key=lambda key: key[:4])]
        return said if unused and not has_errors(said) else [one for one in said if not isinstance(one, Unused)]

    def _key(self, diagnostic: Diagnostic) -> tuple[object, ...]:
        span = diagnostic.span
        if span is None:
            return (-1, 0, 0, diagnostic.code, diagnostic.message)
        file = self._files.setdefault(id(span.source), len(self._files))
        return (file, span.start, span.end, diagnostic.code)


Say = Report
"""Where what is wrong goes."""


def listed(names: Sequence[str], between: str = ", ") -> str:
    """`a, b, c`; of very many names the first ones, and how many more there are."""
    more = len(names) - MOST_LISTED
    if more <= 0:
        return between.join(names)
    return f"{between.join(names[:MOST_LISTED])}{between}... ({more} more)"

"""Collects diagnostics: each mistake once, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterable

from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Source


class Report:
    """What has been said so far.

    The same code at the same place is one mistake, however often its text is unrolled. What later stages say about a
    line that could not be parsed follows from that, and is not said.
    """

    def __init__(self, first: Source) -> None:
        self._files: dict[int, int] = {id(first): 0}
        self._said: dict[tuple[object, ...], Diagnostic] = {}
        self._torn: set[tuple[int, int]] = set()

    def __call__(self, diagnostic: Diagnostic) -> None:
        span = diagnostic.span
        if span is None or not self._torn or (id(span.source), span.line) not in self._torn:
            self._said.setdefault(self._key(diagnostic), diagnostic)

    def parsed(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Adds what the parser said."""
        torn = list(diagnostics)
        self.extend(torn)
        self._torn |= {(id(said.span.source), said.span.line) for said in torn if said.span is not None}

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self(diagnostic)

    def sorted(self) -> list[Diagnostic]:
        """Everything said: first what has no place, then the first file from top to bottom, then the files it uses."""
        return [self._said[key] for key in sorted(self._said, key=lambda key: key[:4])]

    def _key(self, diagnostic: Diagnostic) -> tuple[object, ...]:
        span = diagnostic.span
        if span is None:
            return (-1, 0, 0, diagnostic.code, diagnostic.message)
        file = self._files.setdefault(id(span.source), len(self._files))
        return (file, span.start, span.end, diagnostic.code)

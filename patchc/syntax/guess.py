"""Guesses from the indentation which brace was lost or is one too many."""

from __future__ import annotations

from dataclasses import dataclass, field

from patchc.source.codes.syntax import MissingOpen, StrayBrace, UnclosedBrace
from patchc.source.diagnostic import Diagnostic, Fix
from patchc.syntax.lexer import WORD, Tokens

_BLOCKS = ("patch", "layer", "for", "cell", "meta")
_VERBS = ("EQUAL", "FEED", "ADD_TO", "SCALE_BY")


@dataclass(frozen=True)
class Edit:
    """A brace to put in before token `at`, or (`brace` is empty) the token `at` to leave out, and what to say of it."""

    at: int
    brace: str
    diagnostic: Diagnostic | None


def stray(raw: Tokens, i: int) -> Edit:
    span = raw.source.span(raw.starts[i], raw.end(i))
    reason = "closes nothing" if raw.texts[i] == "}" else "belongs to no block"
    return Edit(i, "", StrayBrace(span=span, brace=raw.texts[i], reason=reason, fixes=(Fix(span, ""),)))


def unclosed(raw: Tokens, brace: int, before: int) -> Edit:
    """The `}` for a brace, to be put in before token `before`; blank lines stay behind it."""
    while before > 0 and raw.kinds[before - 1] == "NEWLINE":
        before -= 1
    end = raw.end(before - 1)
    line = raw.source.place(end)[0] + 1
    span = raw.source.span(raw.starts[brace], raw.starts[brace] + 1)
    opening = raw.source.line(span.line)
    indent = opening[: len(opening) - len(opening.lstrip())]
    fix = Fix(raw.source.span(end, end), f"\n{indent}}}")
    return Edit(before, "RBRACE", UnclosedBrace(span=span, line=line, fixes=(fix,)))


def missing_open(raw: Tokens, word: str, newline: int) -> Edit:
    end = raw.end(newline - 1)
    span = raw.source.span(end, end)
    return Edit(newline, "LBRACE", MissingOpen(span=span, word=word, fixes=(Fix(span, " {", safe=True),)))


def late(raw: Tokens, word: str, end: int, brace: int) -> Diagnostic:
    place = raw.end(end - 1)
    gap = raw.source.span(place, raw.starts[brace])
    fixes = () if "#" in gap.text else (Fix(gap, " ", safe=True),)
    return MissingOpen(span=raw.source.span(place, place), word=word, fixes=fixes)


def is_header(raw: Tokens, statement: int, brace: int) -> bool:
    """Whether the tokens from `statement` to `brace` are what stands before the `{` of a block."""
    kinds = raw.kinds[statement:brace]
    word = raw.texts[statement] if kinds else ""
    if word == "meta":
        return len(kinds) == 1
    if word in ("layer", "patch"):
        return len(kinds) == 2 or (word == "patch" and kinds[-1] == "RPAR")
    ends_well = bool(kinds) and kinds[-1] in (WORD, "NUMBER", "UNIT", "RPAR", "RSQB")
    if word == "cell":
        return ends_well and "COLON" in kinds
    return word == "for" and ends_well and "in" in raw.texts[statement:brace]


@dataclass
class _Brace:
    token: int
    indent: int
    line: int


@dataclass
class Guided:
    """One walk over a stretch; `excess` is how many `{` there are too many (below zero: `}`)."""

    raw: Tokens
    first: int
    last: int
    excess: int
    found: list[Edit] = field(default_factory=list)
    open: list[_Brace] = field(default_factory=list)

    def edits(self) -> list[Edit]:
        statement = line_start = self.first
        line, indent = 0, 0
        for i in range(self.first, self.last):
            kind = self.raw.kinds[i]
            if kind == "NEWLINE":
                if self.raw.texts[i] == "\n":
                    self._line_end(statement, i, indent, line)
                statement = i + 1
                continue
            if i == self.first or self.raw.texts[i - 1] == "\n":
                line, column = self.raw.source.place(self.raw.starts[i])
                line_start, indent = i, column
                self._line_start(i, indent)
            if kind == "LBRACE":
                self._opens(statement, i, indent, line)
                statement = i + 1
            elif kind == "RBRACE":
                self._closes(line_start, i, indent, line)
                statement = i + 1
        while self.open:
            self._close_missing(self.last)
        return self.found

    def _line_start(self, i: int, indent: int) -> None:
        """Nothing but its `}` may stand as far left as the line a block starts on; all of a patch stands inside it."""
        if self.raw.kinds[i] == "RBRACE" or self._is_bind(i):
            return
        while self.excess > 0 and len(self.open) > 1 and indent <= self.open[-1].indent:
            self._close_missing(i)

    def _line_end(self, statement: int, newline: int, indent: int, line: int) -> None:
        if statement >= newline or self.raw.texts[statement] not in _BLOCKS or self.excess >= 0:
            return
        after = newline
        while after < self.last and self.raw.kinds[after] == "NEWLINE":
            after += 1
        if after < self.last and self.raw.source.place(self.raw.starts[after])[1] > indent:
            word = self.raw.texts[statement]
            if word != "cell" or self._is_bind(after):
                self.found.append(missing_open(self.raw, word, newline))
                self.open.append(_Brace(newline, indent, line))
                self.excess += 1

    def _is_bind(self, i: int) -> bool:
        follows = self.raw.kinds[i + 1] if i + 1 < self.last else ""
        return follows in _VERBS or (self.raw.texts[i] == "pass" and follows == WORD)

    def _opens(self, statement: int, i: int, indent: int, line: int) -> None:
        if self.excess > 0 and not is_header(self.raw, statement, i):
            self.found.append(stray(self.raw, i))
            self.excess -= 1
        else:
            self.open.append(_Brace(i, indent, line))

    def _closes(self, line_start: int, i: int, indent: int, line: int) -> None:
        alone = line_start == i
        fits = [brace.line == line or (alone and brace.indent == indent) for brace in self.open]
        if not self.open or (self.excess < 0 and not any(fits)):
            self.excess += 1
            self.found.append(self._lost_open(line_start, i) or stray(self.raw, i))
            return
        while self.excess > 0 and any(fits) and not fits.pop():
            self._close_missing(i)
        self.open.pop()

    def _lost_open(self, line_start: int, brace: int) -> Edit | None:
        """The `{` for a `}`, where its line reads like a cell on one line that has lost it."""
        words = self.raw.texts[line_start:brace]
        if len(words) < 6 or words[0] != "cell" or ":" not in words or "{" in words:
            return None
        at = line_start + words.index(":") + 2
        return missing_open(self.raw, "cell", at) if self._is_bind(at) else None

    def _close_missing(self, before: int) -> None:
        self.found.append(unclosed(self.raw, self.open.pop().token, before))
        self.excess -= 1

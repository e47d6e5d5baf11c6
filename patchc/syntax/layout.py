"""Mends braces that do not come in pairs, by what the indentation says, so that one lost brace costs one message."""

from __future__ import annotations

from dataclasses import dataclass, field

from patchc.source.codes.syntax import MissingOpen, StrayBrace, TooManyMistakes, UnclosedBrace
from patchc.source.diagnostic import Diagnostic, Fix
from patchc.syntax.lexer import WORD, Tokens

MOST = 50  # mistakes that are spoken of
_BLOCKS = ("patch", "layer", "for", "cell", "meta")
_VERBS = ("EQUAL", "FEED", "ADD_TO", "SCALE_BY")


@dataclass(frozen=True)
class Edit:
    """A brace to put in before token `at`, or (`brace` is empty) the token `at` to leave out, and what to say of it."""

    at: int
    brace: str
    diagnostic: Diagnostic | None


def mend(raw: Tokens) -> tuple[Tokens, list[Diagnostic]]:
    """The same tokens with braces that come in pairs, patch by patch, and what had to be changed for that."""
    note = _cut(raw)
    edits = _late_braces(raw) + [edit for first, last in _segments(raw) for edit in _mend_segment(raw, first, last)]
    if not edits:
        return raw, []
    said = [edit.diagnostic for edit in edits if edit.diagnostic is not None]
    return _apply(raw, edits), said + note if raw.too_deep is None else []


def _cut(raw: Tokens) -> list[Diagnostic]:
    """Leaves out all that stands behind too many braces that fit no other, and says so."""
    wrong = 0
    for first, last in _segments(raw):
        depth = 0
        for i in range(first, last):
            depth += (raw.kinds[i] == "LBRACE") - (raw.kinds[i] == "RBRACE")
            if depth < 0:
                depth, wrong = 0, wrong + 1
            if wrong >= MOST:
                note = TooManyMistakes(span=raw.source.span(raw.starts[i], raw.end(i)), count=wrong)
                for row in (raw.kinds, raw.texts, raw.starts):
                    del row[i + 1 :]
                return [note]
        wrong += depth
    return []


def _apply(raw: Tokens, edits: list[Edit]) -> Tokens:
    mended = Tokens(raw.source, comments=raw.comments, docs=raw.docs, too_deep=raw.too_deep)
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.at):
        for i in range(done, edit.at):
            mended.add(raw.kinds[i], raw.texts[i], raw.starts[i])
        done = max(done, edit.at)
        if edit.brace:
            mended.add(edit.brace, "", raw.end(edit.at - 1))
        else:
            done = edit.at + 1
    for i in range(done, len(raw.kinds)):
        mended.add(raw.kinds[i], raw.texts[i], raw.starts[i])
    return mended


def _late_braces(raw: Tokens) -> list[Edit]:
    """Leaves out the line ends between the header of a block and its `{`."""
    edits = []
    for i in [i for i, kind in enumerate(raw.kinds) if kind == "LBRACE" and i and raw.texts[i - 1] == "\n"]:
        end = i
        while end > 0 and raw.kinds[end - 1] == "NEWLINE":
            end -= 1
        start = end
        while start > 0 and raw.kinds[start - 1] not in ("NEWLINE", "LBRACE", "RBRACE"):
            start -= 1
        if _is_header(raw, start, end):
            edits += [Edit(at, "", None) for at in range(end, i - 1)]
            edits.append(Edit(i - 1, "", _late(raw, raw.texts[start], end, i)))
    return edits


# --- patches of a file ------------------------------------------------------------------------------------------------


def _segments(raw: Tokens) -> list[tuple[int, int]]:
    """The stretches of tokens that must balance by themselves: each starts with `patch NAME` or `use` on a new line."""
    starts = [0]
    for i in [i for i, text in enumerate(raw.texts) if text in ("patch", "use")]:
        follows = raw.kinds[i + 1] if i + 1 < len(raw.kinds) else ""
        if _first_on_line(raw, i) and follows == (WORD if raw.texts[i] == "patch" else "STRING"):
            starts.append(_decorated(raw, i))
    return list(zip(starts, [*starts[1:], len(raw.kinds)], strict=True))


def _first_on_line(raw: Tokens, i: int) -> bool:
    return i == 0 or raw.texts[i - 1] == "\n"


def _decorated(raw: Tokens, i: int) -> int:
    """The first token of the `@` lines right above token `i`, or `i`."""
    while i > 1:
        line = i - 1
        while line > 0 and not _first_on_line(raw, line):
            line -= 1
        if raw.kinds[line] != "AT":
            break
        i = line
    return i


def _mend_segment(raw: Tokens, first: int, last: int) -> list[Edit]:
    kinds = raw.kinds[first:last]
    braces = [first + i for i, kind in enumerate(kinds) if kind in ("LBRACE", "RBRACE")]
    depth = lowest = 0
    for i in braces:
        depth += 1 if raw.kinds[i] == "LBRACE" else -1
        lowest = min(lowest, depth)
    if depth == 0 == lowest:
        return []
    plain = _plain(raw, last, braces)
    guided = plain if raw.too_deep is not None else _Guided(raw, first, last, depth).edits()
    return guided if len(guided) <= len(plain) else plain


def _plain(raw: Tokens, last: int, braces: list[int]) -> list[Edit]:
    """Counts only: what closes nothing is left out, what is open is closed at the end."""
    open_braces: list[int] = []
    edits = []
    for i in braces:
        if raw.kinds[i] == "LBRACE":
            open_braces.append(i)
        elif open_braces:
            open_braces.pop()
        else:
            edits.append(_stray(raw, i))
    return edits + [_unclosed(raw, brace, last) for brace in reversed(open_braces)]


# --- what is said -----------------------------------------------------------------------------------------------------


def _stray(raw: Tokens, i: int) -> Edit:
    span = raw.source.span(raw.starts[i], raw.end(i))
    reason = "closes nothing" if raw.texts[i] == "}" else "belongs to no block"
    return Edit(i, "", StrayBrace(span=span, brace=raw.texts[i], reason=reason, fixes=(Fix(span, ""),)))


def _unclosed(raw: Tokens, brace: int, before: int) -> Edit:
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


def _missing_open(raw: Tokens, word: str, newline: int) -> Edit:
    end = raw.end(newline - 1)
    span = raw.source.span(end, end)
    return Edit(newline, "LBRACE", MissingOpen(span=span, word=word, fixes=(Fix(span, " {", safe=True),)))


def _late(raw: Tokens, word: str, end: int, brace: int) -> Diagnostic:
    place = raw.end(end - 1)
    gap = raw.source.span(place, raw.starts[brace])
    fixes = () if "#" in gap.text else (Fix(gap, " ", safe=True),)
    return MissingOpen(span=raw.source.span(place, place), word=word, fixes=fixes)


def _is_header(raw: Tokens, statement: int, brace: int) -> bool:
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


# --- by indentation ---------------------------------------------------------------------------------------------------


@dataclass
class _Brace:
    token: int
    indent: int
    line: int


@dataclass
class _Guided:
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
                self.found.append(_missing_open(self.raw, word, newline))
                self.open.append(_Brace(newline, indent, line))
                self.excess += 1

    def _is_bind(self, i: int) -> bool:
        follows = self.raw.kinds[i + 1] if i + 1 < self.last else ""
        return follows in _VERBS or (self.raw.texts[i] == "pass" and follows == WORD)

    def _opens(self, statement: int, i: int, indent: int, line: int) -> None:
        if self.excess > 0 and not _is_header(self.raw, statement, i):
            self.found.append(_stray(self.raw, i))
            self.excess -= 1
        else:
            self.open.append(_Brace(i, indent, line))

    def _closes(self, line_start: int, i: int, indent: int, line: int) -> None:
        alone = line_start == i
        fits = [brace.line == line or (alone and brace.indent == indent) for brace in self.open]
        if not self.open or (self.excess < 0 and not any(fits)):
            self.excess += 1
            self.found.append(self._lost_open(line_start, i) or _stray(self.raw, i))
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
        return _missing_open(self.raw, "cell", at) if self._is_bind(at) else None

    def _close_missing(self, before: int) -> None:
        self.found.append(_unclosed(self.raw, self.open.pop().token, before))
        self.excess -= 1

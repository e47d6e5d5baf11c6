"""Mends braces that do not come in pairs, by what the indentation says, so that one lost brace costs one message."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from patchc.source.codes.files import TooManyMistakes
from patchc.source.codes.syntax import EndsInside, UnclosedBrace
from patchc.source.diagnostic import Diagnostic, Fix
from patchc.source.text import Source
from patchc.syntax.guess import Edit, Guided, is_header, late, stray, unclosed
from patchc.syntax.lexer import WORD, Tokens, in_first_column

MOST = 50  # mistakes that are spoken of


def mend(raw: Tokens) -> tuple[Tokens, list[Diagnostic]]:
    """The same tokens with braces that come in pairs, patch by patch, and what had to be changed for that."""
    braces = [i for i, kind in enumerate(raw.kinds) if kind == "LBRACE" or kind == "RBRACE"]
    patches = _patches(raw, braces)
    note = _cut(raw, patches)
    edits = _late_braces(raw, braces) + [edit for patch in patches for edit in _mend_patch(raw, patch)]
    if not edits:
        return raw, []
    said = _as_one(raw, edits) or [edit.diagnostic for edit in edits if edit.diagnostic is not None]
    return _apply(raw, edits), said + note if raw.too_deep is None else []


def _as_one(raw: Tokens, edits: list[Edit]) -> list[Diagnostic]:
    """One message where the file ends inside blocks, and nothing else is wrong with its braces."""
    said = [edit.diagnostic for edit in edits if edit.diagnostic is not None]
    end = max((raw.end(i) for i in range(len(raw.kinds)) if raw.kinds[i] != "NEWLINE"), default=0)
    if len(said) < 2 or not all(isinstance(one, UnclosedBrace) and one.fixes[0].span.start == end for one in said):
        return []
    inner_first = sorted((one for one in said if one.span), key=lambda one: -(one.span.start if one.span else 0))
    closing = "".join(one.fixes[0].replacement for one in inner_first)
    fix = Fix(raw.source.span(end, end), closing)
    return [EndsInside(span=inner_first[-1].span, count=len(said), fixes=(fix,))]


def ends_inside(source: Source, found: list[Diagnostic]) -> bool:
    """Whether the text of `source` ends inside a block, by what was said of it."""
    end = len(source.text.rstrip())
    kinds = (EndsInside, UnclosedBrace)
    return any(isinstance(one, kinds) and one.fixes and one.fixes[0].span.end >= end for one in found)


def _cut(raw: Tokens, patches: list[_Stretch]) -> list[Diagnostic]:
    """Leaves out all that stands behind too many braces that fit no other, and says so."""
    wrong = 0
    for number, patch in enumerate(patches):
        depth = 0
        for place, i in enumerate(patch.braces):
            depth += 1 if raw.kinds[i] == "LBRACE" else -1
            if depth < 0:
                depth, wrong = 0, wrong + 1
            if wrong >= MOST:
                del patches[number + 1 :], patch.braces[place + 1 :]
                patch.last = i + 1
                for row in (raw.kinds, raw.texts, raw.starts):
                    del row[i + 1 :]
                return [TooManyMistakes(span=raw.source.span(raw.starts[i], raw.end(i)), count=wrong)]
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


def _late_braces(raw: Tokens, braces: list[int]) -> list[Edit]:
    """Leaves out the line ends between the header of a block and its `{`."""
    edits = []
    for i in [i for i in braces if 0 < i < len(raw.kinds) and raw.kinds[i] == "LBRACE" and raw.texts[i - 1] == "\n"]:
        end = i
        while end > 0 and raw.kinds[end - 1] == "NEWLINE":
            end -= 1
        start = end
        while start > 0 and raw.kinds[start - 1] not in ("NEWLINE", "LBRACE", "RBRACE"):
            start -= 1
        if is_header(raw, start, end):
            edits += [Edit(at, "", None) for at in range(end, i - 1)]
            edits.append(Edit(i - 1, "", late(raw, raw.texts[start], end, i)))
    return edits


# --- patches of a file ------------------------------------------------------------------------------------------------


@dataclass
class _Stretch:
    """Tokens `first` to `last` (exclusive), which must balance by themselves, and the braces among them."""

    first: int
    last: int
    braces: list[int]


def _patches(raw: Tokens, braces: list[int]) -> list[_Stretch]:
    """The stretches of a file: each starts with `patch NAME` or `use` in column 1, and the `@` lines above."""
    starts = [0]
    for i in [i for i, text in enumerate(raw.texts) if text == "patch" or text == "use"]:
        follows = raw.kinds[i + 1] if i + 1 < len(raw.kinds) else ""
        if in_first_column(raw, i) and follows == (WORD if raw.texts[i] == "patch" else "STRING"):
            starts.append(_decorated(raw, i))
    ends = [*starts[1:], len(raw.kinds)]
    return [
        _Stretch(first, last, braces[bisect_left(braces, first) : bisect_left(braces, last)])
        for first, last in zip(starts, ends, strict=True)
    ]


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


def _mend_patch(raw: Tokens, patch: _Stretch) -> list[Edit]:
    depth = lowest = 0
    for i in patch.braces:
        depth += 1 if raw.kinds[i] == "LBRACE" else -1
        lowest = min(lowest, depth)
    if depth == 0 == lowest:
        return []
    plain = _plain(raw, patch.last, patch.braces)
    guided = plain if raw.too_deep is not None else Guided(raw, patch.first, patch.last, depth).edits()
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
            edits.append(stray(raw, i))
    return edits + [unclosed(raw, brace, last) for brace in reversed(open_braces)]

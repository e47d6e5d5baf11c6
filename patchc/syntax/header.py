"""The first line of a file: the language and its edition; and files that are something else altogether."""

from __future__ import annotations

import re

from patchc.source.codes.files import IsDiff, NoHeader, OldSpelling, OtherEdition, TooLarge
from patchc.source.codes.syntax import Unexpected
from patchc.source.diagnostic import Diagnostic, Fix
from patchc.source.read import LIMIT
from patchc.source.text import Source, Span
from patchc.syntax.lexer import Tokens

EDITION = 1
_TOP = ("patch", "use")
_LOOK_AT = 20_000  # characters of a file in which a diff must show itself
_DIFF = re.compile(
    r"^(?:(?P<git>diff --git )|diff -|Index: .*\n=+$|--- .*\n\+\+\+ |\*\*\* .*\n--- |@@ -\d)", re.MULTILINE
)
_HEADER = re.compile(r"\s*(?:#[^\n]*\n\s*)*patchc\b")


def whole_file(source: Source) -> Diagnostic | None:
    """Why nothing of a source is to be read, if so."""
    if len(source.text) > LIMIT:
        return TooLarge(span=None, path=source.name, limit=LIMIT // 1_000_000)
    if _HEADER.match(source.text):
        return None
    match = _DIFF.search(source.text[:_LOOK_AT])
    if match is None:
        return None
    kind, tool = ("git diff", "git apply") if "diff --git" in source.text[:_LOOK_AT] else ("unified diff", "patch -p1")
    if match[0].startswith("***"):
        kind = "context diff"
    end = source.text.find("\n", match.start())
    return IsDiff(span=source.span(match.start(), end if end >= 0 else len(source.text)), kind=kind, tool=tool)


def with_header(raw: Tokens, found: list[Diagnostic]) -> tuple[Tokens, int | None]:
    """The tokens with a header that is right, and the edition it names; None where it names none."""
    line = next((i for i, kind in enumerate(raw.kinds) if kind != "NEWLINE"), len(raw.kinds))
    end = next((i for i in range(line, len(raw.kinds)) if raw.kinds[i] == "NEWLINE"), len(raw.kinds))
    texts = raw.texts[line:end]
    if "patchc" not in texts:
        return _without(raw, line, end, found), None
    number = next((i for i in range(line, end) if raw.kinds[i] == "NUMBER"), None)
    span = raw.source.span(raw.starts[line], raw.end(end - 1))
    if texts[0] == "patchc" and number == line + 1:
        return _named(raw, line, end, found)
    found.append(_odd(raw, span, texts, number))
    return _replaced(raw, line, end), EDITION


def _named(raw: Tokens, line: int, end: int, found: list[Diagnostic]) -> tuple[Tokens, int | None]:
    """A header that starts as it should."""
    number = raw.texts[line + 1]
    span = raw.source.span(raw.starts[line + 1], raw.end(line + 1))
    if not number.isdigit():
        found.append(_old(raw.source.span(raw.starts[line], span.end)))
        edition = EDITION
    else:
        edition = int(number) if len(number) < 10 else -1
    if edition != EDITION:
        found.append(OtherEdition(span=span, edition=number, fixes=(Fix(span, str(EDITION)),)))
    if end == line + 2:
        return (raw if number.isdigit() else _replaced(raw, line, end)), edition
    rest = raw.source.span(raw.starts[line + 2], raw.end(line + 2))
    sentence = f"expected the end of the line, found `{rest.text}`"
    found.append(Unexpected(span=rest, sentence=sentence, hint="the line `patchc 1` stands alone"))
    behind = next((i for i in range(line + 2, end) if raw.texts[i] in (*_TOP, "@")), end)
    return _replaced(raw, line, behind), edition


def _odd(raw: Tokens, span: Span, texts: list[str], number: int | None) -> Diagnostic:
    if texts[0] == "patchc" and len(texts) == 2:
        return _old(span)
    hint = "write `patchc 1`" if number is None else ""
    sentence = "the first line must be `patchc 1` and nothing else"
    return Unexpected(span=span, sentence=sentence, hint=hint, fixes=(Fix(span, "patchc 1"),))


def _old(span: Span) -> Diagnostic:
    now = f"patchc {EDITION}"
    return OldSpelling(span=span, written=span.text, now=now, fixes=(Fix(span, now, safe=True),))


def _without(raw: Tokens, line: int, end: int, found: list[Diagnostic]) -> Tokens:
    """No header: one is supplied. A first line that is nothing else may have been one."""
    place = raw.source.span(0, 0)
    if line < end:
        place = raw.source.span(raw.starts[line], raw.end(line))
    if line == end or raw.texts[line] in _TOP or raw.kinds[line] == "AT":
        behind, fix = line, Fix(raw.source.span(0, 0), f"patchc {EDITION}\n\n", safe=True)
    else:
        behind, fix = end, Fix(raw.source.span(raw.starts[line], raw.end(end - 1)), f"patchc {EDITION}")
    found.append(NoHeader(span=place, fixes=(fix,)))
    return _replaced(raw, line, behind, written=False)


def _replaced(raw: Tokens, line: int, end: int, written: bool = True) -> Tokens:
    """The tokens with a right header in the place of `line` to `end`."""
    place = raw.starts[line] if line < len(raw.starts) else len(raw.source.text)
    mended = Tokens(raw.source, comments=raw.comments, docs=raw.docs, too_deep=raw.too_deep)
    mended.add("PATCHC", "", place)
    mended.add("INT", "1" if written else "", place)
    mended.add("NEWLINE", "", place)
    for i in range(end, len(raw.kinds)):
        mended.add(raw.kinds[i], raw.texts[i], raw.starts[i])
    return mended

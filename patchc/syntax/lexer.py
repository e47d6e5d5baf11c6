"""Text to tokens: words and signs, statement ends put in or left out, comments and docs collected on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from patchc.source.text import Source, Span
from patchc.syntax.grammar import load_tables
from patchc.syntax.tree import Comment

WORD, NUMBER, SIGNED, END, EOF = "NAME", "NUMBER", "SIGNED", "_END", "$END"
DEPTH = 64  # levels of brackets and braces that are read
LONGEST = 10_000  # tokens of a line
_HOPELESS = 16 * DEPTH  # levels from which on nothing is looked at
_OPEN = frozenset(("LBRACE", "LPAR", "LSQB"))
_CLOSE = frozenset(("RBRACE", "RPAR", "RSQB"))


@dataclass
class Tokens:
    """Three lists in step: what each token is, its text, and where it starts. What the lexer supplied has no text.

    `kinds` hold the terminal's name; words are all `NAME` until the parser sees where they stand. `docs` says which
    `##` text stands before the token at an offset. `too_deep` is the first bracket that opens one level too many: what
    stands inside it is left out.
    """

    source: Source
    kinds: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    docs: dict[int, str] = field(default_factory=dict)
    too_deep: int | None = None
    sharps: list[Span] = field(default_factory=list)  # notes such as `C#4`: the `#` is meant as a sharp

    def add(self, kind: str, text: str, start: int) -> None:
        self.kinds.append(kind)
        self.texts.append(text)
        self.starts.append(start)

    def end(self, index: int) -> int:
        return self.starts[index] + len(self.texts[index])


@cache
def _scanner() -> re.Pattern[str]:
    """One pattern for everything; its groups are named by terminal."""
    tables = load_tables()
    signs = {name: text for name, text in tables.literals.items() if not text[0].isalpha()}
    longest_first = sorted(signs, key=lambda name: -len(signs[name]))
    groups = [
        ("SHARP", r"(?<![\w.\]])[A-Ga-g]#[0-9]+(?!\w)"),
        ("NAME", tables.patterns["NAME"]),
        ("NUMBER", tables.patterns["NUMBER"]),
        ("NEWLINE", r"\n|;"),
        ("STRING", tables.patterns["STRING"]),
        ("COMMENT", tables.patterns["COMMENT"]),
        *((name, re.escape(signs[name])) for name in longest_first),
        ("UNIT", "%"),
        ("OPEN_STRING", r'"[^\n]*'),
        ("STRANGE", r"\d[\d.]*|[^ \t\r]"),
    ]
    return re.compile(r"[ \t\r]*(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in groups) + ")")


def scan(source: Source, stop: int | None = None) -> Tokens:
    """All tokens as they stand (up to offset `stop`), with a `NEWLINE` token for every line end and `;`."""
    tokens = Tokens(source)
    position: int | None = 0
    while position is not None:
        position = _scan(tokens, position, len(source.text) if stop is None else stop)
    return tokens


def _scan(tokens: Tokens, position: int, stop: int) -> int | None:
    """Reads tokens. None at the end; where to go on if a line was too long and left out."""
    kinds, texts, starts = tokens.kinds, tokens.texts, tokens.starts
    depth = 0
    line = len(kinds)  # the first token of the line
    doc: list[str] = []
    for match in _scanner().finditer(tokens.source.text, position, stop):
        kind = match.lastgroup
        assert kind is not None
        if kind == "COMMENT":
            _add_comment(tokens, match.start(kind), match[kind], doc)
            continue
        text, start = match[kind], match.start(kind)
        if kind == "SHARP":
            tokens.sharps.append(tokens.source.span(start, match.end()))
            kind = WORD
        if kind in _OPEN:
            depth += 1
            if depth == DEPTH + 1 and tokens.too_deep is None:
                tokens.too_deep = start
            if depth > _HOPELESS:
                break
        elif kind in _CLOSE:
            depth = max(depth - 1, 0)
            if depth == DEPTH:
                continue
        elif kind == NUMBER and text[0] in "+-":
            kind = SIGNED
        elif kind == WORD and texts and texts[-1] == "patch" and in_first_column(tokens, len(texts) - 1):
            depth = 0  # a patch stands in no other: what is open above was forgotten
        if depth > DEPTH:
            continue
        if doc and kind != "NEWLINE":
            tokens.docs[start] = "\n".join(doc)
            doc.clear()
        kinds.append(kind)
        texts.append(text)
        starts.append(start)
        if text == "\n":
            line = len(kinds)
        elif len(kinds) - line > LONGEST:
            return _leave_out(tokens, line, stop)
    return None


def in_first_column(tokens: Tokens, index: int) -> bool:
    start = tokens.starts[index]
    return start == 0 or tokens.source.text[start - 1] == "\n"


def _leave_out(tokens: Tokens, first: int, stop: int) -> int:
    """Puts one token in the place of the line that starts with token `first`; the offset behind that line."""
    start = tokens.starts[first]
    end = tokens.source.text.find("\n", start, stop)
    end = stop if end < 0 else end
    for row in (tokens.kinds, tokens.texts, tokens.starts):
        del row[first:]
    tokens.add("LEFT_OUT", tokens.source.text[start:end], start)
    return end


def _add_comment(tokens: Tokens, start: int, text: str, doc: list[str]) -> None:
    text = text.rstrip()
    trailing = bool(tokens.kinds) and not (tokens.kinds[-1] == "NEWLINE" and tokens.texts[-1] == "\n")
    tokens.comments.append(Comment(tokens.source.span(start, start + len(text)), text, trailing))
    if text.startswith("##") and not trailing:
        doc.append(text[2:].removeprefix(" "))


def with_ends(raw: Tokens) -> Tokens:
    """The tokens with line ends turned into statement ends.

    A line end inside ( ) or [ ] ends nothing, unless what follows can only be the next statement: then a bracket was
    forgotten, and the mistake stays in its own statement.
    """
    tokens = Tokens(raw.source, comments=raw.comments, docs=raw.docs, too_deep=raw.too_deep)
    kinds, texts, starts = tokens.kinds, tokens.texts, tokens.starts
    brackets = 0
    last, last_end = END, 0
    for index, kind in enumerate(raw.kinds):
        if kind == "NEWLINE":
            if last == END or last == "LBRACE" or (brackets and not _starts_statement(raw, index, last)):
                continue
            brackets, last = 0, END
            tokens.add(END, "", last_end)
            continue
        if kind in ("LPAR", "LSQB"):
            brackets += 1
        elif kind in ("RPAR", "RSQB"):
            brackets = max(brackets - 1, 0)
        elif kind == "RBRACE":
            brackets = 0
            if last not in (END, "LBRACE"):
                tokens.add(END, "", last_end)
        elif kind == "LBRACE":
            brackets = 0
        last, text, start = kind, raw.texts[index], raw.starts[index]
        last_end = start + len(text)
        kinds.append(kind)
        texts.append(text)
        starts.append(start)
    if last != END:
        tokens.add(END, "", last_end)
    tokens.add(EOF, "", len(raw.source.text))
    return tokens


_STATEMENTS = frozenset(
    ("use", "patch", "meta", "input", "param", "cell", "layer", "for", "output", "tap", "moved", "set", "pass")
)
_VERBS = {"EQUAL", "FEED", "ADD_TO", "SCALE_BY"}


def _starts_statement(raw: Tokens, newline: int, last: str) -> bool:
    """Whether a statement surely starts behind this line end, although a bracket is open; `last` stands before it."""
    if raw.texts[newline] == ";":
        return True
    index = newline + 1
    kinds = raw.kinds
    if index + 1 >= len(kinds) or kinds[index] in ("RBRACE", "AT"):
        return index < len(kinds) and kinds[index] in ("RBRACE", "AT")
    if kinds[index] != WORD:
        return False
    if raw.texts[index] in _STATEMENTS and kinds[index + 1] in (WORD, "LBRACE", "STRING"):
        return True
    if kinds[index + 1] == "EQUAL":
        return last not in ("COMMA", "LPAR")
    return kinds[index + 1] in _VERBS


def tokens(source: Source) -> Tokens:
    """The tokens of a source that is taken as it stands; `parser.parse` mends unbalanced braces first."""
    return with_ends(scan(source))

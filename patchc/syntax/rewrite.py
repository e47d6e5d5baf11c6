"""The statement that a wrong one was probably meant to be, where what comes out is sure to be read."""

from __future__ import annotations

from dataclasses import dataclass

from patchc.source.diagnostic import Fix
from patchc.source.text import Source, Span
from patchc.syntax.lexer import END, EOF, scan, with_ends
from patchc.syntax.lr_parser import LRParser, Symbol
from patchc.syntax.phrase import CELL, FILE, META, PATCH, Place
from patchc.syntax.phrases import PHRASES
from patchc.syntax.recover import first_token

_LONGEST = 300  # characters of a statement that is looked at
_STEPS = 6  # phrases that may be rewritten in one statement
_READ = 100_000  # characters of a file that are searched for its patches
_BLOCKS = frozenset(("patch", "cell", "layer", "for", "meta"))


@dataclass(frozen=True)
class Rewritten:
    """`text` is to stand at `span`; `shown` is the whole statement then."""

    span: Span
    text: str
    shown: str

    @property
    def hint(self) -> str:
        return f"write `{self.shown}`" if self.shown else "delete it"

    @property
    def fix(self) -> Fix:
        return Fix(self.span, self.text)


@dataclass(frozen=True)
class Statement:
    """The statement under way: where it stands, its kind of place, and whether a block opens behind it."""

    span: Span
    kind: str
    block: bool
    stack: list[int]
    first: int


def statement(automaton: LRParser) -> Statement | None:
    """None where it is too long to be looked at, or goes over several lines."""
    base = automaton.base()
    first = first_token(automaton, base)
    stop, block = _end(automaton, first)
    if stop <= first or automaton.index > stop:
        return None
    tokens, stack = automaton.tokens, automaton.stack[: base + 1]
    span = tokens.source.span(tokens.starts[first], tokens.end(stop - 1))
    if len(span.text) > _LONGEST or "\n" in span.text:
        return None
    return Statement(span, _kind(automaton, stack), block, stack, first)


def rewritten(automaton: LRParser, wrong: Statement) -> Rewritten | None:
    """The statement `wrong` as a patch says it; None where nobody can be sure."""
    span, stack, block = wrong.span, wrong.stack, wrong.block
    place = place_of(automaton, wrong)
    text = span.text
    for _ in range(_STEPS):
        step = next((made for phrase in PHRASES if (made := phrase.apply(text, place)) not in (None, text)), None)
        if step is None:
            return None
        text = step.strip()
        if _fits(automaton, stack, text, block) and _may_end_in_comment(text, span):
            return _smallest(span, text)
    return None


def place_of(automaton: LRParser, wrong: Statement) -> Place:
    return Place(wrong.kind, _cell(automaton, wrong.first), wrong.span.source.text[:_READ])


def _end(automaton: LRParser, first: int) -> tuple[int, bool]:
    """Behind the last token of the statement, or before the `{` of its block."""
    kinds = automaton.tokens.kinds
    for index in range(first, len(kinds)):
        if kinds[index] in (END, EOF, "RBRACE"):
            return index, False
        if kinds[index] == "LBRACE":
            return index, True
    return len(kinds) - 1, False


def _kind(automaton: LRParser, stack: list[int]) -> str:
    accepted = set(automaton.accepts(stack))
    return FILE if "PATCH" in accepted else PATCH if "CELL" in accepted else CELL if "PASS" in accepted else META


def _cell(automaton: LRParser, first: int) -> str:
    """The name of the cell around token `first`."""
    texts = automaton.tokens.texts
    head = next((i for i in range(first - 1, 0, -1) if texts[i] == "cell" and texts[i - 1] != ":"), -2)
    return texts[head + 1] if head >= 0 else ""


def _fits(automaton: LRParser, stack: list[int], text: str, block: bool) -> bool:
    tokens = with_ends(scan(Source("rewritten", text + (" {" if block else ""))))
    symbols: list[Symbol] = list(zip(tokens.kinds, tokens.texts, strict=True))[:-1]
    if block and symbols and symbols[-1][0] == END:
        symbols.pop()
    return automaton.eats(symbols, stack) == len(symbols)


def _may_end_in_comment(text: str, span: Span) -> bool:
    """A comment goes on to the end of the line: nothing may stand behind it."""
    if "#" not in text:
        return True
    text = span.source.text
    line_end = text.find("\n", span.end)
    return not text[span.end : line_end if line_end >= 0 else len(text)].strip()


def _smallest(span: Span, text: str) -> Rewritten:
    """Only what differs is replaced, whole words of it."""
    old = span.text
    start = next((i for i, (a, b) in enumerate(zip(old, text, strict=False)) if a != b), min(len(old), len(text)))
    while start and (old[start - 1].isalnum() or old[start - 1] == "_"):
        start -= 1
    most = min(len(old), len(text)) - start
    tail = next((i for i in range(most) if old[-1 - i] != text[-1 - i]), most)
    while tail and (old[-tail].isalnum() or old[-tail] == "_"):
        tail -= 1
    place = span.source.span(span.start + start, span.end - tail)
    return Rewritten(place, text[start : len(text) - tail], text)

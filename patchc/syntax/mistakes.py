"""The table of mistakes: wrong text that is known, and what to say about it; looked at only when something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from patchc.source.text import Source
from patchc.syntax.grammar import grammar_file, load_tables
from patchc.syntax.lexer import END, WORD, tokens
from patchc.syntax.lr_parser import LRParser, terminals
from patchc.syntax.recover import first_token


@dataclass(frozen=True)
class Mistake:
    """One entry of grammar/mistakes.toml: examples of wrong text, and what to say about them."""

    code: str
    examples: tuple[str, ...]
    sentence: str = ""
    place: str = ""
    help: str = ""
    fix: str | None = None  # what to put in the place of the token that does not fit


_ALIKE = (WORD, "NUMBER", "INT", "UNIT", "RPAR", "RSQB", END, "LBRACE", "RBRACE")  # before a mistake, all the same
_FRAMES = {
    "file": "patchc 1\n{}\n",
    "patch": "patchc 1\npatch p {{\n{}\n}}\n",
    "meta": "patchc 1\npatch p {{\nmeta {{\n{}\n}}\n}}\n",
    "cell": "patchc 1\npatch p {{\ncell c : t {{\n{}\n}}\n}}\n",
}


@cache
def mistakes() -> tuple[Mistake, ...]:
    """The whole table."""
    import tomllib

    entries = tomllib.loads(grammar_file("mistakes.toml").read_text(encoding="utf-8"))["mistake"]
    return tuple(_mistake(entry) for entry in entries)


def _mistake(entry: dict[str, Any]) -> Mistake:
    examples = [_FRAMES[frame].format(text) for frame in _FRAMES for text in entry.pop(frame, ())]
    return Mistake(examples=tuple(examples), **entry)


Situation = tuple[frozenset[str], str, str]  # what fits, the sign or keyword before, what stands there instead


@cache
def _table() -> dict[tuple[str, Situation], Mistake]:
    """Mistakes by the word their statement starts with and their situation; by no word where all words agree."""
    table: dict[tuple[str, Situation], Mistake] = {}
    words: dict[Situation, set[str]] = {}
    for mistake in mistakes():
        for example in mistake.examples:
            word, situation = _example(example)
            table[word, situation] = mistake
            words.setdefault(situation, set()).add(word)
    for situation, starts in words.items():
        meant = {table[word, situation].sentence or table[word, situation].code for word in starts}
        if len(meant) == 1:
            table.setdefault(("", situation), table[min(starts), situation])
    return table


def _example(text: str) -> tuple[str, Situation]:
    automaton = LRParser(tokens(Source("example", text)))
    if automaton.run():
        raise ValueError(f"not a mistake: {text!r}")
    automaton.settle()
    return _word(automaton), _situation(automaton)


def find_mistake(automaton: LRParser) -> Mistake | None:
    """The entry for the token at `automaton.index`, if the table has one."""
    fits, before, instead = _situation(automaton)
    kind = automaton.tokens.kinds[automaton.index]
    keys = [(word, (fits, before, it)) for it in (instead, kind) for word in (_word(automaton), "")]
    return next((_table()[key] for key in keys if key in _table()), None)


def _situation(automaton: LRParser) -> Situation:
    """The parser's place in human terms. Whether a name or a number came last makes no difference."""
    names = frozenset(automaton.accepts())
    before = automaton.read[automaton.index - 1] if automaton.index else ""
    return (
        names - ({"DOT", "LSQB"} if "DOT" in names else {"UNIT"}),
        "" if before in _ALIKE else before,
        _class(automaton),
    )


def _word(automaton: LRParser) -> str:
    """The keyword that the statement starts with; a name is a port."""
    first = first_token(automaton, automaton.base())
    text = automaton.tokens.texts[first] if first < automaton.index else ""
    return text if text in load_tables().literals.values() else "port"


def _class(automaton: LRParser) -> str:
    """Keywords and signs by what they are, other words and numbers by their sort."""
    kind, text = automaton.tokens.kinds[automaton.index], automaton.tokens.texts[automaton.index]
    return text if kind == WORD and set(terminals(kind, text)) - {WORD, "UNIT"} else kind

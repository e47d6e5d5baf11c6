"""The LALR automaton: eats tokens, calls the tree builder, and can be asked what it would accept."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from patchc.syntax.grammar import Rule, load_tables
from patchc.syntax.lexer import EOF, NUMBER, SIGNED, WORD, Tokens

Action = Callable[[list[Any], int, int], Any]
Symbol = tuple[str, str]  # a token without a place: its kind and its text
_SOFT = frozenset((WORD, NUMBER, SIGNED))


class Reduction(NamedTuple):
    """What a grammar rule does: how many values it takes, which of them it keeps, and what is made of those."""

    size: int
    origin: str
    action: Action | None
    grows: bool
    keep: tuple[int, ...]
    lists: frozenset[int]  # of `keep`, those whose items are handed over one by one


@cache
def terminals(kind: str, text: str) -> tuple[str, ...]:
    """What a token may be, best first: a word may be a keyword, a unit or a name, digits a whole number or a number."""
    if kind == WORD and "#" in text:  # a note, as `C#4`: the lexer has said that it is no comment
        return (WORD,)
    if kind not in (WORD, NUMBER) or not text:
        return (NUMBER,) if kind == SIGNED else (kind,)
    tables = load_tables()
    keywords = tuple(name for name, literal in tables.literals.items() if literal == text)
    return keywords + tuple(name for name, pattern in _open_terminals() if pattern.fullmatch(text))


@cache
def _open_terminals() -> list[tuple[str, re.Pattern[str]]]:
    tables = load_tables()
    names = [name for name in tables.patterns if name not in tables.literals and not name.startswith("_")]
    return [(name, re.compile(tables.patterns[name])) for name in names if name not in ("COMMENT", "STRING")]


class LRParser:
    """One parse. `stack` holds states, `values` what was built so far and `starts` where that starts.

    A token's value is its index in `tokens`. `read` holds the terminal each token was taken for.
    """

    def __init__(self, tokens: Tokens, reductions: list[Reduction] | None = None) -> None:
        tables = load_tables()
        self.moves, self.final = tables.moves, tables.end
        self.reductions = reductions or _no_reductions()
        self.tokens = tokens
        self.read = list(tokens.kinds)
        self.index = 0
        self.last_end = 0
        self.stack = [tables.start]
        self.values: list[Any] = []
        self.starts: list[int] = []

    def run(self) -> bool:
        """Eats tokens. True at the end of the file, False where the token at `index` does not fit."""
        moves, stack, values, starts = self.moves, self.stack, self.values, self.starts
        kinds, texts, places = self.tokens.kinds, self.tokens.texts, self.tokens.starts
        index = self.index
        while True:
            kind, text = kinds[index], texts[index]
            row = moves[stack[-1]]
            if kind in _SOFT:
                kind = next((name for name in terminals(kind, text) if name in row), kind)
                self.read[index] = kind
            self.index = index
            while True:
                move = row.get(kind)
                if move is None:
                    return False
                if move >= 0:
                    break
                if self._reduce(-1 - move):
                    return True
                row = moves[stack[-1]]
            stack.append(move)
            values.append(index)
            starts.append(places[index])
            self.last_end = places[index] + len(text)
            index += 1

    def _reduce(self, number: int) -> bool:
        """Reduces by a rule; True when that completes the file."""
        size, origin, action, grows, keep, lists = self.reductions[number]
        stack, values, starts = self.stack, self.values, self.starts
        if action is None and size == 1 and not grows:
            stack[-1] = self.moves[stack[-2]][origin]
            return False
        base = len(values) - size
        start = starts[base] if size else self.tokens.starts[self.index]
        if grows:
            value = values[base] if size > 1 and 0 in lists else []
            value.extend(values[base + i] for i in keep if i not in lists)
        elif action is None:
            value = values[base + keep[0]]
        else:
            value = action(self._children(base, keep, lists), start, self.last_end)
        del stack[len(stack) - size :], values[base:], starts[base:]
        state = self.moves[stack[-1]][origin]
        stack.append(state)
        values.append(value)
        starts.append(start)
        return state == self.final

    def _children(self, base: int, keep: tuple[int, ...], lists: frozenset[int]) -> list[Any]:
        values = self.values
        if not lists:
            return [values[base + i] for i in keep]
        children: list[Any] = []
        for i in keep:
            if i in lists:
                children.extend(values[base + i])
            else:
                children.append(values[base + i])
        return children

    # --- questions, and what recovery does ----------------------------------------------------------------------------

    def settle(self) -> None:
        """Finishes what is complete whatever follows, so that the state says where the parse really stands."""
        while True:
            moves = set(self.moves[self.stack[-1]].values())
            if len(moves) != 1 or (move := moves.pop()) >= 0:
                return
            self._reduce(-1 - move)

    def base(self) -> int:
        """How many values lie below the statement that is being read."""
        depth = len(self.stack) - 1
        while "ERROR" not in self.moves[self.stack[depth]]:
            depth -= 1
        return depth

    def drop(self, base: int) -> None:
        """Forgets all values from `base` up."""
        del self.stack[base + 1 :], self.values[base:], self.starts[base:]

    def put_broken(self, node: Any, start: int) -> None:
        """Puts `node` in the place of a statement."""
        self.stack.append(self.moves[self.stack[-1]]["ERROR"])
        self.values.append(node)
        self.starts.append(start)
        self.stack.append(self.moves[self.stack[-1]]["_END"])
        self.values.append(self.index)
        self.starts.append(start)
        self.settle()

    def eats(self, symbols: Sequence[Symbol], stack: list[int] | None = None) -> int:
        """How many of `symbols` fit, one after the other, from here or from another stack of states."""
        stack = list(self.stack if stack is None else stack)
        return next((count for count, symbol in enumerate(symbols) if not self._shift(stack, symbol)), len(symbols))

    def after(self, symbols: Sequence[Symbol], stack: list[int]) -> list[int] | None:
        """The stack of states behind `symbols`, or None where they do not fit."""
        stack = list(stack)
        return stack if all(self._shift(stack, symbol) for symbol in symbols) else None

    def _shift(self, stack: list[int], symbol: Symbol) -> bool:
        row = self.moves[stack[-1]]
        kind = next((kind for kind in terminals(*symbol) if kind in row), "")
        while (move := self.moves[stack[-1]].get(kind)) is not None:
            if move >= 0:
                stack.append(move)
                return True
            size, origin = self.reductions[-1 - move][:2]
            del stack[len(stack) - size :]
            stack.append(self.moves[stack[-1]][origin])
            if stack[-1] == self.final:
                return kind == EOF
        return False

    def accepts(self, stack: list[int] | None = None) -> list[str]:
        """The terminals that fit here, or on another stack of states."""
        stack = self.stack if stack is None else stack
        terminals = (name for name in self.moves[stack[-1]] if not name.islower() and name != "ERROR")
        return [name for name in terminals if self.eats([(name, "")], stack)]


def with_actions(actions: dict[str, Action]) -> list[Reduction]:
    """The grammar's rules, in order, with the tree builder's actions; a rule without one builds nothing."""
    return [_reduction(rule, actions) for rule in load_tables().rules]


@cache
def _no_reductions() -> list[Reduction]:
    """For machines that only read."""
    return with_actions({})


def _nothing(children: list[Any], start: int, end: int) -> None:
    """Builds no tree."""


def _reduction(rule: Rule, actions: dict[str, Action]) -> Reduction:
    action = actions.get(rule.action, _nothing) if rule.action else None
    return Reduction(rule.size, rule.origin, action, rule.action == "", rule.keep, frozenset(rule.lists))

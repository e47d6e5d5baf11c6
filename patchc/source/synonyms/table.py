"""A table of synonyms: what an unknown word is called here, or what comes nearest to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from patchc.source.suggest import nearest


@dataclass(frozen=True)
class Entry:
    """Words for one thing: `target` is its name here, or what comes nearest where there is no such thing."""

    target: str
    words: frozenset[str]
    note: str = ""
    exists: bool = True

    def said(self, word: str) -> str:
        """What to write in place of `word`."""
        note = f": {self.note}" if self.note else ""
        if self.exists:
            return f"`{word}` is `{self.target}` here{note}"
        nearest_one = f"; the nearest is `{self.target}`" if self.target else ""
        return f"`{word}`: there is none{nearest_one}{note}"


@dataclass(frozen=True)
class Guess:
    """What a word probably meant: `name` is what to write in its place, `hint` says so; empty where nobody knows."""

    name: str = ""
    hint: str = ""
    entry: Entry | None = None
    safe: bool = False  # the word is known, and means just this


def here(target: str, words: str, note: str = "") -> Entry:
    """Words, with spaces between, for something that a patch writes as `target`."""
    return Entry(target, frozenset(map(folded, words.split())), note)


def none(target: str, words: str, note: str = "") -> Entry:
    """Words for something that does not exist; `target` comes nearest."""
    return Entry(target, frozenset(map(folded, words.split())), note, exists=False)


def folded(word: str) -> str:
    """`low_pass`, `low-pass`, `lowPass` and `LOWPASS` are one word."""
    return re.sub(r"[\s_\-.~]", "", word).lower()


def forms(word: str, prefixes: str = "", suffixes: str = "", compounds: bool = False) -> Iterator[str]:
    """`word` folded, then without its number, its ending, and the affixes that say nothing new; then its last part.

    With `compounds`, parts that stand together go before the last one, and the other parts come after it.
    """
    key = folded(word)
    yield key
    key = re.sub(r"\d+(ch|band)?$", "", key) or key
    yield key
    yield from _stems(key)
    parts = [part for part in re.split(_BETWEEN, word) if len(part) > 1]
    yield folded("".join(parts))
    if suffixes:
        bare = re.sub(f"^({prefixes})(?=..)", "", key)
        for short in (re.sub(f"({suffixes})s?$", "", key), bare, re.sub(f"({suffixes})s?$", "", bare)):
            if short:
                yield short
                yield from _stems(short)
    if compounds:
        yield from (folded("".join(parts[at : at + 2])) for at in range(len(parts) - 2, -1, -1))
    for part in reversed(parts if compounds else parts[-1:]):
        yield folded(part)
        yield from _stems(folded(part)) if compounds else ()


_BETWEEN = r"[_\-.\s\d]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"
"""Where `JCReverb` and `one_pole_lp` fall into parts."""


def _stems(key: str) -> Iterator[str]:
    """`mixes`, `mixing` and `mixer` are `mix`; `clipping` is `clip`, `saturated` is `saturate`."""
    yield key.removesuffix("s")
    stem = re.sub("(es|ing|er|or|ed|ion)$", "", key)
    if len(stem) > 2 and stem != key:
        yield stem
        yield f"{stem}e"
        if stem[-1] == stem[-2]:
            yield stem[:-1]


class Table:
    """Entries, in order: of several that hold a word the first that fits stands."""

    def __init__(self, *entries: Entry, prefixes: str = "", suffixes: str = "", compounds: bool = False) -> None:
        self.entries = entries
        self._affixes = (prefixes, suffixes, compounds)

    @cached_property
    def _by_word(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for word in entry.words:
                found.setdefault(word, []).append(entry)
        return found

    def __len__(self) -> int:
        return len(self._by_word)

    def find(self, word: str) -> list[Entry]:
        """Every entry that holds `word`, spelt right."""
        return next((self._by_word[form] for form in forms(word, *self._affixes) if form in self._by_word), [])

    def guess(self, word: str, names: Collection[str]) -> Guess:
        """What was meant by `word`, where `names` exist. A known word goes before a near one."""
        if not word:
            return Guess()
        same = {folded(name): name for name in names}
        for form in forms(word, *self._affixes):
            if form in same:
                return _alike(same[form])
            if form in self._by_word:
                return self._known(word, self._by_word[form], names)
        return self._near(word, names)

    def _known(self, word: str, entries: Sequence[Entry], names: Collection[str]) -> Guess:
        for entry in entries:
            if (name := _among(entry, names)) is not None:
                note = f": {entry.note}" if entry.note else ""
                return Guess(name, f"`{word}` is `{name}` here{note}", entry, safe=True)
        return self._elsewhere(word, entries)

    def _elsewhere(self, word: str, entries: Iterable[Entry]) -> Guess:
        """What a known word means where no name fits it: nothing is guessed across meaning."""
        found = next((entry for entry in entries if not entry.exists or "{" in entry.target), None)
        return Guess("", found.said(word), found) if found else Guess()

    def _near(self, word: str, names: Collection[str]) -> Guess:
        close = nearest(word, names)
        if close is not None:
            return Guess(close, f"did you mean `{close}`?")
        known = self.misspelt(word)
        found = self.guess(known, names) if known else Guess()
        return Guess(found.name, found.hint, found.entry)

    def misspelt(self, word: str) -> str | None:
        """The word of the table that `word` is a misspelling of.

        There are so many that short ones are near by chance: `feedback` is no `foldback`.
        """
        long = [key for key in self._by_word if len(key) > 4]
        return nearest(folded(word), long, most=1 + len(word) // 9) if len(word) > 5 else None


def _alike(name: str) -> Guess:
    return Guess(name, f"did you mean `{name}`?", safe=True)


def _among(entry: Entry, names: Collection[str]) -> str | None:
    """The name among `names` that the entry stands for, or that is another word for the same."""
    if entry.exists and entry.target in names:
        return entry.target
    return next((name for name in names if folded(name) in entry.words), None) if entry.exists else None

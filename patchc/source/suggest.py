"""`did you mean`: the nearest of some words, by the slips of a typist."""

from __future__ import annotations

from collections.abc import Iterable

_MOST = 4  # slips


def nearest(word: str, candidates: Iterable[str], most: int = _MOST) -> str | None:
    """The candidate that `word` most likely is a misspelling of, or None where none is near.

    A candidate that differs only in upper and lower case comes first. One slip is forgiven in a short word, one for
    every three letters in a long one, up to `most`. Of equally near ones, the first wins.
    A typist seldom gets the first letter wrong: another one there counts as a slip more, so `watch` is no `match`, and
    `phaser` no `shaper`.
    """
    best, fewest = None, min(max(1, len(word) // 3), most) + 1
    for candidate in candidates:
        if candidate.lower() == word.lower():
            return candidate
        if abs(len(candidate) - len(word)) < fewest:
            slips = distance(word.lower(), candidate.lower(), fewest) + _starts_otherwise(word, candidate)
            if slips < min(fewest, len(candidate)):
                best, fewest = candidate, slips
    return best


def _starts_otherwise(word: str, candidate: str) -> bool:
    """Whether the first letters differ, and are neither swapped nor left out."""
    a, b = word.lower(), candidate.lower()
    return a[:1] != b[:1] and a[:2] != b[1::-1] and a[1:2] != b[:1] and a[:1] != b[1:2]


def distance(a: str, b: str, limit: int | None = None) -> int:
    """Letters to put in, leave out, exchange or swap with their neighbour to make `b` of `a`; stops at `limit`.

    The optimal string alignment distance, row by row.
    """
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        above, row = row, [i]
        for j, y in enumerate(b, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if limit is not None and min(row) >= limit:
            return limit
        before = above
    return row[-1]

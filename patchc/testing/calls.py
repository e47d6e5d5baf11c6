"""Work counted in calls: what a test can bound on every machine alike, where seconds cannot."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class TooManyCalls(AssertionError):
    """More calls were made than a test allows; raised where the limit is passed, so that endless work ends."""


@contextmanager
def at_most_calls(limit: int) -> Iterator[Counter]:
    """Counts the calls of Python and C functions of this thread within the block.

    Raises `TooManyCalls` at call number `limit + 1`.
    """
    counter = Counter(limit)
    before = sys.getprofile()
    sys.setprofile(counter)
    try:
        yield counter
    finally:
        sys.setprofile(before)


class Counter:
    """A profile function that counts, up to a limit."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.calls = 0

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        self.calls += event in ("call", "c_call")
        if self.calls > self.limit:
            sys.setprofile(None)
            raise TooManyCalls(f"more than {self.limit:,} calls")

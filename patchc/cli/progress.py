"""Progress of long commands: a line that moves on a terminal, one now and then elsewhere, none for short ones."""

from __future__ import annotations

import sys
import time
from types import TracebackType

QUIET = 2.0
"""Seconds that pass before anything is shown."""
EVERY = 10.0
"""Seconds between two lines where nobody can see a line move."""
WIDTH = 28


class Progress:
    """`with Progress("rendering", 40) as progress: progress.step("kick")`; shown on standard error."""

    def __init__(self, what: str, total: int, quiet: bool = False) -> None:
        self.what = what
        self.quiet = quiet
        self.total = max(1, total)
        self.done = 0
        self.live = sys.stderr.isatty()
        self.started = time.monotonic()
        self._shown = self.started + QUIET - (0.1 if self.live else EVERY)
        self._drawn = False

    def step(self, now: str = "", by: int = 1, left: float | None = None) -> None:
        """`by` of the `total` steps are done; `now` says what is being worked on.

        `left` are the seconds that are left, where steps do not take equally long.
        """
        self.done += by
        time_now = time.monotonic()
        finished = self.done >= self.total and not self.live
        if self.quiet or finished or time_now - self._shown < (0.1 if self.live else EVERY):
            return
        self._shown = time_now
        share = min(1.0, self.done / self.total)
        if left is None and share:
            left = (time_now - self.started) * (1 - share) / share
        self._show(share, f"{self.what} {self.done}/{self.total}", "" if left is None else f"{left:.0f} s left", now)

    def _show(self, share: float, start: str, left: str, now: str) -> None:
        if not self.live:
            sys.stderr.write(" ".join(part for part in (f"{start}, {left}" if left else start, now) if part) + "\n")
            return
        full = round(share * WIDTH)
        bar = f"{'━' * full}{'╌' * (WIDTH - full)}"
        sys.stderr.write("\r\x1b[K" + " ".join(part for part in (start, bar, left, now) if part))
        sys.stderr.flush()
        self._drawn = True

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

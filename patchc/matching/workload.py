"""How far a fit is and how long it will still take, counted in sounds rendered and compared."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

GRADIENT = 5.0
"""What a sound with its gradient costs, as a multiple of one without: 4 to 5 measured on the examples."""


@dataclass(frozen=True)
class Moment:
    """Where a fit is: `done` of `steps` steps of descent, which draws and sweeps come before, at the loss just seen.

    `seconds_left` is None until there is a speed to reckon with.
    """

    stage: str
    done: int
    steps: int
    loss: float
    best: float
    seconds_left: float | None


Progress = Callable[[Moment], None]
"""Told after every batch of sounds and every step."""


class Workload:
    """The work that is left, at the speed of the work that was done.

    The first call of each kind does not count for the speed: it builds a kernel.
    """

    def __init__(self, total: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.done = 0.0
        self._clock = clock
        self._last = clock()
        self._timed, self._seconds = 0.0, 0.0
        self._kinds: set[tuple[str, int]] = set()

    def add(self, kind: str, rate: int, work: float) -> None:
        """`work` of a kind, at a sample rate in Hz, is done."""
        now = self._clock()
        if (kind, rate) in self._kinds:
            self._timed += work
            self._seconds += now - self._last
        self._kinds.add((kind, rate))
        self._last = now
        self.done += work

    @property
    def seconds_left(self) -> float | None:
        """None until a kind of work was done twice."""
        return max(0.0, self.total - self.done) * self._seconds / self._timed if self._timed else None

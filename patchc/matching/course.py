"""The course of a fit, descent by descent, and what its losses mean: shares of the way from the start to the floor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True)
class LossScale:
    """What losses at one sample rate mean, since those of two rates do not compare.

    `start` is the loss of the patch as it was, at the pitch and gate that it was told; `floor` is that of the match
    against itself with other noise, below which no fit comes: 0 in a patch without noise.
    """

    rate: int  # Hz
    start: float
    floor: float = 0.0

    def left(self, loss: float) -> float:
        """The share of the way from `start` to `floor` that is left: 1 at the start, more where it is worse."""
        way = self.start - self.floor
        return max(0.0, loss - self.floor) / way if way > 0 else float(loss > self.floor)


@dataclass
class Descent:
    """One stage: steps down `measure` from several settings, whose loss is then scored at `rate` Hz.

    `losses` are those after each step as they were last scored, `best` the best so far.
    """

    starts: int
    rate: int
    measure: str
    losses: list[float] = field(default_factory=list)
    best: list[float] = field(default_factory=list)


@dataclass
class Course:
    """What happened: the descents, and the best of the starting settings and the draws, `[1, width]`."""

    descents: list[Descent] = field(default_factory=list)
    drawn: Tensor | None = None

    @property
    def losses(self) -> tuple[float, ...]:
        """The loss after each step, at the rate that it was scored at."""
        return tuple(loss for one in self.descents for loss in one.losses)

    @property
    def best(self) -> tuple[float, ...]:
        """The best so far after each step, at the rate that it was scored at."""
        return tuple(loss for one in self.descents for loss in one.best)


@dataclass(frozen=True)
class Progression:
    """The losses of one descent as shares of the way from the start to the floor that are left."""

    descent: Descent
    losses: tuple[float, ...]
    best: tuple[float, ...]


def progressions(course: Course, scales: Iterable[LossScale]) -> Iterator[Progression]:
    """Every descent of at least one step on the one scale that all of them have."""
    of = {scale.rate: scale for scale in scales}
    for one in course.descents:
        if one.losses:
            left = of[one.rate].left
            yield Progression(one, tuple(map(left, one.losses)), tuple(map(left, one.best)))

"""The course of a fit: draws are screened, the best changed at random, then descended from."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from patchc.compiler.module import PatchModule
from patchc.matching.descent import descend
from patchc.matching.listen import Heard
from patchc.matching.objective import Objective, at_rate
from patchc.matching.search import TOGETHER, Pool, changed, drawn
from patchc.matching.space import Space

Progress = Callable[[int, int, float, float], None]
"""Told after each step: how many are done, of how many, the last loss, and the best so far."""

SEARCH_RATE = 24_000
"""Hz at which everything but the last steps is rendered, if the patch runs faster."""

_PARENTS = 8
_EVERY = 4  # steps between two scores, while what is descended is not what is scored
_BETTER = 0.9  # an octave beside the pitch found is taken if it brings the loss below this share
_GUIDES = (3.0, 1.5, 0.5)  # what transport counts: with choices blended, with choices made, at the end


@dataclass(frozen=True)
class Plan:
    """How much is done: draws screened, changes tried, starts descended from, and steps altogether."""

    draws: int = 128
    changes: int = 96
    starts: int = 4
    steps: int = 300
    rate: float = 0.15
    seed: int = 0
    seconds: float | None = None

    @property
    def shares(self) -> tuple[int, int, int]:
        """Steps with choices blended, with choices made, and at the full sample rate."""
        blended, last = round(0.4 * self.steps), round(0.2 * self.steps)
        return blended, self.steps - blended - last, last

    @property
    def total(self) -> int:
        """What progress counts up to."""
        return -(-(self.draws + 1) // TOGETHER) + 2 * -(-(self.changes // 2) // TOGETHER) + self.steps


class TimeIsUp(Exception):
    """The time budget is spent."""


@dataclass
class Course:
    """What happened: the loss after each step as last scored, the best so far, and the best of the draws."""

    losses: list[float] = field(default_factory=list)
    best: list[float] = field(default_factory=list)
    drawn: Tensor | None = None  # the best of the starting settings and the draws, `[1, width]`


class Fit:
    """One fit under way. Whatever stops it, `pool` holds the best settings so far, with every choice made."""

    def __init__(self, synth: PatchModule, heard: Heard, plan: Plan, on_progress: Progress | None) -> None:
        self.synth = synth
        self.heard = heard
        self.plan = plan
        self.course = Course()
        self.space = Space(synth.knobs, synth.defaults(), tuned=bool(heard.found_pitches))
        self.coarse = at_rate(synth, SEARCH_RATE)
        self.objective = Objective(self.coarse, heard, plan.seed)
        self.pool = self._new_pool()
        self._on_progress = on_progress
        self._done = 0
        self._until = time.monotonic() + plan.seconds if plan.seconds is not None else None

    def run(self) -> None:
        """The whole course. Raises `TimeIsUp` when the budget is spent, and lets `KeyboardInterrupt` through."""
        self._screen()
        self._try_octaves()
        self._vary()
        first, second, last = self.plan.shares
        self._sweep()
        self._descend(self.plan.starts, first, _GUIDES[0], self.plan.rate)
        self._sweep()
        self._descend(max(1, self.plan.starts // 2), second, _GUIDES[1], 0.5 * self.plan.rate)
        self._finish(last)

    # --- looking

    def _screen(self) -> None:
        for settings in drawn(self.space, self.coarse, self.plan.draws, self.plan.seed):
            self._try(settings)
        self.course.drawn = self.pool.best(1)

    def _vary(self) -> None:
        half = self.plan.changes // 2
        for settings in changed(self.space, self.coarse, self.pool, half, _PARENTS, self.plan.seed):
            self._try(settings)

    def _sweep(self) -> None:
        """Tries each number of the best over its whole range and each choice in all its forms, one after the other."""
        for knob in self.space.moving:
            places = self.space.alternatives(knob, self.objective.seconds)
            for some in places.split(TOGETHER):
                tried = self.pool.best(1).repeat(len(some), 1)
                tried[:, knob.columns] = some
                self._see(tried)

    def _try(self, settings: Tensor) -> None:
        self._tell(self._see(settings))

    def _see(self, settings: Tensor) -> float:
        losses = self.objective.score(settings)
        self.pool.see(settings, losses)
        return float(losses.min())

    def _try_octaves(self) -> None:
        """Takes the pitch an octave lower or higher where the best draws then fit clearly better."""
        if not self.heard.found_pitches:
            return
        some = self.pool.best(_PARENTS)
        for ratio in (0.5, 2.0):
            other = Objective(self.coarse, self.heard.transposed(ratio), self.plan.seed)
            losses = other.score(some)
            if float(losses.min()) < _BETTER * self.pool.loss:
                self.heard, self.objective = self.heard.transposed(ratio), other
                self.pool = self._new_pool()
                self.pool.see(some, losses)
                return

    # --- descending

    def _descend(self, starts: int, steps: int, guide: float, rate: float) -> None:
        """Steps from the best so far; choices stay as they were made, for a blend of them is no sound of the patch."""
        start = self.pool.best(starts)
        held = self.space.hardened(start)
        for settings in descend(self.space, lambda s: self.objective.rough(s, guide), start, held, steps, rate):
            self._log(settings, _EVERY)

    def _finish(self, steps: int) -> None:
        """The last steps: of what is scored itself, at the full sample rate, from what is best there."""
        if self.coarse is not self.synth:
            few = self.pool.best(_PARENTS)
            self.objective = Objective(self.synth, self.heard, self.plan.seed)
            self.pool = self._new_pool()
            self._see(few)
        start = self.pool.best(1)
        held, rate = self.space.hardened(start), 0.25 * self.plan.rate
        path = descend(self.space, lambda s: self.objective.fine(s, _GUIDES[2]), start, held, steps, rate)
        for settings in path:
            self._log(settings, 1)

    # --- keeping track

    def _new_pool(self) -> Pool:
        return Pool(4 * _PARENTS, self.space.start)

    def _log(self, settings: Tensor, every: int) -> None:
        scored = len(self.course.losses) % every == 0
        self.course.losses.append(self._see(settings) if scored else self.course.losses[-1])
        self.course.best.append(self.pool.loss)
        self._tell(self.course.losses[-1])

    def _tell(self, loss: float) -> None:
        self._done += 1
        if self._on_progress is not None:
            self._on_progress(self._done, self.plan.total, loss, self.pool.loss)
        if self._until is not None and time.monotonic() > self._until:
            raise TimeIsUp

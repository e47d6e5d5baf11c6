"""The course of a fit: draws are screened, the best of them crossed, swept knob by knob, and descended from."""

from __future__ import annotations

import time
from dataclasses import dataclass

from torch import Tensor

from patchc.compiler.module import PatchModule
from patchc.matching.analysis import Analysis
from patchc.matching.course import Course, Descent
from patchc.matching.descent import descend
from patchc.matching.objective import Objective, at_rate
from patchc.matching.search import TOGETHER, Pool, crossed, drawn, swept
from patchc.matching.space import Space
from patchc.matching.workload import GRADIENT, Moment, Progress, Workload

SEARCH_RATE = 16_000
"""Hz at which everything but the last steps is rendered, if the patch runs faster."""

STEPS = 300
"""Steps of descent unless a caller says otherwise."""

ROUGH = "spectral transport and spectra of two windows"
"""What is descended at first, in words."""

FINE = "the loss itself and spectral transport"
"""What is descended in the last steps, in words."""

_EVERY = 4  # steps between two scores, while what is descended is not what is scored
_BETTER = 0.9  # another pitch than the one found is taken if it brings the loss below this share
_GUIDES = (3.0, 1.5, 0.5)  # what transport counts in the first, the second and the last descent
_RATES = (1.0, 0.5, 0.25)  # how far their first step goes


@dataclass(frozen=True)
class Plan:
    """How much is done: draws screened, children of the best, starts descended from, and steps altogether."""

    draws: int = 128
    children: int = 192
    starts: int = 4
    steps: int = STEPS
    rate: float = 0.15
    seed: int = 0
    seconds: float | None = None

    @property
    def shares(self) -> tuple[int, int, int]:
        """Steps from several starts, from half as many, and from the best at the full sample rate."""
        first, last = round(0.35 * self.steps), round(0.25 * self.steps)
        return first, self.steps - first - last, last

    def work(self, alternatives: int, faster: float, pitches: int = 1) -> float:
        """Sounds rendered altogether: a sweep tries `alternatives`, draws are made at so many `pitches`.

        The last rate is `faster` than that of the search by a factor.
        """
        first, second, last = self.shares
        descents = first * self.starts + second * max(1, self.starts // 2) + faster * last
        search = (
            pitches * (self.draws + 1) + self.children + 2 * alternatives + (faster * alternatives if faster > 1 else 0)
        )
        return search + GRADIENT * descents


class TimeIsUp(Exception):
    """The time budget is spent."""


class Fit:
    """One fit under way. Whatever stops it, `pool` holds the best settings so far, with every choice made."""

    def __init__(
        self, synth: PatchModule, analysis: Analysis, space: Space, plan: Plan, on_progress: Progress | None
    ) -> None:
        self.synth = synth
        self.analysis = analysis
        self.plan = plan
        self.course = Course()
        self.space = space
        self.coarse = at_rate(synth, SEARCH_RATE)
        self.objective = Objective(self.coarse, analysis, plan.seed)
        self.pool = self._new_pool()
        self._on_progress = on_progress
        alternatives = sum(len(space.alternatives(knob, self.objective.seconds)) for knob in space.moving)
        self._workload = Workload(
            plan.work(alternatives, synth.sample_rate / self.coarse.sample_rate, 1 + len(analysis.candidates))
        )
        self._until = time.monotonic() + plan.seconds if plan.seconds is not None else None

    def run(self) -> None:
        """The whole course. Raises `TimeIsUp` when the budget is spent, and lets `KeyboardInterrupt` through."""
        first, second, last = self.plan.shares
        self._screen()
        self._cross()
        self._sweep()
        self._descend(self.plan.starts, first, _GUIDES[0], _RATES[0] * self.plan.rate)
        self._sweep()
        self._descend(max(1, self.plan.starts // 2), second, _GUIDES[1], _RATES[1] * self.plan.rate)
        self._finish(last)

    # --- looking

    def _screen(self) -> None:
        """Draws at the pitch found, and at each that it may be instead: one is taken where they fit clearly better."""
        self._draw()
        for analysis in self._other_pitches():
            found = self.analysis, self.objective, self.pool
            self.analysis, self.objective = analysis, Objective(self.coarse, analysis, self.plan.seed)
            self.pool = self._new_pool()
            try:
                self._draw()
            finally:  # also where it is stopped here
                if not self.pool.loss < _BETTER * found[2].loss:
                    self.analysis, self.objective, self.pool = found
        self.course.drawn = self.pool.best(1)

    def _draw(self) -> None:
        for settings in drawn(self.space, self.coarse, self.plan.draws, self.plan.seed):
            self._looked("draws", settings)

    def _other_pitches(self) -> list[Analysis]:
        at = self.analysis
        return [at.transposed(hz / now) for now in at.estimated_pitches.values() for hz in at.candidates]

    def _cross(self) -> None:
        half = self.plan.children // 2
        for settings in crossed(self.space, self.coarse, self.pool, half, self.plan.seed):
            self._looked("crossings", settings)

    def _sweep(self) -> None:
        for settings in swept(self.space, self.pool, self.objective.seconds):
            self._looked("sweep", settings)

    def _looked(self, stage: str, settings: Tensor) -> None:
        loss = self._see(settings)
        self._tell(stage, "score", len(settings), loss)

    # --- descending

    def _descend(self, starts: int, steps: int, guide: float, rate: float) -> None:
        """Roughly, from the best that differ; scored now and then."""
        start = self.pool.apart(starts)
        self._begin(len(start), ROUGH)
        for settings in descend(self.space, lambda s: self.objective.rough(s, guide), start, steps, rate):
            self._log(settings, _EVERY)

    def _finish(self, steps: int) -> None:
        """The last steps: of what is scored itself, at the full sample rate, from what is best there."""
        if self.coarse is not self.synth:
            few = self.pool.best(TOGETHER)
            self.objective = Objective(self.synth, self.analysis, self.plan.seed)
            self.pool = self._new_pool()
            self._see(few)
            self._sweep()  # filters differ near the Nyquist limit, so that a cutoff found at another rate is off
        self._begin(1, FINE)
        rate = _RATES[2] * self.plan.rate
        for settings in descend(self.space, self._fine, self.pool.best(1), steps, rate):
            self._log(settings, 1)

    def _fine(self, settings: Tensor) -> Tensor:
        return self.objective.fine(settings, _GUIDES[2])

    # --- keeping track

    def _new_pool(self) -> Pool:
        return Pool(2 * TOGETHER, self.space.start)

    def _see(self, settings: Tensor) -> float:
        """Scores `[batch, width]`, keeps the best of them, and gives the least loss."""
        losses = self.objective.score(settings)
        self.pool.see(settings, losses)
        return float(losses.min())

    def _begin(self, starts: int, measure: str) -> None:
        self.course.descents.append(Descent(starts, self.objective.synth.sample_rate, measure))

    def _log(self, settings: Tensor, every: int) -> None:
        now = self.course.descents[-1]
        scored = len(now.losses) % every == 0
        now.losses.append(self._see(settings) if scored else now.losses[-1])
        now.best.append(self.pool.loss)
        self._tell("descent", now.measure, len(settings) * GRADIENT, now.losses[-1])

    def _tell(self, stage: str, kind: str, sounds: float, loss: float) -> None:
        rate = self.objective.synth.sample_rate
        self._workload.add(kind, rate, sounds * rate / self.coarse.sample_rate)
        if self._on_progress is not None:
            done, left = len(self.course.losses), self._workload.seconds_left
            self._on_progress(Moment(stage, done, self.plan.steps, loss, self.pool.loss, left))
        self._keep_time()

    def _keep_time(self) -> None:
        if self._until is not None and time.monotonic() > self._until:
            raise TimeIsUp

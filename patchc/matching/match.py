"""`match`: fits one patch to one recording, and says what it found."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from patchc.compiler.module import PatchModule
from patchc.compiler.sound import Sound
from patchc.matching.fit import STEPS, Fit, Plan, Progress, TimeIsUp
from patchc.matching.level import Levelled, to_level
from patchc.matching.listen import Heard, listen
from patchc.matching.objective import Objective
from patchc.matching.space import moves
from patchc.matching.target import Target, read_target
from patchc.matching.values import FoundValue, found_values
from patchc.source.codes.learning import NothingLearnable
from patchc.source.error import PatchError
from patchc.units.unit import BASE_UNIT

_PLAYED = "# played with:"  # begins the comment that a written patch ends with


@dataclass(frozen=True)
class Match:
    """What a fit found, and how it went.

    `loss` and `terms` are those of the patch's outputs (weighted), at the patch's sample rate; `drawn_loss` is that of
    `drawn`, the best of the settings it started from and those it drew. `history` is the loss after each step as it
    was last scored, `best` the best so far, both at the rate the step was made at.
    """

    synth: PatchModule
    target: Target
    heard: Heard
    settings: Tensor  # [1, width]
    sound: Sound
    loss: float
    terms: Mapping[str, float]
    drawn: Tensor  # [1, width]
    drawn_loss: float
    history: tuple[float, ...]
    best: tuple[float, ...]
    plan: Plan
    took: float  # seconds
    level: Levelled
    full_rate_from: int = 0  # the step from which on `history` is at the rate of the patch; before, it was at 16 kHz
    interrupted: bool = False
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The patch with the found values written in, and the pitch it was matched at as the default of its input.

        A gate has no default in a patch: the line that plays the match, `playing`, is a comment at the end.
        """
        text = self.synth.text(self.settings, pitches=self.heard.pitches)
        kept = "".join(line for line in text.splitlines(keepends=True) if not line.startswith(_PLAYED))
        return f"{kept.rstrip()}\n\n{_PLAYED} {self.playing}\n" if self.playing else text

    @property
    def playing(self) -> str:
        """The options of `patchc render` that play the match: its inputs and length; empty without inputs."""
        words = [f"{name}={hz!r}Hz" for name, hz in self.heard.pitches.items()]
        words += [f"{name}={note.on!r}s..{note.off!r}s" for name, note in self.heard.gates.items()]
        units = {item.name: BASE_UNIT[item.value.dimension] for item in self.synth.graph.inputs if item.value}
        given = {name: value for name, value in self.heard.given.items() if isinstance(value, float | int)}
        words += [f"{name}={value!r}{units[name]}" for name, value in given.items() if name in units]
        rate = "" if self.synth.sample_rate == 48_000 else f" --rate {self.synth.sample_rate}"
        return f"--set {' '.join(words)} --seconds {self.target.seconds!r}{rate}" if words else ""

    @property
    def values(self) -> tuple[FoundValue, ...]:
        """What was fitted, in the units of the patch."""
        return found_values(self.synth.knobs, self.settings, self.synth.defaults())

    @property
    def inputs(self) -> dict[str, Any]:
        """What the inputs of the patch were told: hand it to the module to hear the match again."""
        return self.heard.inputs(self.synth)

    def report(self) -> str:
        """A self-contained HTML page about the match."""
        from patchc.matching.report import report

        return report(self)


def match(
    synth: PatchModule,
    target: str | Path | Tensor,
    *,
    pitch: float | None = None,
    gate: float | tuple[float, float] | None = None,
    inputs: Mapping[str, Any] | None = None,
    seconds: float | None = None,
    steps: int = STEPS,
    starts: int = 4,
    draws: int = 128,
    children: int = 192,
    rate: float = 0.15,
    seed: int = 0,
    on_progress: Progress | None = None,
    time_budget: float | None = None,
) -> Match:
    """Fits everything in a patch that is `learn`, `predict` or `maybe` to a recording.

    `target` is a file, or a tensor `[samples]` at the patch's sample rate. `pitch` in Hz and `gate` (note-off, or
    note-on and note-off, in seconds) are estimated where the patch has such inputs and they are not given;
    `inputs` go to other inputs by name. `draws` settings from the priors are screened, `children` of the best of them
    tried, the best `starts` descended from, in `steps` steps, the first of which moves a number in the middle of its
    range by a quarter of `rate` times that range. The same `seed` gives the same match, unless the `time_budget`
    (seconds) ends it. Ctrl-C ends it with the best so far.

    Raises `PatchError` for a recording that cannot be used, and where nothing in the patch may change (P501).
    """
    began = time.monotonic()
    if not any(moves(knob) for knob in synth.knobs):
        raise PatchError([NothingLearnable(span=None, patch=synth.graph.name)])
    plan = Plan(draws, children, starts, steps, rate, seed, time_budget)
    recording = read_target(target, synth.sample_rate, seconds)
    heard = listen(synth.graph, recording, pitch=pitch, gate=gate, given=inputs)
    fit = Fit(synth, heard, plan, on_progress)
    interrupted, notes = False, (*recording.notes, *heard.notes)
    try:
        fit.run()
    except KeyboardInterrupt:
        interrupted, notes = True, (*notes, "stopped early by hand: this is the best so far")
    except TimeIsUp:
        notes = (*notes, f"stopped when {time_budget:g} s were over: this is the best so far")
    return _result(synth, recording, fit, plan, began, interrupted, notes)


def _result(
    synth: PatchModule, target: Target, fit: Fit, plan: Plan, began: float, interrupted: bool, notes: tuple[str, ...]
) -> Match:
    objective = Objective(synth, fit.heard, plan.seed)
    drawn = fit.space.start if fit.course.drawn is None else fit.course.drawn
    few = torch.cat([fit.pool.best(4), drawn])
    losses = objective.score(few)
    best = few[int(losses.argmin())][None]
    level = _levelled(objective, best)
    best = level.settings
    with torch.no_grad():
        sound = objective.sound(best)
    notes = (*notes, level.remark) if level.remark else notes
    return Match(
        synth=synth,
        target=target,
        heard=objective.retuned(best),
        settings=best[:, : synth.width],
        sound=sound,
        loss=float(objective.score(best)[0]),
        terms=objective.terms(best),
        drawn=drawn[:, : synth.width],
        drawn_loss=float(losses[-1]),
        history=tuple(fit.course.losses),
        best=tuple(fit.course.best),
        plan=plan,
        took=time.monotonic() - began,
        level=level,
        full_rate_from=fit.course.full_rate_from or len(fit.course.losses),
        interrupted=interrupted,
        notes=notes,
    )


def _levelled(objective: Objective, settings: Tensor) -> Levelled:
    """`settings` as loud as the target, as far as the patch's levels reach."""

    def render(some: Tensor) -> Tensor:
        with torch.no_grad():
            return objective.sound(some).audio

    return to_level(render, objective.target, settings, tuple(objective.synth.knobs))

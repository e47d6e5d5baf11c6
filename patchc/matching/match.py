"""`match`: fits one patch to one recording, and says what it found."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.knobs import Knob
from patchc.compiler.module import PatchModule
from patchc.compiler.sound import Sound
from patchc.matching.analysis import Analysis, analyse
from patchc.matching.contrast import contrasts, has_noise
from patchc.matching.course import Course, LossScale, Progression, progressions
from patchc.matching.effect import without_effect
from patchc.matching.finish import finished
from patchc.matching.fit import STEPS, Fit, Plan, TimeIsUp
from patchc.matching.level import Levelled
from patchc.matching.limits import AtLimit, at_limits
from patchc.matching.objective import Objective
from patchc.matching.playing import PLAYED, playing, unsaid
from patchc.matching.space import Space, moves
from patchc.matching.target import Target, read_target
from patchc.matching.values import FoundValue, found_values
from patchc.matching.workload import Progress
from patchc.media.recordings import read_recordings
from patchc.source.codes.learning import NothingLearnable
from patchc.source.error import PatchError

_SAME = 1e-3
"""A share of the loss by which two sounds are as near to the target as each other."""


@dataclass(frozen=True)
class Match:
    """What a fit found, and how it went.

    `synth` is the patch as it was found, whose `text` starts from `settings`; `sound` is what that text plays. `loss`
    and `terms` are those of its outputs (weighted), at the patch's sample rate; `drawn_loss` is that of `drawn`, the
    best of the settings it started from and those it drew, at the level of the target. `course` is what happened step
    by step, and `scales` say what its losses mean, for each rate that they were scored at. `limits` are the numbers at
    an end of their range, `idle` those that change nothing, `contrasts` what the target does and the match does not.
    """

    synth: PatchModule
    target: Target
    analysis: Analysis
    text: str
    settings: Tensor  # [1, width]
    before: Tensor  # [1, width]: where the patch started
    sound: Sound
    loss: float
    terms: Mapping[str, float]
    drawn: Tensor  # [1, width]
    drawn_loss: float
    course: Course
    scales: tuple[LossScale, ...]
    plan: Plan
    took: float  # seconds
    level: Levelled
    limits: tuple[AtLimit, ...] = ()
    idle: tuple[str, ...] = ()
    contrasts: tuple[str, ...] = ()
    interrupted: bool = False
    notes: tuple[str, ...] = ()

    @property
    def history(self) -> tuple[float, ...]:
        """The loss after each step as it was last scored, at the rate the step was made at."""
        return self.course.losses

    @property
    def progressions(self) -> tuple[Progression, ...]:
        """The losses of each descent as shares of the way from the start to the floor that are left."""
        return tuple(progressions(self.course, self.scales))

    @property
    def scale(self) -> LossScale:
        """What `loss` means."""
        return self.scales[-1]

    @property
    def playing(self) -> str:
        """The options of `patchc render` that play the match: its inputs, length, rate and seed."""
        return playing(self.synth, self.analysis, self.plan.seed)

    @property
    def values(self) -> tuple[FoundValue, ...]:
        """What was fitted, in the units of the patch."""
        return found_values(self.synth.knobs, self.settings, self.before)

    @property
    def inputs(self) -> dict[str, Any]:
        """What the inputs of the patch were told: hand it to the module to hear the match again."""
        return self.analysis.inputs(self.synth)

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

    `target` is a file, or a tensor `[samples]` or `[channels, samples]` at the patch's sample rate; as many channels as
    the patch has outputs are compared one with the other. `pitch` in Hz and `gate` (note-off, or note-on and note-off,
    in seconds) are estimated where the patch has such inputs and they are not given; `inputs` go to other inputs and to
    numbers by name, which then stay: audio inputs take a file or `[channels, samples]`. `draws` settings from the
    priors are screened, `children` of the best of them tried, the best `starts` descended from, in `steps` steps, the
    first of which moves a number in the middle of its range by a quarter of `rate` times that range. The same `seed`
    gives the same match, unless the `time_budget` (seconds) ends it. Ctrl-C ends it with the best so far.

    Sounds are compared at the level of the target. The levels of the patch are set in the end, and where they do not
    reach, a gain is written behind those of its outputs, and said.

    Raises `PatchError` for a recording that cannot be used, and where nothing in the patch may change (P501).
    """
    began = time.monotonic()
    plan = Plan(draws, children, starts, steps, rate, seed, time_budget)
    given = _Given.of(synth, inputs or {})
    if not any(moves(knob) and knob.name not in given.numbers for knob in synth.knobs):
        raise PatchError([NothingLearnable(span=None, patch=synth.graph.name)])
    recordings = read_recordings(synth, given.sounds)
    outputs = [output.name for output in synth.graph.outputs]
    channels = recordings.channels if len(outputs) < 2 else len(outputs)
    recording = read_target(target, synth.sample_rate, seconds, outputs, channels)
    analysis = analyse(
        synth, recording, pitch=pitch, gate=gate, given=given.inputs, recordings=recordings, files=given.files
    )
    start = synth.positions(given.numbers).clamp(0.0, 1.0)
    space = Space(synth.knobs, start, tuned=bool(analysis.estimated_pitches), fixed=given.numbers)
    fit = Fit(synth, analysis, space, plan, on_progress)
    mixed = (warning.message for warning in recordings.warnings)
    interrupted, notes = False, (*recording.notes, *mixed, *analysis.notes)
    try:
        fit.run()
    except KeyboardInterrupt:
        interrupted, notes = True, (*notes, "stopped early by hand: this is the best so far")
    except TimeIsUp:
        notes = (*notes, f"stopped when {time_budget:g} s were over: this is the best so far")
    return _result(fit, began, interrupted, notes)


@dataclass(frozen=True)
class _Given:
    """What a caller gave by name: values of inputs, recordings for audio inputs, numbers of the patch that stay."""

    inputs: dict[str, Any]
    sounds: dict[str, Any]
    numbers: dict[str, Any]

    @classmethod
    def of(cls, synth: PatchModule, given: Mapping[str, Any]) -> _Given:
        audio = {item.name for item in synth.inputs if item.kind is Kind.AUDIO}
        knobs = {knob.name for knob in synth.knobs}
        sounds = {name: value for name, value in given.items() if name in audio}
        numbers = {name: value for name, value in given.items() if name in knobs}
        rest = {name: value for name, value in given.items() if name not in sounds and name not in numbers}
        return cls(rest, sounds, numbers)

    @property
    def files(self) -> dict[str, str]:
        """Recordings that are files."""
        return {name: str(sound) for name, sound in self.sounds.items() if not isinstance(sound, Tensor)}


def _result(fit: Fit, began: float, interrupted: bool, notes: tuple[str, ...]) -> Match:
    synth, space, course = fit.synth, fit.space, fit.course
    objective = Objective(synth, fit.analysis, fit.plan.seed)
    drawn = space.start if course.drawn is None else course.drawn
    few = torch.cat([fit.pool.best(4), drawn])
    losses = objective.score(few)
    best = few[int(losses.argmin())][None]
    moving = [knob for knob in synth.knobs if knob in space.moving]
    idle = tuple(without_effect(objective.rendered, best, moving))
    best = _kept(objective, best, space.start, [knob for knob in moving if knob.name in idle])
    end = finished(objective, best, space.moving)
    missing = unsaid(end.synth, end.analysis)
    if missing:
        said = ", ".join(f"`{name}`" for name in missing)
        notes = (*notes, f"no option of `patchc render` says {said} as it was matched: what it plays differs")
    return Match(
        synth=end.synth,
        target=end.analysis.target,
        analysis=end.analysis,
        text=_with_line(end.text, playing(end.synth, end.analysis, fit.plan.seed)),
        settings=end.settings,
        before=space.start[:, : synth.width],
        sound=end.sound,
        loss=sum(end.terms.values()),
        terms=end.terms,
        drawn=drawn[:, : synth.width],
        drawn_loss=float(losses[-1]),
        course=course,
        scales=tuple(_scales(fit, objective, best)),
        plan=fit.plan,
        took=time.monotonic() - began,
        level=end.level,
        limits=tuple(at_limits(end.synth, moving, end.settings, idle)),
        idle=idle,
        contrasts=tuple(contrasts(end.analysis.target.mono, end.mono, synth.sample_rate, has_noise(synth.graph))),
        interrupted=interrupted,
        notes=(*notes, end.level.remark) if end.level.remark else notes,
    )


def _kept(objective: Objective, found: Tensor, start: Tensor, idle: Iterable[Knob]) -> Tensor:
    """`found` with what changed nothing as the patch has it, unless all of that together does change something."""
    kept = found.clone()
    for knob in idle:
        kept[:, knob.columns] = start[:, knob.columns]
    before, after = objective.score(torch.cat([found, kept])).tolist()
    return kept if after <= before * (1 + _SAME) else found


def _scales(fit: Fit, objective: Objective, found: Tensor) -> Iterator[LossScale]:
    """What losses mean at the rate of the search, and at that of the patch."""
    if fit.coarse is not fit.synth:
        yield Objective(fit.coarse, fit.analysis, fit.plan.seed).scale(fit.space.start, found)
    yield objective.scale(fit.space.start, found)


def _with_line(text: str, line: str) -> str:
    """A patch with the line that plays it as the last comment."""
    kept = "".join(part for part in text.splitlines(keepends=True) if not part.startswith(PLAYED))
    return f"{kept.rstrip()}\n\n{PLAYED} {line}\n"

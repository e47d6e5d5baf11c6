"""The level of a match in closed form: the level knobs are put where the sound is as loud as its target."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from patchc.compiler.knobs import Knob
from patchc.compiler.settings import natural, position
from patchc.matching.space import is_picked, moves
from patchc.units.domain import Range
from patchc.units.unit import Dimension

CLOSE_DB = 0.05
"""Levels that differ by less count as equal."""

_ROUNDS = 8
_PROBE_DB = 1.0
_LARGEST_STEP_DB = 30.0
_RIDGE = 1e-6  # shares a gain evenly among knobs that do the same
_MOST_GAIN = 1e5
_NEPER = math.log(10) / 20  # nepers in a decibel


@dataclass(frozen=True)
class Levelled:
    """Settings `[1, width]`, the RMS level in dBFS of target and match over all channels, what was moved, a remark."""

    settings: Tensor
    target_db: float
    match_db: float
    knobs: tuple[str, ...]
    at_limit: tuple[str, ...] = ()
    output_gain_db: float = 0.0  # on the outputs of the patch, already in `match_db`
    pure: bool = True  # whether the knobs change the level alone, so that they were moved

    @property
    def gap(self) -> float:
        """By how many decibels the match is softer than the target."""
        return self.target_db - self.match_db

    @property
    def remark(self) -> str | None:
        """What was written on the outputs, or why the levels differ; None where they agree within a decibel."""
        if self.output_gain_db:
            return f"{self._reason}: an output gain of {self.output_gain_db:+.2f} dB was written"
        return None if abs(self.gap) < 1.0 else self._reason

    @property
    def _reason(self) -> str:
        gap = self.gap + self.output_gain_db
        apart = f"the match is {abs(gap):.1f} dB {'softer' if gap > 0 else 'louder'} than the target"
        if not self.knobs:
            return f"{apart}: no number of the patch that may change is a level"
        if not self.pure:
            return f"{apart}: {', '.join(f'`{name}`' for name in self.knobs)} would change more than its level"
        if self.at_limit:
            return f"{apart}: {', '.join(f'`{name}`' for name in self.at_limit)} at the end of the range"
        return f"{apart}: {', '.join(f'`{name}`' for name in self.knobs)} cannot bring it nearer"


def rms_db(audio: Tensor) -> float:
    """The RMS level in dBFS of `[..., samples]` without constant offsets; a full-scale sine has -3 dB."""
    return 20 * math.log10(max(float(rms(audio.double()[None])), 1e-10))


def rms(audio: Tensor) -> Tensor:
    """The RMS amplitude of each of `[batch, ..., samples]` over all its channels, without offsets, `[batch]`."""
    centred = audio - audio.mean(-1, keepdim=True)
    return centred.square().flatten(1).mean(-1).clamp(min=1e-20).sqrt()


def at_level(audio: Tensor, wanted: Tensor) -> Tensor:
    """`[batch, ..., samples]`, each multiplied so that its RMS amplitude is `wanted` `[1]`, one gain for all channels.

    What is softer by more than 100 dB becomes louder by 100 dB: of silence nothing can be made.
    """
    gain = wanted / torch.maximum(rms(audio), wanted / _MOST_GAIN)
    return audio * gain.reshape(-1, *[1] * (audio.ndim - 1))


def level_knobs(knobs: tuple[Knob, ...]) -> tuple[Knob, ...]:
    """The numbers in decibels that a fit may move."""
    return tuple(k for k in knobs if moves(k) and not is_picked(k) and not k.vector and _is_level(k))


def _is_level(knob: Knob) -> bool:
    return knob.dimension is Dimension.LEVEL and isinstance(knob.domain, Range)


def to_level(render: Callable[[Tensor], Tensor], target: Tensor, settings: Tensor, knobs: tuple[Knob, ...]) -> Levelled:
    """Moves the level knobs from `settings` `[1, width]` so that what `render` gives is as loud as `target`.

    `render` takes `[batch, width]` to `[batch, samples]` or `[batch, channels, samples]`. A step is the change of the
    knobs that comes nearest, by least squares over the samples, to the sound itself multiplied: exact where levels
    multiply, as those of gains and mixers do; where they do not, before a shaper say, it is done again.
    """
    wanted, movable = rms_db(target), level_knobs(knobs)
    best, best_db = settings, rms_db(render(settings)[0])
    for _ in range(_ROUNDS):
        if not movable or abs(wanted - best_db) < CLOSE_DB:
            break
        tried = _moved(best, movable, _change(render, best, movable, wanted - best_db))
        tried_db = rms_db(render(tried)[0])
        if not abs(wanted - tried_db) < abs(wanted - best_db):
            break
        best, best_db = tried, tried_db
    changed = tuple(k.name for k in movable)
    ends = tuple(k.name for k in movable if _at_end(best[0, k.columns], wanted > best_db))
    return Levelled(best, wanted, best_db, changed, ends)


def _at_end(place: Tensor, upper: bool) -> bool:
    return float(place) > 1 - 1e-6 if upper else float(place) < 1e-6


def _change(render: Callable[[Tensor], Tensor], here: Tensor, knobs: tuple[Knob, ...], gap: float) -> Tensor:
    """How many decibels each of `knobs` goes, `[knobs]`, for the sound to become louder by `gap` dB."""
    rows = [_moved(here, knobs, sign * _PROBE_DB * row) for row in torch.eye(len(knobs)) for sign in (1, -1)]
    sounds = render(torch.cat([here, *rows])).double().flatten(1)
    up, down = sounds[1::2], sounds[2::2]
    spans = torch.tensor([_span(here, *pair, knob) for pair, knob in zip(_pairs(rows), knobs, strict=True)])
    rates = (up - down) / spans.double().to(sounds).clamp(min=1e-6)[:, None]
    normal, wanted = rates @ rates.T, rates @ (_NEPER * sounds[0])
    ridge = _RIDGE * float(normal.trace()) + 1e-30
    share = torch.linalg.solve(normal + ridge * torch.eye(len(knobs)).to(normal), wanted)
    gained = float((share @ rates) @ sounds[0]) / (_NEPER * float(sounds[0].square().sum()) + 1e-30)
    if gained < 0.02:
        return torch.zeros(len(knobs))
    step = max(-_LARGEST_STEP_DB, min(_LARGEST_STEP_DB, gap / gained))
    change: Tensor = (step * share).float()
    return change


def _pairs(rows: list[Tensor]) -> list[tuple[Tensor, Tensor]]:
    return list(zip(rows[::2], rows[1::2], strict=True))


def _span(here: Tensor, up: Tensor, down: Tensor, knob: Knob) -> float:
    """What the difference of the sounds at two settings of a knob is divided by, for its derivative per decibel.

    A level multiplies, so that this is exact however unevenly an end of the range has held the two.
    """
    middle, above, below = (float(natural(knob, at[0, knob.columns].double())) for at in (here, up, down))
    return (math.exp(_NEPER * (above - middle)) - math.exp(_NEPER * (below - middle))) / _NEPER


def _moved(settings: Tensor, knobs: tuple[Knob, ...], change: Tensor) -> Tensor:
    """`settings` `[1, width]` with `change` `[knobs]` in dB added, within the ranges."""
    moved = settings.clone()
    for knob, by in zip(knobs, change.tolist(), strict=True):
        value = natural(knob, settings[:, knob.columns].double()) + by
        moved[:, knob.columns] = position(knob, value).clamp(0.0, 1.0).to(moved)
    return moved

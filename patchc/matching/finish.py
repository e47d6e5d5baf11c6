"""The end of a fit: the level is set, the patch written, and the sound is that of the patch as it is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from patchc.compiler.knobs import Knob
from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.compiler.sound import Sound
from patchc.graph.load import load_graph
from patchc.graph.model import Graph
from patchc.graph.output_gain import takes_output_gain, with_output_gain
from patchc.matching.analysis import Analysis
from patchc.matching.level import Levelled, rms_db, to_level
from patchc.matching.objective import Objective
from patchc.source.error import PatchError
from patchc.source.text import Source

INAUDIBLE_DB = 0.3
"""Levels that differ by less are left as they are: a third of what a listener can tell apart."""
_MOST_GAIN_DB = 100.0  # a match that is softer by more is left alone: it is as good as silent
_WORSE = (0.02, 0.005)  # by which share of the loss, and by how much, moved levels may make it larger


@dataclass(frozen=True)
class Finished:
    """The patch as it is written, compiled, and its sound; `settings` `[1, width]` are those that it starts from."""

    synth: PatchModule
    text: str
    settings: Tensor
    sound: Sound
    level: Levelled
    analysis: Analysis
    terms: dict[str, float]
    objective: Objective  # of the written patch

    @property
    def mono(self) -> Tensor:
        """Its sound, `[samples]`: the mean of the channels."""
        return self.sound.audio[0].reshape(-1, self.sound.audio.shape[-1]).mean(0)


def finished(objective: Objective, settings: Tensor, moving: tuple[Knob, ...]) -> Finished:
    """The patch of `objective` written with `settings` `[1, width]`, as loud as its target; `moving` may change."""
    level = _levelled(objective, settings, moving)
    analysis = objective.tuned(level.settings).rounded
    synth, text = written(objective.synth, level, analysis)
    again = Objective(synth, analysis, objective.seed)
    with torch.no_grad():
        sound = again.sound(synth.defaults())
    level = replace(level, match_db=rms_db(sound.audio[0]))
    return Finished(synth, text, synth.defaults(), sound, level, analysis, again.terms(sound.audio), again)


def _levelled(objective: Objective, settings: Tensor, moving: tuple[Knob, ...]) -> Levelled:
    """`settings` as loud as the target, by the patch's own levels as far as they reach, else by a gain on its outputs.

    Levels that change what the sound is like, such as one of two oscillators, are not moved for the sake of loudness.
    """

    def render(some: Tensor) -> Tensor:
        with torch.no_grad():
            return objective.sound(some).audio

    moved = to_level(render, objective.target, settings, moving)
    before, after = objective.score(torch.cat([settings, moved.settings])).tolist()
    alike = after <= before + max(_WORSE[0] * before, _WORSE[1])
    if (alike and abs(moved.gap) <= INAUDIBLE_DB) or not takes_output_gain(objective.synth.graph):
        return moved
    if not alike:
        moved = replace(moved, settings=settings, match_db=rms_db(render(settings)[0]), at_limit=(), pure=False)
    gain = round(moved.gap, 2)
    if not INAUDIBLE_DB < abs(gain) <= _MOST_GAIN_DB:
        return moved
    return replace(moved, match_db=moved.match_db + gain, output_gain_db=gain)


def written(synth: PatchModule, level: Levelled, analysis: Analysis) -> tuple[PatchModule, str]:
    """The text of a patch at the settings of `level`, with its output gain, and the module that it makes."""
    text = synth.text(level.settings[:, : synth.width], pitches=analysis.pitches)
    source = Source(synth.source.name if synth.source else f"{synth.graph.name}.patch", text)
    graph = _loaded(source, synth.graph.name)
    if level.output_gain_db:
        source = replace(source, text=with_output_gain(source, graph, level.output_gain_db))
        graph = _loaded(source, graph.name)
    like = synth.defaults()
    module = compile_graph(
        graph,
        source,
        sample_rate=synth.sample_rate,
        control_rate=synth.control_rate,
        dtype=like.dtype,
        memory_limit=synth.memory_limit,
        executor=synth.executor,
    )
    return module.to(like.device), source.text


def _loaded(source: Source, patch: str) -> Graph:
    graph, diagnostics = load_graph(source, patch=patch, root=Path(source.name).parent)
    if graph is None:
        raise PatchError(diagnostics)
    return graph

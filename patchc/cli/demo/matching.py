"""Matches for the page: a recording, a patch, where the fit began, what it found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from patchc.cli.demo.build import mono
from patchc.cli.demo.highlight import highlighted
from patchc.cli.demo.knobs import knob_rows
from patchc.cli.demo.page import Matched
from patchc.cli.demo.signals import Signal, audio_signal
from patchc.cli.files import folder, write
from patchc.cli.loading import graph_of, source_of
from patchc.compiler.load import compile_graph
from patchc.matching.match import Match, match
from patchc.source.text import Source

RATE = 48_000
DRAWS, CHILDREN, STARTS, STEPS = 64, 32, 2, 180


@dataclass(frozen=True)
class Recording:
    """A recording of examples/targets, and the patch of a file of examples/ that matches it."""

    id: str
    title: str
    doc: str
    file: str
    patch_file: str
    patch: str | None = None


MATCHES = (
    Recording(
        "matched_moog",
        "Matched: a ladder filter",
        "A sawtooth through a Moog ladder, rendered by Csound, matched by the subtractive example.",
        "csound_moogladder.wav",
        "subtractive.patch",
    ),
    Recording(
        "matched_trumpet",
        "Matched: a trumpet",
        "A sampled trumpet, played by FluidSynth, matched by the FM brass example.",
        "gm056_n56.wav",
        "fm_brass.patch",
    ),
)


def build_match(recording: Recording, home: Path, out: Path, budget: float) -> Matched:
    """Fits for at most `budget` seconds and writes the files of the match below `out`."""
    source = source_of(str(home / recording.patch_file))
    synth = compile_graph(graph_of(source, recording.patch), source, sample_rate=RATE)
    target = home / "targets" / recording.file
    found = match(synth, target, draws=DRAWS, children=CHILDREN, starts=STARTS, steps=STEPS, time_budget=budget)
    where = recording.id
    before = synth(synth.defaults(), seconds=found.target.seconds, taps=[], inputs=found.inputs)
    text = Source(recording.patch_file, found.text)
    folder(str(out / where))
    write(str(out / where / "report.html"), found.report())
    write(str(out / where / f"{synth.graph.name}.patch"), found.text)

    def shown(name: str, audio: Tensor) -> Signal:
        return audio_signal(out, f"{where}/{name}", name, "", audio.detach(), RATE, large=True)

    return Matched(
        id=where,
        title=recording.title,
        doc=recording.doc,
        facts=_facts(found),
        target=shown("recording", found.target.mono),
        before=shown("start", mono(before.audio[0])),
        after=shown("match", mono(found.sound.audio[0])),
        losses=tuple(left for one in found.progressions for left in one.losses),
        best=tuple(left for one in found.progressions for left in one.best),
        knobs=tuple(knob_rows(synth, synth.defaults(), found.settings)),
        text=highlighted(text),
        file=recording.patch_file,
    )


def _facts(found: Match) -> tuple[tuple[str, str], ...]:
    return (
        ("loss", f"{found.loss:.3g}"),
        ("steps", str(len(found.history))),
        ("took", f"{found.took:.0f} s"),
        *found.analysis.facts(),
    )

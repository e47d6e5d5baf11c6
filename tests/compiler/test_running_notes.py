"""What is said about running patches: partials past Nyquist, numbers that are not finite, knobs no gradient reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from patchc.compiler.load import load
from patchc.compiler.module import PatchModule
from patchc.compiler.probe import unreachable_knobs

Compiler = Callable[..., PatchModule]

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))

TONE = """
input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
cell tone : harmonic(partials = 60) { freq = pitch; shape = learn; level = learn -6 dB }
cell vcf  : svf { in <- tone; cutoff = learn 800 Hz }
output main <- vcf
"""


def test_partials_past_nyquist(build: Compiler) -> None:
    (note,) = build(TONE).notes
    assert (note.code, note.severity) == ("P601", "note")
    assert note.message == "4.2 kHz with 60 partials passes the Nyquist limit at 16 kHz"


def test_partials_that_fit(build: Compiler) -> None:
    assert build(TONE.replace("4.2 kHz", "130 Hz").replace("220 Hz", "100 Hz")).notes == []
    assert build("cell s : saw { freq = learn 440 Hz }\noutput main <- s").notes == []


def test_a_finite_sound_needs_no_explanation(build: Compiler) -> None:
    synth = build(TONE)
    assert synth.explain_nonfinite(synth(seconds=0.05)) is None


def test_the_first_cell_that_is_not_finite_is_named(build: Compiler) -> None:
    synth = build(TONE)
    sound = synth(synth.draw(2), seconds=0.05)
    taps = {name: signal.detach().clone() for name, signal in sound.taps.items()}
    taps["vcf"][1, 300:] = torch.nan
    found = synth.explain_nonfinite(replace(sound, taps=taps), synth.positions({"vcf.cutoff": [500.0, 900.0]}))
    assert found is not None
    assert found.code == "P602"
    assert found.message == "NaN or infinity in `vcf` at sample 300 of sound 1"
    assert "vcf.cutoff = 900 Hz" in found.help_text


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_learnable_number_of_every_example_is_reached(path: Path) -> None:
    assert unreachable_knobs(load(path, sample_rate=16_000)) == []


def test_knobs_that_no_gradient_reaches(build: Compiler) -> None:
    body = """
    cell slow : lfo { rate = learn 3 Hz }
    cell fast : lfo { rate = learn 9 Hz }
    cell s    : sine { freq = learn 220 Hz; freq += fast * 1 st }
    output main <- s
    tap s loss mss
    """
    lost = unreachable_knobs(build(body))
    assert [(d.code, d.knob) for d in lost] == [("P507", "slow.rate")]
    assert lost[0].span is not None
    assert unreachable_knobs(build(body + "tap slow")) == []

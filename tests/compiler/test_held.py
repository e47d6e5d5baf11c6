"""Nothing is held at a limit without a word: what a call says it held or cut."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch

import patchc
from patchc.compiler.held import Excess
from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.graph.load import load_graph
from patchc.source.codes.sounds import WasHeld
from patchc.source.error import PatchError
from patchc.source.text import Source

PATCH = """patchc 1

patch p {
  input pitch : control = 110 Hz in 27.5 Hz .. 4.2 kHz log
  input speed : control = 120 bpm
  input bend  : control = 0 in -1 .. 1
  input gate  : gate
  param wet   = predict 50 % in 0 % .. 100 %
  param wave  = predict saw in [saw, square]

  cell env  : decay { gate <- gate; time = 50 ms }
  cell osc  : saw { freq = pitch; level *= env }
  cell vcf  : svf {
    in     <- osc
    cutoff  = 5 kHz
    cutoff += bend * 5 oct
    q       = 2
    q      *= bend * 100 %
  }
  cell echo : delay { in <- vcf; time = 1 / speed; wet = wet }
  output main <- echo
}
"""


def module(text: str = PATCH, **options: Any) -> PatchModule:
    graph, said = load_graph(Source("p.patch", text))
    assert graph is not None, said
    return compile_graph(graph, **{"sample_rate": 16_000, "executor": "reference", **options})


def said(synth: PatchModule, **given: Any) -> dict[str, WasHeld]:
    found = synth.held(synth.defaults(), **{"seconds": 0.02, **given})
    assert all(isinstance(one, WasHeld) for one in found)
    return {f"{one.place} {one.limit}": one for one in found if isinstance(one, WasHeld)}


def test_values_within_their_limits_are_not_mentioned() -> None:
    assert said(module()) == {}


def test_what_was_held_is_said_with_place_limit_and_value() -> None:
    (one,) = said(module(), speed=0.1).values()
    assert one.message == "`echo.time` was held at 2 s (asked 10 s)"


def test_a_limit_by_the_sample_rate_is_said() -> None:
    (one,) = said(module(), bend=0.5).values()
    assert one.message == "`vcf.cutoff` was held at 7.84 kHz (asked 28.284 kHz)"


def test_the_time_at_which_a_curve_passes_a_limit_is_said() -> None:
    synth = module()
    curve = torch.linspace(0.0, 1.0, synth.frames(0.1))[None]
    found = said(synth, seconds=0.1, bend=curve)
    assert "asked 160 kHz" in found["vcf.cutoff 7.84 kHz"].message
    assert "first at 0.01" in found["vcf.cutoff 7.84 kHz"].message


def test_a_value_held_by_modulation_from_a_sound_is_said() -> None:
    text = PATCH.replace("cutoff += bend * 5 oct", "cutoff += osc * 5 oct")
    assert "vcf.cutoff 7.84 kHz" in said(module(text))


def test_levels_and_gains_beyond_all_amplitudes_are_said() -> None:
    text = PATCH.replace("level *= env", "level *= env; level += bend * 300 dB").replace("<- echo", "<- echo * 250 dB")
    found = said(module(text), bend=1.0)
    assert {"osc.level 200 dB", "main[echo].gain 200 dB"} <= set(found)


def test_what_lasts_longer_than_what_is_computed_is_said() -> None:
    room = PATCH.replace("delay { in <- vcf; time = 1 / speed; wet", "fir_reverb { in <- vcf; decay = 1 / speed; wet")
    synth = module(room)
    cut = [one.message for one in synth.held(synth.defaults(), seconds=0.02, speed=0.5, gate=(-0.001, 0.03))]
    assert cut == [
        "`gate` = -1 ms is cut at 0 s, the start of the sound",
        "`gate` = 30 ms is cut at 20 ms, the end of the sound",
        "`echo.decay` = 2 s is cut at 1 s, the `length` of `echo`",
    ]
    assert synth.held(synth.defaults(), seconds=0.02, speed=1.0, gate=(0.0, 0.02)) == []


def test_kernels_and_plain_torch_say_the_same() -> None:
    given = {"bend": torch.tensor([0.9, -0.5]), "speed": 0.2}
    assert said(module(executor="fused"), **given) == said(module(), **given)


def test_weights_by_name_are_weights() -> None:
    synth = module()
    with pytest.raises(PatchError, match="wave"):
        synth(synth.defaults(), seconds=0.01, wave=[-1.0, 2.0])
    with pytest.raises(PatchError, match="saw, square"):
        synth(synth.defaults(), seconds=0.01, wave="sawtooth")


def test_a_word_that_is_one_of_a_few_is_checked() -> None:
    with pytest.raises(PatchError) as refused:
        module(executor="fussed")
    assert refused.value.diagnostics[0].help_text == "did you mean `fused`?"


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[2] / "examples").glob("*.patch")), ids=lambda p: p.stem)
def test_examples_hold_nothing_as_they_are_written(path: Path) -> None:
    synth = patchc.load(path, sample_rate=48_000, executor="reference")
    assert synth.held(synth.defaults(), seconds=0.1) == []


def test_a_value_beyond_all_numbers_has_words() -> None:
    place = patchc.compiler.held.Place("a.b", patchc.units.unit.Dimension.TIME, None)
    assert "more than any number" in Excess(place, math.inf, 2.0, None).said().message


def test_what_a_struck_envelope_does_between_frames_is_said() -> None:
    """Its peak lies between two frames: at neither of them is the feedback held."""
    lines = "delay { in <- vcf; time = 5 ms; feedback = 20 %; feedback += env * 100 %; wet"
    text = PATCH.replace("delay { in <- vcf; time = 1 / speed; wet", lines).replace("time = 50 ms", "time = 2 ms")
    found = said(module(text), gate=(0.0101, 0.015))
    assert "first at 0.0101" in found["echo.feedback 0.99"].message


def test_a_value_below_what_can_be_bent_is_said() -> None:
    """Before an audio signal bends a frequency by ratio, it is held to where it has a logarithm."""
    text = PATCH.replace("cutoff  = 5 kHz", "cutoff  = 0.5 Hz").replace("bend * 5 oct", "osc * 5 oct")
    assert "vcf.cutoff 1 Hz" in said(module(text))


def test_the_one_pole_filter_is_held_below_the_nyquist_limit() -> None:
    text = PATCH.replace("svf  {", "onepole {").replace("q       = 2\n", "").replace("q      *= bend * 100 %\n", "")
    (one,) = said(module(text), bend=0.5).values()
    assert one.message == "`vcf.cutoff` was held at 7.84 kHz (asked 28.284 kHz)"

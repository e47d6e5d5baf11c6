"""A match is as loud as its target, through the patch's own levels; where they do not reach, it says why."""

from __future__ import annotations

import pytest
import torch

from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.graph.load import load_graph
from patchc.matching.level import Levelled, rms_db, to_level
from patchc.matching.match import match
from patchc.source.text import Source

RATE = 8_000
HEAD = "patchc 1\n\npatch tone {\n  input pitch : control = 220 Hz in 50 Hz .. 2 kHz log\n"
ONE = HEAD + "  cell o : saw { freq = pitch; level = learn -30 dB in -60 dB .. 0 dB }\n  output main <- o\n}\n"
TWO = (
    HEAD
    + "  cell a : saw { freq = pitch; level = learn -30 dB in -60 dB .. 0 dB }\n"
    + "  cell b : sine { freq = pitch; level = learn -20 dB in -60 dB .. 0 dB }\n"
    + "  cell m : mix { in <- a, b }\n  output main <- m\n}\n"
)
SHAPED = (
    HEAD
    + "  cell o : sine { freq = pitch; level = learn -30 dB in -60 dB .. 0 dB }\n"
    + "  cell s : shaper { in <- o; drive = 12 dB }\n  output main <- s\n}\n"
)
STEREO = (
    HEAD
    + "  cell o : saw { freq = pitch }\n"
    + "  cell l : gain { in <- o; level = learn -12 dB in -40 dB .. 0 dB }\n"
    + "  cell r : gain { in <- o; level = learn -20 dB in -40 dB .. 0 dB }\n"
    + "  output left <- l\n  output right <- r\n}\n"
)
NONE = HEAD + "  cell o : pulse { freq = pitch; width = learn 30 % }\n  output main <- o * -20 dB\n}\n"


def compiled(text: str) -> PatchModule:
    source = Source("tone.patch", text)
    graph, diagnostics = load_graph(source)
    assert graph is not None, diagnostics
    return compile_graph(graph, source, sample_rate=RATE)


def levelled(synth: PatchModule, wanted_db: float) -> Levelled:
    def render(settings: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return synth(settings, seconds=0.3, taps=()).audio

    start = render(synth.defaults())[0]
    target = start * 10 ** ((wanted_db - rms_db(start)) / 20)
    return to_level(render, target, synth.defaults(), tuple(synth.knobs))


@pytest.mark.parametrize("text", [ONE, TWO, SHAPED, STEREO])
@pytest.mark.parametrize("wanted", [-40.0, -22.0])
def test_the_levels_of_a_patch_reach_the_level_of_the_target(text: str, wanted: float) -> None:
    found = levelled(compiled(text), wanted)
    assert found.match_db == pytest.approx(wanted, abs=0.1)
    assert found.remark is None


def test_two_levels_keep_their_balance() -> None:
    synth = compiled(TWO)
    found = levelled(synth, -22.0)
    values = synth.natural(found.settings)
    assert float(values["b.level"] - values["a.level"]) == pytest.approx(10.0, abs=0.2)


def test_two_levels_keep_their_balance_from_an_end_of_their_range() -> None:
    synth = compiled(STEREO.replace("learn -20 dB", "learn -39.95 dB"))
    found = levelled(synth, -14.0)
    values = synth.natural(found.settings)
    assert float(values["l.level"] - values["r.level"]) == pytest.approx(27.95, abs=0.05)


def test_a_level_at_the_end_of_its_range_is_named() -> None:
    remark = levelled(compiled(ONE), 10.0).remark
    assert remark is not None
    assert "softer than the target: `o.level` at the end of the range" in remark


def test_a_patch_without_a_level_that_may_change_says_so() -> None:
    remark = levelled(compiled(NONE), -5.0).remark
    assert remark is not None
    assert "no number of the patch that may change is a level" in remark


@pytest.mark.parametrize("seed", [51, 52])
def test_a_match_of_a_drawn_sound_is_as_loud_as_it(seed: int) -> None:
    synth = compiled(TWO)
    with torch.no_grad():
        target = synth(synth.draw(1, seed=seed), seconds=0.3, pitch=180.0).audio[0]
    found = match(synth, target, pitch=180.0, draws=16, children=8, starts=1, steps=8)
    assert found.level.target_db == pytest.approx(rms_db(target), abs=0.1)
    assert rms_db(found.sound.audio[0]) == pytest.approx(rms_db(target), abs=0.5)

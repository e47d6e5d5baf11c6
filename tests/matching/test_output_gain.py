"""Where the levels of a patch do not reach the target, a gain is written behind its outputs, exactly and said."""

from __future__ import annotations

import pytest
import torch

from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.graph.load import load_graph
from patchc.graph.output_gain import takes_output_gain, with_output_gain
from patchc.matching.level import rms_db
from patchc.matching.match import match
from patchc.source.text import Source

RATE = 8_000
HEAD = "patchc 1\n\npatch tone {\n  input pitch : control = 220 Hz in 50 Hz .. 2 kHz log\n  param more = -3 dB\n"
CELL = "  cell o : saw { freq = pitch }\n  for k in 1 .. 2 {\n    cell p[k] : saw { freq = pitch }\n  }\n"
FEW = {"draws": 8, "children": 4, "starts": 1, "steps": 8}


def compiled(text: str) -> PatchModule:
    source = Source("tone.patch", text)
    graph, diagnostics = load_graph(source)
    assert graph is not None, diagnostics
    return compile_graph(graph, source, sample_rate=RATE)


@pytest.mark.parametrize(
    ("cables", "expected"),
    [
        ("o", "o * 6.02 dB"),
        ("o * -9 dB", "o * -9 dB + 6.02 dB"),
        ("p[*] * 50 %", "p[*] * 50 % * 1.99986"),
        ("o * (50 % + 10 %), p[*]", "o * (50 % + 10 %) * 1.99986, p[*] * 6.02 dB"),
        ("o * more", "o * more + 6.02 dB"),
        ("o * -1  maybe 50 %", "o * -1 * 1.99986  maybe 50 %"),
    ],
)
def test_it_stands_behind_what_the_author_wrote(cables: str, expected: str) -> None:
    source = Source("tone.patch", f"{HEAD}{CELL}  output main <- {cables}\n}}\n")
    graph, _ = load_graph(source)
    assert graph is not None
    text = with_output_gain(source, graph, 6.02)
    assert f"output main <- {expected}\n" in text
    before, after = (compiled(one)(seconds=0.1).audio for one in (source.text, text))
    assert rms_db(after[0].detach()) - rms_db(before[0].detach()) == pytest.approx(6.02, abs=0.01)


def test_a_gain_that_is_learned_is_not_touched() -> None:
    graph, _ = load_graph(Source("t", f"{HEAD}{CELL}  output main <- o * learn -9 dB in -20 dB .. 0 dB\n}}\n"))
    assert graph is not None
    assert not takes_output_gain(graph)


SOFT = HEAD + "  cell o : pulse { freq = pitch; width = learn 30 % }\n  output main <- o * -20 dB\n}\n"
AT_END = (
    HEAD + "  cell o : saw { freq = pitch; level = learn -30 dB in -60 dB .. -20 dB }\n  output main <- o * -6 dB\n}\n"
)
BALANCE = (
    HEAD
    + "  cell a : saw { freq = pitch }\n  cell b : sine { freq = pitch * 3 }\n"
    + "  cell m : mix { in <- a * -9 dB, b * learn -9 dB in -60 dB .. 0 dB }\n  output main <- m\n}\n"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SOFT, "no number of the patch that may change is a level: an output gain of +"),
        (AT_END, "`o.level` at the end of the range: an output gain of +"),
    ],
)
def test_a_match_is_as_loud_as_its_target_whatever_the_patch_allows(text: str, reason: str) -> None:
    synth = compiled(text)
    with torch.no_grad():
        target = synth(synth.draw(1, seed=3), seconds=0.3, pitch=180.0).audio[0]
    target = 0.6 * target / target.square().mean().sqrt()
    found = match(synth, target, pitch=180.0, **FEW)
    assert rms_db(found.sound.audio[0]) == pytest.approx(rms_db(target), abs=0.3)
    assert found.level.match_db == pytest.approx(rms_db(found.sound.audio[0]), abs=0.01)
    assert [note for note in found.notes if reason in note]
    again = compiled(found.text)
    with torch.no_grad():
        assert torch.equal(again(seconds=0.3, pitch=180.0).audio, found.sound.audio)


def test_loudness_costs_no_likeness() -> None:
    """The balance of two oscillators is not moved for the sake of level."""
    synth = compiled(BALANCE)
    with torch.no_grad():
        target = synth(seconds=0.3, pitch=180.0, inputs={"m.in[b].gain": -20.0}).audio[0]
    found = match(synth, 3.0 * target, pitch=180.0, draws=16, children=8, starts=1, steps=40)
    assert float(synth.natural(found.settings)["m.in[b].gain"]) == pytest.approx(-20.0, abs=0.5)
    assert found.level.output_gain_db == pytest.approx(9.54, abs=0.1)
    assert "`m.in[b].gain` would change more than its level: an output gain of +9.5" in found.notes[-1]

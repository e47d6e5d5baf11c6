"""A pitch that was estimated is written as a note, or in six digits: what is written is what was matched."""

from __future__ import annotations

import math

import pytest
import torch

from patchc.compiler.load import compile_graph
from patchc.graph.load import load_graph
from patchc.matching.analysis import Analysis
from patchc.matching.match import match
from patchc.matching.target import Target
from patchc.source.text import Source

TARGET = Target(torch.zeros(1, 8_000), 8_000, "t", -6.0)


@pytest.mark.parametrize(
    ("hz", "written"),
    [(440.03, 440.0), (87.3069, 440.0 * 2 ** (-28 / 12)), (441.2345678, 441.235), (88.33184760965, 88.3318)],
)
def test_estimated_pitches_are_short(hz: float, written: float) -> None:
    found = Analysis(TARGET, pitches={"pitch": hz}, estimated=frozenset({"pitch"})).rounded
    assert found.pitches == {"pitch": pytest.approx(written, rel=1e-12)}
    assert abs(1200 * math.log2(found.pitches["pitch"] / hz)) < 1.0


def test_given_pitches_stay() -> None:
    assert Analysis(TARGET, pitches={"pitch": 440.01}).rounded.pitches == {"pitch": 440.01}


@pytest.mark.parametrize(("hz", "text"), [(220.0, "A3"), (226.54321, None)])
@pytest.mark.parametrize("default", ["110 Hz", "0.11 kHz", "A2"])
def test_the_patch_and_the_line_say_the_same(hz: float, text: str | None, default: str) -> None:
    body = f"  input pitch : control = {default} in 50 Hz .. 2 kHz log\n"
    body += "  cell o : saw { freq = pitch; level = learn -9 dB in -30 dB .. 0 dB }\n  output main <- o\n"
    source = Source("t.patch", f"patchc 1\n\npatch t {{\n{body}}}\n")
    graph, _ = load_graph(source)
    assert graph is not None
    synth = compile_graph(graph, source, sample_rate=8_000)
    with torch.no_grad():
        target = synth(seconds=0.4, pitch=hz).audio[0]
    found = match(synth, target, draws=4, children=2, starts=1, steps=4)
    default = found.text.split("control = ")[1].partition(" in ")[0]
    said = found.playing.split("pitch=")[1].split()[0]
    if text is not None:
        assert (default, said) == (text, text)
    assert len(said) <= len("226.543Hz")
    assert len(default) <= len("0.226543 kHz")
    again = compile_graph(load_graph(Source("t.patch", found.text))[0], sample_rate=8_000)  # type: ignore[arg-type]
    with torch.no_grad():
        assert torch.equal(again(seconds=0.4, pitch=found.analysis.pitches["pitch"]).audio, found.sound.audio)

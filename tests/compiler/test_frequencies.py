"""Frequencies beyond the ends of what a sample rate can hold: above the Nyquist limit, and below zero."""

from __future__ import annotations

from typing import Any

import pytest
import scipy.special
import torch
from torch import Tensor

from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.dsp.resample import upsample
from patchc.graph.load import load_graph
from patchc.source.text import Source
from patchc.testing.agreement import Trio, by_settings

SOURCES = ["sine", "saw", "pulse", "triangle", "square_saw", "harmonic(partials = 1)"]
EXECUTORS: dict[str, dict[str, Any]] = {
    "fused": {},
    "plain": {"executor": "reference"},
    "exact": {"dtype": torch.float64},
}


def made(lines: str, sample_rate: int, **options: Any) -> PatchModule:
    graph, diagnostics = load_graph(Source("f.patch", f"patchc 1\npatch p {{\n{lines}\n}}\n"))
    assert graph is not None, [one.message for one in diagnostics]
    return compile_graph(graph, sample_rate=sample_rate, **options)


def sound(lines: str, sample_rate: int, **options: Any) -> Tensor:
    return made(lines, sample_rate, **options)(seconds=0.25).audio[0].double()


def loudness(x: Tensor) -> float:
    return float(x.square().mean().sqrt())


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("rate", [4_000, 44_100])
def test_nothing_sounds_above_nyquist(rate: int, source: str, executor: str) -> None:
    for share in (1.0, 1.1, 1.5, 2.0):
        lines = f"cell o : {source} {{ freq = {share * rate / 2} Hz }}\noutput main <- o"
        assert float(sound(lines, rate, **EXECUTORS[executor]).abs().max()) < 1e-6, share


@pytest.mark.parametrize("source", SOURCES)
def test_sources_fade_over_the_last_tenth(source: str) -> None:
    levels = []
    for share in (0.85, 0.92, 0.95, 0.98):
        lines = f"cell o : {source} {{ freq = {share * 8_000} Hz }}\noutput main <- o"
        levels.append(loudness(sound(lines, 16_000)))
    assert levels == sorted(levels, reverse=True)
    assert levels[2] / levels[0] == pytest.approx(0.5, abs=0.1)
    assert levels[3] < 0.3 * levels[0]


@pytest.mark.parametrize("move", ["lfo { rate = 5 Hz }", "sine { freq = 60 Hz }"])
def test_what_moves_above_nyquist_is_not_mirrored(move: str) -> None:
    """A frequency that swings from 4 to 12 kHz at 16 kHz is silent while it is above 8 kHz."""
    lines = f"cell m : {move}\ncell o : sine {{ freq = 8 kHz; freq += m * 4 kHz }}\noutput main <- o"
    synth = made(lines, 16_000)
    found = synth(seconds=0.2, taps=["m", "o"])
    swing, heard = found.taps["m"], found.taps["o"][0]
    if swing.shape[1] < heard.shape[0]:
        swing = upsample(swing, synth.hop, heard.shape[0])
    assert float(heard[swing[0] > 0.05].abs().max()) < 1e-6
    assert float(heard[swing[0] < -0.3].abs().max()) > 0.9


@pytest.mark.parametrize("source", SOURCES)
def test_kernels_fade_as_plain_torch_does(source: str) -> None:
    text = f"""patchc 1
patch p {{
  cell m : lfo {{ rate = 9 Hz }}
  cell o : {source} {{ freq = learn 3.7 kHz in 1 kHz .. 9 kHz; freq += m * learn 3 st in 0 st .. 12 st }}
  output main <- o
}}
"""
    graph, diagnostics = load_graph(Source("f.patch", text))
    assert graph is not None, [one.message for one in diagnostics]
    three = Trio(graph, 8_000)
    found = three.differences(by_settings(seconds=0.1, seed=1), {"settings": three.fused.defaults()})
    assert [one for one in found if one.too_far] == []


@pytest.mark.parametrize("executor", EXECUTORS)
def test_linear_modulation_goes_through_zero(executor: str) -> None:
    """A sine of 200 Hz moved by 600 Hz times a cosine of 200 Hz: a phase of 3 radians times a sine (Chowning 1973)."""
    lines = """
      cell m : sine { freq = 200 Hz; phase = 0.25 cyc }
      cell o : sine { freq = 200 Hz; freq += m * 600 Hz }
      output main <- o
    """
    x = made(lines, 48_000, **EXECUTORS[executor])(seconds=1.0).audio[0].double()
    spectrum = torch.fft.rfft(x).abs() * 2 / x.shape[0]
    for number in (1, 2, 3, 4):
        # Side bands above and below meet: those below zero come back with their sign turned.
        expected = abs(scipy.special.jv(number - 1, 3.0) - scipy.special.jv(-number - 1, 3.0))
        assert float(spectrum[200 * number]) == pytest.approx(expected, abs=0.01), number


@pytest.mark.parametrize("source", SOURCES)
def test_kernels_go_through_zero_as_plain_torch_does(source: str) -> None:
    text = f"""patchc 1
patch p {{
  cell m : sine {{ freq = learn 170 Hz }}
  cell o : {source} {{ freq = learn 300 Hz; freq += m * learn 900 Hz in 0 Hz .. 2 kHz }}
  output main <- o
}}
"""
    graph, diagnostics = load_graph(Source("f.patch", text))
    assert graph is not None, [one.message for one in diagnostics]
    three = Trio(graph, 16_000)
    found = three.differences(by_settings(seconds=0.1, seed=1), {"settings": three.fused.defaults()})
    assert [one for one in found if one.too_far] == []


def test_only_audio_goes_through_zero() -> None:
    """What a control signal or a share asks for below the limit is still held, and said."""
    lines = "cell m : lfo\ncell o : sine {{ freq = 100 Hz; freq += m * {depth} }}\noutput main <- o"
    graph, diagnostics = load_graph(Source("f.patch", f"patchc 1\npatch p {{\n{lines.format(depth='300 Hz')}\n}}\n"))
    assert graph is not None
    assert [one.code for one in diagnostics] == ["P406"]
    lines = "cell m : sine\ncell o : sine {{ freq = 100 Hz; freq += m * {depth} }}\noutput main <- o"
    graph, diagnostics = load_graph(Source("f.patch", f"patchc 1\npatch p {{\n{lines.format(depth='300 Hz')}\n}}\n"))
    assert graph is not None
    assert list(diagnostics) == []

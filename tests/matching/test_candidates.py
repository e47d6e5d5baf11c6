"""What else a pitch may be: the carrier of a bell, the lowest mode of a bar, an octave if the spectrum allows it."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from patchc.compiler.load import compile_graph
from patchc.graph.load import load_graph
from patchc.matching.candidates import pitch_candidates
from patchc.matching.match import match
from patchc.matching.pitch import Pitch, find_pitch
from patchc.source.text import Source

RATE = 16_000
TIME = torch.arange(RATE, dtype=torch.float64) / RATE


def tone(frequencies: dict[float, float], decay: float = 1.0) -> Tensor:
    """Partials in Hz and their amplitudes, dying away together."""
    parts = [a * torch.sin(2 * math.pi * f * TIME + f) for f, a in frequencies.items() if f < 0.48 * RATE]
    return torch.stack(parts).sum(0) * torch.exp(-TIME / decay)


def bell(carrier: float, ratio: float, index: float = 2.0) -> Tensor:
    inner = index * torch.exp(-TIME / 0.4) * torch.sin(2 * math.pi * carrier * ratio * TIME)
    return torch.exp(-TIME) * torch.sin(2 * math.pi * carrier * TIME + inner)


def tried(signal: Tensor) -> tuple[float, ...]:
    found = find_pitch(signal, RATE)
    assert found is not None
    return found.frequency, *pitch_candidates(signal, RATE, found)


def is_among(true: float, tries: tuple[float, ...]) -> bool:
    return any(abs(1200 * math.log2(one / true)) < 50 for one in tries)


@pytest.mark.parametrize(
    ("carrier", "ratio"), [(440.0, 1.41), (440.0, 1.7), (300.0, 2.34), (523.25, 1.19), (210.0, 3.3)]
)
def test_the_carrier_of_a_bell_is_tried(carrier: float, ratio: float) -> None:
    assert is_among(carrier, tried(bell(carrier, ratio)))


@pytest.mark.parametrize("lowest", [180.0, 417.0, 833.0])
def test_the_lowest_mode_of_a_bar_is_tried(lowest: float) -> None:
    assert is_among(lowest, tried(tone({lowest: 1.0, lowest * 2.756: 0.5, lowest * 5.404: 0.3}, 0.5)))


@pytest.mark.parametrize("pitch", [55.0, 82.4, 131.0, 233.1, 440.0, 987.8])
@pytest.mark.parametrize("tilt", [0.7, 1.0, 2.0])
def test_a_harmonic_tone_has_but_one(pitch: float, tilt: float) -> None:
    assert len(tried(tone({pitch * k: k**-tilt for k in range(1, 40)}))) == 1


@pytest.mark.parametrize("pitch", [80.0, 120.0, 210.0])
def test_resonances_do_not_halve_a_pitch(pitch: float) -> None:
    """Pulses through two resonances, with a little noise."""
    gains = {pitch * k: sum(1 / (1 + ((pitch * k - peak) / 60) ** 2) for peak in (730, 1090)) for k in range(1, 40)}
    noise = torch.randn(RATE, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    tries = tried(tone(gains) + 0.02 * noise)
    assert is_among(pitch, tries[:1])
    assert not is_among(pitch / 2, tries)


def test_an_octave_below_is_tried_where_something_sounds_between() -> None:
    weak = {100.0 * k: 1 / k if k % 2 == 0 else 0.15 / k for k in range(1, 20)}
    assert is_among(100.0, (200.0, *pitch_candidates(tone(weak), RATE, Pitch(200.0, 1.0))))


def test_nothing_is_tried_of_silence() -> None:
    assert pitch_candidates(torch.zeros(RATE), RATE, Pitch(220.0, 1.0)) == ()


def test_a_match_takes_the_carrier() -> None:
    text = "patchc 1\n\npatch bell {\n  input pitch : control = 220 Hz in 50 Hz .. 2 kHz log\n"
    text += "  cell m : sine { freq = pitch * 1.41 }\n  cell c : sine {\n    freq = pitch\n"
    text += "    phase += m * learn 1 rad in 0 rad .. 6 rad\n  }\n  output main <- c\n}\n"
    source = Source("bell.patch", text)
    graph, diagnostics = load_graph(source)
    assert graph is not None, diagnostics
    synth = compile_graph(graph, source, sample_rate=RATE)
    with torch.no_grad():
        target = synth(seconds=0.6, pitch=440.0, inputs={"c.phase[m].depth": 1.3 / (2 * math.pi)}).audio[0]
    first = find_pitch(target, RATE)
    assert first is not None
    assert first.frequency < 120
    found = match(synth, target, draws=16, children=8, starts=1, steps=20)
    assert found.analysis.pitches["pitch"] == pytest.approx(440.0, rel=1e-3)

"""The same patch at 16, 44.1, 48 and 96 kHz keeps its pitch within a cent and its times within a frame."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from torch import Tensor

from patchc.compiler.module import PatchModule

Compiler = Callable[..., PatchModule]

RATES = (16_000, 44_100, 48_000, 96_000)
BODY = """
input pitch : control = 440 Hz in 27.5 Hz .. 4.2 kHz log
input gate  : gate
param detune = learn 7 ct in 0 ct .. 50 ct
cell env : adsr { gate <- gate; attack = 40 ms; decay = 60 ms; sustain = 50 %; release = 80 ms }
cell osc : sine { freq = pitch + detune }
cell vca : gain { in <- osc; level *= env }
output main <- vca
"""


def pitch_of(audio: Tensor, rate: int) -> float:
    """Hz, from the turns between the first and the last upward zero crossing, each placed between two samples."""
    below, above = audio.detach()[:-1], audio.detach()[1:]
    crossings = ((below < 0) & (above >= 0)).nonzero()[:, 0]
    times = (crossings + below[crossings] / (below[crossings] - above[crossings])) / rate
    return float((len(times) - 1) / (times[-1] - times[0]))


@pytest.mark.parametrize("rate", RATES)
def test_pitch(build: Compiler, rate: int) -> None:
    sound = build(BODY, sample_rate=rate)(seconds=1.0)
    cents = 1200 * math.log2(pitch_of(sound.taps["osc"][0], rate) / (440 * 2 ** (7 / 1200)))
    assert abs(cents) < 0.1


@pytest.mark.parametrize("rate", RATES)
def test_envelope_times(build: Compiler, rate: int) -> None:
    synth = build(BODY, sample_rate=rate)
    sound = synth(seconds=0.5, gate=0.3)
    env = sound.taps["env"][0]
    frame = 1 / synth.control_rate
    peak = float(env.argmax()) * frame
    ends = float((env > 0).nonzero()[-1]) * frame
    assert peak == pytest.approx(0.04, abs=frame)
    assert ends == pytest.approx(0.38, abs=1.001 * frame)
    assert float(env[round(0.2 / frame)]) == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("rate", RATES)
def test_frames_and_samples(build: Compiler, rate: int) -> None:
    synth = build(BODY, sample_rate=rate)
    sound = synth(seconds=0.37)
    assert synth.hop == round(rate / 750)
    assert sound.audio.shape[1] == synth.samples(0.37) == round(0.37 * rate)
    assert sound.taps["env"].shape[1] == synth.frames(0.37) == math.ceil(sound.audio.shape[1] / synth.hop) + 1
    assert sound.sample_rate == rate
    assert sound.control_rate == rate / synth.hop

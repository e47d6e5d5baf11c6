"""Sums of partials against the plain formula, and their fade below Nyquist."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from patchc.dsp.additive import FADE
from patchc.dsp.reference import TensorDsp
from patchc.dsp.resample import upsample

RATE = 16_000.0


def plain(phase: Tensor, freq: Tensor, weights: Tensor, hop: int) -> Tensor:
    """Every partial on its own."""
    total = torch.zeros_like(phase)
    for number in range(1, weights.shape[-1] + 1):
        place = ((1 - 2 * number * freq / RATE) / FADE).clamp(0, 1)
        weight = upsample(weights[..., number - 1], hop, phase.shape[1])
        total = total + weight * (0.5 - 0.5 * torch.cos(math.pi * place)) * torch.sin(2 * math.pi * number * phase)
    return total


@pytest.mark.parametrize("width", [1, 31, 32, 33, 100])
@pytest.mark.parametrize("frames", [1, 31])
@pytest.mark.parametrize("still", [True, False])
def test_sum(width: int, frames: int, still: bool) -> None:
    time, hop = 500, 17
    generator = torch.Generator().manual_seed(width)
    weights = torch.rand(2, frames, width, generator=generator, dtype=torch.float64)
    freq = torch.tensor([[82.4], [170.0]], dtype=torch.float64)
    freq = freq if still else freq * (1 + 0.5 * torch.sin(torch.arange(time) / 50))[None]
    dsp = TensorDsp(rate=RATE, time=time, dtype=torch.float64, hop=hop)
    phase = dsp.phase(freq)
    heard = dsp.partials(phase, freq, weights)
    torch.testing.assert_close(heard, plain(phase, freq, weights, hop), rtol=1e-10, atol=1e-10)


def test_single_precision_is_good_for_60_partials() -> None:
    """Rotations instead of sines: the rounding stays below -100 dB."""
    time = 20_000
    freq, weights = torch.tensor([[97.0]]), torch.full((1, 1, 60), 1 / 60)
    dsp = TensorDsp(rate=48_000.0, time=time)
    phase = dsp.phase(freq)
    heard = dsp.partials(phase, freq, weights).double()
    exact = TensorDsp(rate=48_000.0, time=time, dtype=torch.float64).partials(
        phase.double(), freq.double(), weights.double()
    )
    assert 20 * math.log10(float((heard - exact).norm() / exact.norm())) < -100


def test_vectors_for_every_tick_are_taken_as_such() -> None:
    dsp = TensorDsp(rate=RATE, time=100, dtype=torch.float64, hop=10)
    weights = torch.rand(1, 11, 4, dtype=torch.float64)
    freq = torch.tensor([[200.0]], dtype=torch.float64)
    phase = dsp.phase(freq)
    torch.testing.assert_close(
        dsp.partials(phase, freq, upsample(weights, 10, 100)),
        dsp.partials(phase, freq, weights),
        rtol=1e-12,
        atol=1e-12,
    )


def test_fade_is_smooth() -> None:
    """A partial that rises through the limit fades without a jump, and is gone at Nyquist."""
    levels = []
    for freq in torch.linspace(7000, 8200, 241, dtype=torch.float64):
        dsp = TensorDsp(rate=RATE, time=64, dtype=torch.float64)
        pitch = freq.view(1, 1)
        phase = torch.full((1, 64), 0.25, dtype=torch.float64)
        levels.append(float(dsp.partials(phase, pitch, torch.ones(1, 1, 1, dtype=torch.float64))[0, 0]))
    steps = torch.tensor(levels).diff()
    assert levels[0] == 1
    assert levels[-1] == 0
    assert (steps <= 1e-12).all()
    assert steps.abs().max() < 0.012

"""Filters against loops, against theory, and against scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.signal
import torch
from torch import Tensor

from patchc.cells.cell import Weights
from patchc.cells.onepole import Onepole
from patchc.cells.svf import Svf
from patchc.dsp.reference import TensorDsp

RATE = 48_000.0
MODES = ("lowpass", "highpass", "bandpass", "notch")


def loop(x: Tensor, g: Tensor, k: Tensor) -> dict[str, Tensor]:
    """The state-variable filter a sample at a time, `[time]` in float64, as in the book."""
    s1 = s2 = 0.0
    rows = []
    for at, gt, kt in zip(x.double().tolist(), g.double().tolist(), k.double().tolist(), strict=True):
        high = (at - (gt + kt) * s1 - s2) / (1 + gt * (gt + kt))
        band = gt * high + s1
        low = gt * band + s2
        s1, s2 = gt * high + band, gt * band + low
        rows.append((low, band, high))
    return dict(zip(("low", "band", "high"), torch.tensor(rows, dtype=torch.float64).T, strict=True))


def decibels(error: Tensor, signal: Tensor) -> float:
    return 20 * math.log10(float(error.double().norm() / signal.double().norm()) + 1e-30)


@pytest.mark.parametrize(("dtype", "limit"), [(torch.float32, -110.0), (torch.float64, -250.0)])
def test_svf_with_cutoff_at_audio_rate(dtype: torch.dtype, limit: float) -> None:
    """White noise, the cutoff swept by a 400 Hz sine over six octaves, q moving too."""
    time = torch.arange(20_000, dtype=torch.float64) / RATE
    cutoff = 1000 * 2 ** (3 * torch.sin(2 * math.pi * 400 * time))
    g = torch.tan(math.pi * cutoff / RATE).to(dtype)
    k = (1 / (4 + 3 * torch.sin(2 * math.pi * 130 * time))).to(dtype)
    x = (torch.rand(20_000, generator=torch.Generator().manual_seed(1)) * 2 - 1).to(dtype)
    dsp = TensorDsp(rate=RATE, time=20_000, dtype=dtype)
    expected = loop(x, g, k)
    for heard, name in zip(dsp.svf(x[None], g[None], k[None]), ("low", "band", "high"), strict=True):
        assert heard.dtype == dtype
        assert decibels(heard[0] - expected[name], expected[name]) < limit


@pytest.mark.parametrize("time", [1, 2, 31, 32, 33, 64, 1000])
def test_svf_of_any_length(time: int) -> None:
    generator = torch.Generator().manual_seed(time)
    x, g, k = torch.rand(3, 2, time, generator=generator, dtype=torch.float64)
    low, band, _ = TensorDsp(rate=RATE, time=time, dtype=torch.float64).svf(x, g, k)
    for row in range(2):
        expected = loop(x[row], g[row], k[row])
        torch.testing.assert_close(low[row], expected["low"])
        torch.testing.assert_close(band[row], expected["band"])


def response(mode: str, cutoff: float, q: float, freqs: Tensor) -> Tensor:
    """Gain of the cell at `freqs`, from its impulse response in float64."""
    time = 48_000
    dsp = TensorDsp(rate=RATE, time=time, dtype=torch.float64)
    x = torch.zeros(1, time, dtype=torch.float64)
    x[0, 0] = 1
    weights = Weights({name: float(name == mode) for name in MODES})
    numbers = (torch.tensor([[value]], dtype=torch.float64) for value in (cutoff, q))
    heard = Svf().forward(dsp, x, weights, *numbers)
    turns = torch.exp(-2j * math.pi * freqs[:, None] * torch.arange(time) / RATE)
    return (heard * turns).sum(1).abs()


@pytest.mark.parametrize("q", [0.5, 0.7071, 4.0])
@pytest.mark.parametrize("cutoff", [100.0, 1000.0, 6000.0])
@pytest.mark.parametrize("mode", MODES)
def test_svf_response_is_the_analogue_one(mode: str, cutoff: float, q: float) -> None:
    """At the cutoff and an octave either side: the analogue prototype under the bilinear map, within 0.1 dB."""
    freqs = torch.tensor([cutoff / 2, cutoff, 2 * cutoff], dtype=torch.float64)
    s = 1j * torch.tan(math.pi * freqs / RATE) / math.tan(math.pi * cutoff / RATE)
    below = s * s + s / q + 1
    above = {"lowpass": torch.ones_like(s), "highpass": s * s, "bandpass": s / q, "notch": s * s + 1}[mode]
    heard = response(mode, cutoff, q, freqs)
    expected = (above / below).abs()
    audible = expected > 1e-6
    assert (20 * torch.log10(heard[audible] / expected[audible])).abs().max() < 0.01
    assert (heard[~audible] < 1e-6).all()


def test_svf_standing_still_is_scipys_biquad() -> None:
    cutoff, q, time = 900.0, 3.0, 5000
    g = math.tan(math.pi * cutoff / RATE)
    unit = 1 / (1 + g / q + g * g)
    denominator = [1, 2 * (g * g - 1) * unit, (1 - g / q + g * g) * unit]
    x = torch.rand(2, time, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    low, band, high = TensorDsp(rate=RATE, time=time, dtype=torch.float64).svf(
        x, torch.tensor([[g]], dtype=torch.float64), torch.tensor([[1 / q]], dtype=torch.float64)
    )
    for heard, top in ((low, [g * g, 2 * g * g, g * g]), (band, [g, 0, -g]), (high, [1, -2, 1])):
        expected = scipy.signal.lfilter(np.array(top) * unit, denominator, x.numpy())
        np.testing.assert_allclose(heard.numpy(), expected, rtol=1e-9, atol=1e-11)


def test_svf_that_stands_still_is_svf_that_moves_nowhere() -> None:
    x = torch.rand(2, 3000, dtype=torch.float64)
    dsp = TensorDsp(rate=RATE, time=3000, dtype=torch.float64)
    g, k = torch.full((2, 1), 0.1, dtype=torch.float64), torch.full((2, 1), 0.3, dtype=torch.float64)
    for a, b in zip(dsp.svf(x, g, k), dsp.svf(x, g.expand(2, 3000), k.expand(2, 3000)), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-12)


def test_svf_never_blows_up() -> None:
    """The cutoff jumps anywhere at every sample, with next to no damping: the states keep losing energy."""
    generator = torch.Generator().manual_seed(3)
    g = torch.exp(8 * (torch.rand(1, 100_000, generator=generator) - 0.5))
    x = torch.zeros(1, 100_000)
    x[0, 0] = 1.0
    low, band, _ = TensorDsp(rate=RATE, time=100_000).svf(x, g, torch.tensor([[1e-3]]))
    assert low.abs().max() < 100
    assert band.abs().max() < 100
    assert low[0, -1000:].abs().max() < low[0, :1000].abs().max()


@pytest.mark.parametrize("cutoff", [20_000.0, 40_000.0, 96_000.0])
def test_svf_above_nyquist_is_open(cutoff: float) -> None:
    x = torch.rand(1, 2000) - 0.5
    dsp = TensorDsp(rate=RATE, time=2000)
    weights = Weights({name: float(name == "lowpass") for name in MODES})
    heard = Svf().forward(dsp, x, weights, torch.tensor([[cutoff]]), torch.tensor([[0.7071]]))
    assert heard.isfinite().all()
    assert 0.5 < float(heard.norm() / x.norm()) < 1.5


def test_onepole_standing_still_is_scipys() -> None:
    pole = 0.93
    x = torch.rand(2, 5000, dtype=torch.float64)
    dsp = TensorDsp(rate=RATE, time=5000, dtype=torch.float64)
    expected = scipy.signal.lfilter([1 - pole], [1, -pole], x.numpy())
    np.testing.assert_allclose(dsp.onepole(x, torch.tensor([[pole]]).double()).numpy(), expected, rtol=1e-6)
    exact = dsp.onepole(x, torch.tensor([[pole]], dtype=torch.float64))
    np.testing.assert_allclose(exact.numpy(), expected, rtol=1e-11)


def test_onepole_that_moves_is_a_loop() -> None:
    generator = torch.Generator().manual_seed(5)
    x, pole = torch.rand(2, 700, generator=generator), torch.rand(2, 700, generator=generator)
    heard = TensorDsp(rate=RATE, time=700).onepole(x, pole)
    y = torch.zeros(2, dtype=torch.float64)
    for at in range(700):
        p = pole[:, at].double()
        y = (1 - p) * x[:, at].double() + p * y
        torch.testing.assert_close(heard[:, at].double(), y, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("cutoff", [50.0, 500.0])
def test_onepole_halves_the_power_at_its_cutoff(cutoff: float) -> None:
    time = 48_000
    dsp = TensorDsp(rate=RATE, time=time, dtype=torch.float64)
    x = torch.zeros(1, time, dtype=torch.float64)
    x[0, 0] = 1
    phase = torch.exp(-2j * math.pi * cutoff * torch.arange(time) / RATE)
    number = torch.tensor([[cutoff]], dtype=torch.float64)
    for mode in ("lowpass", "highpass"):
        weights = Weights({"lowpass": float(mode == "lowpass"), "highpass": float(mode == "highpass")})
        gain = (Onepole().forward(dsp, x, number, weights) * phase).sum().abs()
        assert 20 * math.log10(float(gain)) == pytest.approx(-3.01, abs=0.3)

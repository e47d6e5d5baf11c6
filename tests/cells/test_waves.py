"""Shapes, spectra and spectral gradients of the oscillators that have edges."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

RATE = 24_000


def distance(x: Tensor, y: Tensor) -> Tensor:
    """Multi-scale distance of magnitudes."""
    total = torch.zeros((), dtype=torch.float64)
    for points in (2048, 1024, 512, 256):
        a, b = (magnitudes(one, points) for one in (x, y))
        total = total + (a - b).square().mean()
    return total


def magnitudes(x: Tensor, points: int) -> Tensor:
    window = torch.hann_window(points, dtype=torch.float64)
    spectrum = torch.stft(x, points, points // 4, window=window, return_complex=True)
    return torch.sqrt(spectrum.real.square() + spectrum.imag.square() + 1e-12)


@pytest.mark.parametrize("freq", [55.0, 110.3, 220.7, 441.1, 1247.0, 3203.0])
@pytest.mark.parametrize("name", ["saw", "pulse", "triangle", "sine"])
def test_spectral_gradient_by_pitch(name: str, freq: float, alone: Any) -> None:
    """d loss / d log2 freq is the finite difference within 5 %."""
    one = alone(name, rate=RATE, seconds=0.34, dtype=torch.float64)

    def render(octaves: Tensor) -> Tensor:
        pitch = freq * torch.exp(octaves * math.log(2))
        return one.run({**one.values(), "freq": pitch.view(1, 1)})

    target = render(torch.tensor(0.031, dtype=torch.float64)).detach()
    gradient, difference = gradients(lambda octaves: distance(render(octaves), target), 1e-5)
    assert gradient == pytest.approx(difference, rel=0.05)


def test_the_test_tells_a_naive_sawtooth(alone: Any) -> None:
    """Without its polynomial step a sawtooth fails the test above: the jumps that carry the change have no gradient."""
    time = torch.arange(8192, dtype=torch.float64) / RATE

    def render(octaves: Tensor) -> Tensor:
        phase = 441.1 * torch.exp(octaves * math.log(2)) * time
        return (1 - 2 * (phase - phase.floor()))[None]

    target = render(torch.tensor(0.031, dtype=torch.float64))
    gradient, difference = gradients(lambda octaves: distance(render(octaves), target), 1e-5)
    assert abs(gradient / difference - 1) > 0.5


@pytest.mark.parametrize("width", [0.1, 0.37, 0.46, 0.8])
def test_spectral_gradient_by_width(width: float, alone: Any) -> None:
    one = alone("pulse", rate=RATE, seconds=0.34, dtype=torch.float64)

    def render(more: Tensor) -> Tensor:
        values = {**one.values(), "freq": torch.tensor([[311.0]]).double()}
        return one.run({**values, "width": (width + more).view(1, 1)})

    target = render(torch.tensor(0.06, dtype=torch.float64)).detach()
    gradient, difference = gradients(lambda more: distance(render(more), target), 1e-4)
    assert gradient == pytest.approx(difference, rel=0.05)


def gradients(loss: Any, step: float) -> tuple[float, float]:
    """By autograd and by a central difference. 1e-5 octaves move the last edges by a twentieth of a sample."""
    start = torch.zeros((), dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(loss(start), start)
    with torch.no_grad():
        difference = (loss(start + step) - loss(start - step)) / (2 * step)
    return float(gradient), float(difference)


@pytest.mark.parametrize(("name", "limit"), [("saw", -30.0), ("pulse", -30.0), ("triangle", -50.0)])
def test_aliases_are_weak(name: str, limit: float, alone: Any) -> None:
    """Of 2.5 kHz at 44.1 kHz, the worst line below 16 kHz that is no harmonic. (A naive sawtooth: -22 dB.)"""
    one = alone(name, rate=44_100, seconds=1.0, dtype=torch.float64)
    freq = 2501.0
    heard = one.run({**one.values(), "freq": torch.tensor([[freq]]).double()})
    level = torch.fft.rfft(heard[0] * torch.blackman_window(one.samples, dtype=torch.float64)).abs()
    bins = torch.arange(len(level), dtype=torch.float64)
    harmonic = ((bins / freq).round() * freq - bins).abs() < 4
    worst = level[(~harmonic) & (bins < 16_000) & (bins > 20)].max()
    assert 20 * math.log10(float(worst / level.max())) < limit


@pytest.mark.parametrize("name", ["saw", "pulse", "triangle"])
def test_shape_away_from_edges(name: str, alone: Any) -> None:
    one = alone(name, rate=48_000, dtype=torch.float64)
    heard = one.run({**one.values(), "freq": torch.tensor([[100.0]]).double()})[0]
    phase = torch.arange(one.samples, dtype=torch.float64) * 100 / 48_000 % 1
    naive = {
        "saw": 1 - 2 * phase,
        "pulse": torch.where(phase < 0.5, 1.0, -1.0),
        "triangle": 1 - 4 * ((phase + 0.25) % 1 - 0.5).abs(),
    }[name]
    edges = {"saw": (0.0, 1.0), "pulse": (0.0, 0.5, 1.0), "triangle": (0.25, 0.75)}[name]
    away = torch.stack([(phase - edge).abs() > 0.003 for edge in edges]).all(0)
    torch.testing.assert_close(heard[away], naive[away].double(), rtol=0, atol=1e-9)
    assert heard.abs().max() < 1.01


def test_pulse_has_no_offset_of_its_own(alone: Any) -> None:
    """The mean of a pulse is 2 width - 1, exactly as drawn."""
    one = alone("pulse", rate=48_000, seconds=0.1, dtype=torch.float64)
    for width in (0.05, 0.3, 0.5, 0.95):
        values = {
            **one.values(),
            "freq": torch.tensor([[100.0]]).double(),
            "width": torch.tensor([[width]], dtype=torch.float64),
        }
        assert float(one.run(values).mean()) == pytest.approx(2 * width - 1, abs=1e-9)


def test_partials_above_nyquist_are_silent(alone: Any) -> None:
    one = alone("harmonic", rate=16_000, seconds=0.5, dtype=torch.float64, sizes={"partials": 60})
    heard = one.run({**one.values(), "freq": torch.tensor([[1000.0]]).double()})
    level = torch.fft.rfft(heard[0]).abs()
    bins = torch.arange(len(level), dtype=torch.float64) * 2
    off = ((bins / 1000).round() * 1000 - bins).abs() > 1
    assert level[off].max() / level.max() < 1e-10
    assert level[-1] / level.max() < 1e-10


@pytest.mark.parametrize("name", ["sine", "saw", "pulse", "triangle", "square_saw", "harmonic"])
def test_a_negative_frequency_runs_backwards(name: str, alone: Any) -> None:
    """All waves here are odd: backwards is upside down. At zero a wave stands still, and has a gradient."""
    one = alone(name, rate=RATE, dtype=torch.float64, sizes={"partials": 8} if name == "harmonic" else {})
    forwards, backwards = (
        one.run({**one.values(), "freq": torch.tensor([[freq]]).double()}) for freq in (311.0, -311.0)
    )
    torch.testing.assert_close(backwards.double(), -forwards.double(), rtol=0, atol=1e-6)
    still = torch.zeros(1, 1, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(one.run({**one.values(), "freq": still}).square().sum(), still)
    assert gradient.isfinite().all()

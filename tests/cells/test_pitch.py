"""Oscillators are in tune: pitch from the gradient of the phase, at every rate, for long sounds, and under vibrato."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

OSCILLATORS = ("sine", "triangle", "saw", "pulse", "harmonic")


def cents_off(sound: Tensor, rate: float, freq: float, seconds: float = 0.05) -> float:
    """How far the fundamental of `sound` `[time]` is from `freq`: the gradient of its phase, in blocks of `seconds`."""
    time = torch.arange(len(sound), dtype=torch.float64) / rate
    phase = sound.double() * torch.exp(-2j * math.pi * freq * time)
    block = round(rate * seconds)
    count = len(sound) // block
    heard = (phase[: count * block].view(count, block) * torch.hann_window(block, dtype=torch.float64)).sum(1)
    steps = (heard[1:] / heard[:-1]).angle()
    phase = torch.cat([torch.zeros(1, dtype=torch.float64), steps.cumsum(0)])
    at = torch.arange(count, dtype=torch.float64) * block / rate
    gradient = ((at - at.mean()) * (phase - phase.mean())).sum() / (at - at.mean()).square().sum()
    return abs(1200 * math.log2(1 + float(gradient) / (2 * math.pi * freq)))


@pytest.mark.parametrize("moving", [False, True])
@pytest.mark.parametrize("name", OSCILLATORS)
def test_ten_seconds_at_3520_hz(name: str, moving: bool, alone: Any) -> None:
    one = alone(name, rate=44_100, seconds=10.0)
    values = one.values()
    values["freq"] = torch.full((1, one.samples if moving else 1), 3520.0)
    assert cents_off(one.run(values)[0], one.rate, 3520.0) < 0.05


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("name", OSCILLATORS)
def test_every_rate(name: str, rate: int, alone: Any) -> None:
    one = alone(name, rate=rate, seconds=1.0)
    values = one.values()
    values["freq"] = torch.tensor([[440.0]])
    assert cents_off(one.run(values)[0], rate, 440.0) < 0.01


@pytest.mark.parametrize("rate", [8_000, 48_000])
@pytest.mark.parametrize("shape", ["sine", "triangle", "square", "saw"])
def test_lfo(shape: str, rate: int, alone: Any) -> None:
    one = alone("lfo", rate=rate, seconds=10.0)
    values = one.values()
    values["rate"] = torch.tensor([[4.0]])
    values["shape"] = {member: float(member == shape) for member in values["shape"]}
    assert cents_off(one.run(values)[0], one.clock, 4.0, seconds=1.0) < 0.05


def test_vibrato_turns_the_phase_by_its_integral(alone: Any) -> None:
    one = alone("sine", rate=48_000, seconds=2.0, dtype=torch.float64)
    time = torch.arange(one.samples, dtype=torch.float64)[None] / one.rate
    freq = 880 * (1 + 0.03 * torch.sin(2 * math.pi * 6 * time))
    values = {**one.values(), "freq": freq}
    exact = 880 * (time + 0.03 * (1 - torch.cos(2 * math.pi * 6 * time)) / (2 * math.pi * 6))
    heard = one.run(values)
    assert (heard - torch.sin(2 * math.pi * exact)).abs().max() < 3e-3  # the rectangle rule of one sample


@pytest.mark.parametrize("name", ["sine", "triangle", "saw", "pulse"])
def test_phase_port(name: str, alone: Any) -> None:
    """A quarter of a cycle ahead is the sound a quarter of a period later."""
    one = alone(name, rate=48_000, dtype=torch.float64)
    values = {**one.values(), "freq": torch.tensor([[100.0]]).double()}
    ahead = one.run({**values, "phase": torch.tensor([[0.25]]).double()})
    torch.testing.assert_close(ahead[:, :-120], one.run(values)[:, 120:], rtol=1e-9, atol=1e-9)


def test_phase_modulation_index(alone: Any) -> None:
    """An index of one radian puts Bessel's J1(1) = 0.4401 into the first side bands."""
    one = alone("sine", rate=48_000, seconds=1.0, dtype=torch.float64)
    time = torch.arange(one.samples, dtype=torch.float64)[None] / one.rate
    mod = torch.sin(2 * math.pi * 200 * time) / (2 * math.pi)
    heard = one.run({**one.values(), "freq": torch.tensor([[2000.0]]).double(), "phase": mod})
    spectrum = torch.fft.rfft(heard[0]).abs() * 2 / one.samples
    assert spectrum[2000] == pytest.approx(0.7652, abs=1e-3)
    assert spectrum[2200] == pytest.approx(0.4401, abs=1e-3)
    assert spectrum[1800] == pytest.approx(0.4401, abs=1e-3)

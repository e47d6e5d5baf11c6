"""Noise and filters mean the same at every sample rate."""

from __future__ import annotations

import cmath
import math
from typing import Any

import pytest
import torch

RATES = [16_000, 44_100, 48_000, 96_000]


@pytest.mark.parametrize("rate", RATES)
def test_noise_has_the_same_power_a_hertz(rate: int, alone: Any) -> None:
    one = alone("noise", rate=rate, seconds=2.0, dtype=torch.float64)
    power = float(one.run(one.values()).square().mean()) / (rate / 2)
    assert 10 * math.log10(power / (1 / 3 / 24_000)) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("rate", [22_050, *RATES])
@pytest.mark.parametrize("cutoff", [20.0, 500.0, 2000.0, 5000.0, 7000.0])
@pytest.mark.parametrize("mode", ["lowpass", "highpass"])
def test_onepole_is_3_decibels_down_at_its_corner(mode: str, cutoff: float, rate: int, alone: Any) -> None:
    assert 20 * math.log10(gain(alone, mode, cutoff, cutoff, rate)) == pytest.approx(-3.0103, abs=0.01)


def test_highpass_is_whole_at_nyquist(alone: Any) -> None:
    assert gain(alone, "highpass", 2000.0, 24_000.0, 48_000) == pytest.approx(1.0, abs=1e-6)


def gain(alone: Any, mode: str, cutoff: float, freq: float, rate: int) -> float:
    """By the response to a click."""
    one = alone("onepole", rate=rate, seconds=0.5, dtype=torch.float64)
    click = torch.zeros(1, one.samples, dtype=torch.float64)
    click[0, 0] = 1.0
    choice = {name: float(name == mode) for name in ("lowpass", "highpass")}
    corner = torch.tensor([[cutoff]], dtype=torch.float64)
    heard = one.run({**one.values(), "in": click, "cutoff": corner, "mode": choice})[0]
    ticks = torch.arange(one.samples, dtype=torch.float64)
    whole = (heard * torch.exp(ticks * cmath.rect(2 * math.pi * freq / rate, -math.pi / 2))).sum()
    return float(whole.abs())

"""Sounds without a mean: the DC blocker, and pulses of any width."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch


@pytest.mark.parametrize("rate", [16_000, 48_000, 192_000])
def test_dc_block_takes_a_mean_away_and_leaves_the_rest(rate: int, alone: Any) -> None:
    one = alone("dc_block", rate=rate, seconds=1.0)
    time = torch.arange(one.samples, dtype=torch.float64) / rate
    hum = torch.sin(2 * math.pi * 100 * time)
    heard = one.run({**one.values(), "in": (hum + 0.5)[None].float()})[0, -rate // 10 :].double()
    assert abs(float(heard.mean())) < 1e-3
    assert float(heard.square().mean()) == pytest.approx(0.5, rel=0.02)


@pytest.mark.parametrize("width", [0.05, 0.1, 0.37, 0.5, 0.9])
@pytest.mark.parametrize("freq", [100.0, 1000.0, 5000.0])
def test_a_pulse_can_be_without_a_mean(freq: float, width: float, alone: Any) -> None:
    one = alone("pulse", rate=48_000, seconds=0.5, dtype=torch.float64)
    numbers = {"freq": freq, "width": width, "dc": 0.0}
    given = {name: torch.tensor([[value]], dtype=torch.float64) for name, value in numbers.items()}
    without, mean = one.run({**one.values(), **given}), 2 * width - 1
    assert abs(float(without.mean())) < 1e-3
    whole = one.run({**one.values(), **given, "dc": torch.ones(1, 1).double()})
    torch.testing.assert_close(whole - without, torch.full_like(whole, mean))

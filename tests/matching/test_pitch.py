"""Pitch by listening: tones of every register and shape, without octave slips, and no pitch where there is none."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from patchc.matching.pitch import find_pitch

REGISTERS = [55.0 * 2 ** (k / 4 + 0.013) for k in range(21)]  # 55 to 1760 Hz, none on a round period


def partials(frequency: float, rate: int, amplitudes: dict[int, float], seconds: float = 0.6) -> Tensor:
    time = torch.arange(int(rate * seconds), dtype=torch.float64) / rate
    heard = {k: a for k, a in amplitudes.items() if k * frequency < 0.48 * rate}
    return sum(
        (a * torch.sin(2 * math.pi * frequency * k * time + k) for k, a in heard.items()), torch.zeros_like(time)
    )


SHAPES = {
    "sine": {1: 1.0},
    "saw": {k: 1 / k for k in range(1, 60)},
    "square": {k: 1 / k for k in range(1, 60, 2)},
    "no fundamental": {k: 1 / k for k in range(2, 9)},
    "weak fundamental": {1: 0.05, 2: 1.0, 3: 0.5, 4: 0.5, 5: 0.3},
}


def cents(found: float, true: float) -> float:
    return abs(1200 * math.log2(found / true))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_register_is_found_within_three_cents(shape: str) -> None:
    for frequency in REGISTERS:
        rate = 16_000 if frequency < 900 else 44_100
        found = find_pitch(partials(frequency, rate, SHAPES[shape]), rate)
        assert found is not None
        assert cents(found.frequency, frequency) < 3, (frequency, found)
        assert found.confidence > 0.9


def test_noise_and_decay_do_not_hide_it() -> None:
    clean = partials(196.0, 44_100, SHAPES["saw"])
    time = torch.arange(len(clean), dtype=torch.float64) / 44_100
    noise = torch.randn(len(clean), generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = find_pitch(clean * torch.exp(-4 * time) + 0.02 * noise, 44_100)
    assert found is not None
    assert cents(found.frequency, 196.0) < 5


def test_silence_before_a_tone_is_not_listened_to() -> None:
    found = find_pitch(torch.cat([torch.zeros(30_000).double(), partials(330.0, 44_100, {1: 1.0})]), 44_100)
    assert found is not None
    assert cents(found.frequency, 330.0) < 3


def test_vibrato_is_heard_at_its_middle() -> None:
    time = torch.arange(44_100, dtype=torch.float64) / 44_100
    phase = 220 * time + 0.2 * torch.sin(2 * math.pi * 5 * time)
    found = find_pitch(torch.sin(2 * math.pi * phase), 44_100)
    assert found is not None
    assert cents(found.frequency, 220.0) < 50


@pytest.mark.parametrize(
    "signal", [torch.zeros(20_000), torch.ones(3), torch.randn(40_000, generator=torch.Generator().manual_seed(0))]
)
def test_where_nothing_repeats_there_is_no_pitch(signal: Tensor) -> None:
    assert find_pitch(signal, 44_100) is None

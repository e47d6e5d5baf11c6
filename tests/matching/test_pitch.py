"""Pitch estimated: tones of every register and shape, without octave slips, and no pitch where there is none."""

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


KEYS = [27.5 * 2 ** (key / 12) for key in range(88)]
TONES = {
    "sine": {1: 1.0},
    "saw": {k: 1 / k for k in range(1, 80)},
    "pulse": {k: math.sin(math.pi * k / 4) / k for k in range(1, 80)},
    "harmonic": dict(enumerate([0.2, 0.5, 0.1, 0.8, 0.3, 0.4, 0.1, 0.3], 1)),
}
LENGTHS = [(0.05, 8_000), (0.05, 48_000), (0.3, 22_050), (0.6, 44_100)]


@pytest.mark.parametrize("shape", TONES)
@pytest.mark.parametrize(("seconds", "rate"), LENGTHS)
def test_all_keys_of_three_periods_are_found_within_ten_cents(shape: str, seconds: float, rate: int) -> None:
    keys = [key for key in KEYS[:: 1 if seconds < 0.1 else 5] if key * seconds >= 3 and key < 0.49 * rate]
    found = {key: find_pitch(partials(key, rate, TONES[shape], seconds).float(), rate) for key in keys}
    assert [key for key, pitch in found.items() if pitch is None or cents(pitch.frequency, key) > 10] == []


@pytest.mark.parametrize("key", [KEYS[0], KEYS[-1]])
def test_the_lowest_and_the_highest_key(key: float) -> None:
    found = find_pitch(partials(key, 48_000, {k: 1 / k for k in range(1, 21)}, 1.0).float(), 48_000)
    assert found is not None
    assert cents(found.frequency, key) < 10


@pytest.mark.parametrize("seconds", [0.05, 1.0])
@pytest.mark.parametrize("level", [1.0, 0.1, -0.3])
def test_a_constant_has_no_pitch(seconds: float, level: float) -> None:
    assert find_pitch(torch.full((int(seconds * 48_000),), level), 48_000) is None


@pytest.mark.parametrize("seconds", [0.05, 0.5])
@pytest.mark.parametrize("rate", [8_000, 48_000])
def test_noise_clicks_ramps_and_what_is_too_low_have_none(seconds: float, rate: int) -> None:
    count = int(seconds * rate)
    time = torch.arange(count) / rate
    white = torch.randn(count, generator=torch.Generator().manual_seed(5))
    click = torch.zeros(count)
    click[count // 2] = 1.0
    two = click.clone()
    two[count // 2 + rate // 150] = 1.0
    signals = (white, white.cumsum(0), click, two, time, (time > 0.02).float(), torch.sin(2 * math.pi * 15 * time))
    assert [find_pitch(signal, rate) for signal in signals] == [None] * len(signals)


@pytest.mark.parametrize("offset", [0.01, 0.5, -3.0])
def test_a_constant_offset_does_not_hide_a_tone(offset: float) -> None:
    found = find_pitch(0.01 * partials(330.0, 48_000, {1: 1.0}) + offset, 48_000)
    assert found is not None
    assert cents(found.frequency, 330.0) < 3


@pytest.mark.parametrize("ratio", [2 ** (4 / 12), 2 ** (5 / 12), 2 ** (7 / 12), 2 ** (9 / 12)])
@pytest.mark.parametrize("shape", ["sine", "saw"])
def test_two_notes_at_once_are_not_trusted(ratio: float, shape: str) -> None:
    few = {k: a for k, a in TONES[shape].items() if k < 12}
    found = find_pitch(partials(220.0, 16_000, few) + partials(220.0 * ratio, 16_000, few), 16_000)
    assert found is None or found.confidence <= 0.4

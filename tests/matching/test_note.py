"""When a note begins and is let go, and how loud it is, by listening."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from patchc.matching.note import Note, constant_offset, find_note, level_curve

RATE = 16_000


def tone(envelope: Tensor) -> Tensor:
    time = torch.arange(len(envelope), dtype=torch.float64) / RATE
    return envelope * torch.sin(2 * math.pi * 220 * time)


def seconds(duration: float) -> Tensor:
    return torch.arange(int(duration * RATE), dtype=torch.float64) / RATE


def played(on: float, off: float, total: float, release: float) -> Tensor:
    time = seconds(total)
    rise = ((time - on) / 0.01).clamp(0, 1)
    return tone(rise * torch.exp(-(time - off).clamp(min=0) / release))


@pytest.mark.parametrize(("on", "off", "release"), [(0.0, 1.0, 0.02), (0.3, 1.2, 0.05), (0.1, 0.5, 0.2)])
def test_a_held_note_is_let_go_where_it_begins_to_fall(on: float, off: float, release: float) -> None:
    note = find_note(played(on, off, 2.0, release), RATE)
    assert note.on == pytest.approx(on, abs=0.02)
    assert note.off == pytest.approx(off, abs=0.04)


def test_an_even_decay_is_held_until_it_is_no_longer_heard() -> None:
    note = find_note(tone(torch.exp(-seconds(2.0) / 0.15)), RATE)
    assert note.on == 0.0
    assert note.off == pytest.approx(0.15 * 40 / 8.686, abs=0.06)  # 40 dB below the start


def test_a_note_that_sounds_to_the_end_is_held_to_the_end() -> None:
    assert find_note(tone(torch.ones(RATE, dtype=torch.float64)), RATE) == Note(0.0, 1.0)


def test_silence_is_one_long_note() -> None:
    assert find_note(torch.zeros(RATE), RATE) == Note(0.0, 1.0)


def test_the_level_of_a_tone_is_its_rms() -> None:
    curve = level_curve(tone(0.5 * torch.ones(RATE, dtype=torch.float64)), RATE, 160)
    assert curve.shape == (101,)
    assert curve[50].item() == pytest.approx(20 * math.log10(0.5) - 3.01, abs=0.1)


def test_the_level_of_silence_is_finite() -> None:
    assert level_curve(torch.zeros(RATE), RATE, 160).isfinite().all()


@pytest.mark.parametrize("offset", [0.01, 0.02, 0.05, 0.1, -2.0])
def test_a_constant_offset_does_not_hide_the_note(offset: float) -> None:
    note = find_note(0.5 * played(0.3, 1.0, 2.0, 0.05) + offset, RATE)
    assert note.on == pytest.approx(0.3, abs=0.02)
    assert note.off == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("frequency", [27.5, 31.0, 55.0])
def test_a_low_tone_has_no_offset(frequency: float) -> None:
    low = torch.sin(2 * math.pi * frequency * seconds(2.0))
    assert abs(constant_offset(low, RATE)) < 3e-3
    assert constant_offset(low + 0.2, RATE) == pytest.approx(0.2, abs=3e-3)

"""What a target does and its match does not is said, with a way out; of a sound that is the same, nothing."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from patchc.matching.contrast import contrasts

RATE = 16_000
TIME = torch.arange(RATE, dtype=torch.float64) / RATE
NOISE = torch.randn(RATE, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def tone(cents: float = 0.0, partials: int = 6) -> Tensor:
    """A tone of 220 Hz whose pitch swings by `cents` to both sides."""
    phase = 220 * TIME + 220 * (2 ** (cents / 1200) - 1) / (2 * math.pi * 5) * torch.sin(2 * math.pi * 5 * TIME)
    return sum((torch.sin(2 * math.pi * k * phase) / k for k in range(1, partials + 1)), torch.zeros_like(TIME))


SAID = {
    "the pitch of the target moves over": (tone(150), tone()),
    "the patch has no source of noise": (tone() + 0.8 * NOISE, tone()),
    "the target has no pitch and the match has one": (NOISE, tone()),
    "the target sounds until 1 s, the match until 0.4": (tone(), tone() * (TIME < 0.4)),
    "the match until 1 s: give the decay or release a range that reaches shorter": (tone() * (TIME < 0.4), tone()),
    "over time the level of the match is": (tone() * torch.exp(-4 * TIME), tone() * torch.exp(-4 * (1 - TIME))),
    "the brightness of the target moves over": (tone(0, 2) * (TIME < 0.5) + tone(0, 30) * (TIME > 0.4), tone()),
    "the match is darker than the target": (tone(0, 30), tone(0, 1)),
}


@pytest.mark.parametrize("sentence", SAID)
def test_what_is_said(sentence: str) -> None:
    target, found = SAID[sentence]
    said = list(contrasts(target, found, RATE, sources=False))
    assert any(sentence in one for one in said), said


def test_noise_that_is_there_has_its_range_named() -> None:
    said = list(contrasts(tone() + 0.8 * NOISE, tone(), RATE, sources=True))
    assert [one for one in said if "give the level of the patch's noise a wider range" in one]


@pytest.mark.parametrize("sound", [tone(), tone(150), NOISE, tone() * torch.exp(-6 * TIME), 0 * TIME])
def test_of_the_same_sound_nothing_is_said(sound: Tensor) -> None:
    assert list(contrasts(sound, 0.5 * sound, RATE, sources=False)) == []


@pytest.mark.parametrize("length", [1, 40, 400])
def test_short_sounds_are_taken(length: int) -> None:
    assert list(contrasts(tone()[:length], tone()[:length], RATE, sources=False)) == []

"""What `render` remarks about sounds that do not lie around zero, and about channels that cancel."""

from __future__ import annotations

import torch

from patchc.cli.balance import LEAST_LOSS, LEAST_OFFSET, balance


def tone() -> torch.Tensor:
    return 0.5 * torch.sin(torch.arange(4_800) * (2 * torch.pi / 48))


def codes(audio: torch.Tensor) -> list[str]:
    return [one.code for one in balance("x.wav", audio)]


def test_ordinary_sounds_are_not_mentioned() -> None:
    assert codes(tone()) == []
    assert codes(torch.stack([tone(), tone()])) == []
    assert codes(torch.stack([tone(), torch.zeros(4_800)])) == []
    assert codes(torch.zeros(2, 4_800)) == []


def test_a_constant_offset_is_said() -> None:
    (found,) = balance("x.wav", torch.full((4_800,), 0.1))
    assert (found.code, "-20.0 dBFS" in found.message) == ("P622", True)
    assert codes(tone() + 10 ** ((LEAST_OFFSET - 2) / 20)) == []


def test_channels_that_cancel_are_said() -> None:
    (found,) = balance("x.wav", torch.stack([tone(), -tone()]))
    assert found.code == "P623"
    assert codes(torch.stack([tone(), -0.9 * tone()])) == []
    assert LEAST_LOSS > 20

"""What curves make above the Nyquist limit is taken away: nothing comes out below the pitch that went in."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

RATE = 48_000


def below(x: Tensor, freq: float) -> float:
    """The loudest line below `freq`, in dB next to the loudest of all."""
    window = torch.kaiser_window(len(x), periodic=False, beta=22.0, dtype=torch.float64)
    level = torch.fft.rfft(x * window).abs()
    hertz = torch.arange(len(level)) * RATE / len(x)
    return 20 * math.log10(float(level[(hertz > 20) & (hertz < freq - 20)].max() / level.max()))


def bent(alone: Any, name: str, freq: float, drive: float, sizes: dict[str, float], **values: Any) -> Tensor:
    one = alone(name, rate=RATE, seconds=0.7, dtype=torch.float64, sizes=sizes)
    time = torch.arange(one.samples, dtype=torch.float64) / RATE
    gain = torch.tensor([[10 ** (drive / 20)]], dtype=torch.float64)
    heard: Tensor = one.run({**one.values(), "in": torch.sin(2 * math.pi * freq * time)[None], "drive": gain, **values})
    return heard[0, 600:]


@pytest.mark.parametrize(("freq", "drive"), [(2093.0, 24.0), (1900.0, 24.0), (2200.0, 24.0), (880.0, 30.0)])
@pytest.mark.parametrize("name", ["tanh", "cubic", "fold", "wavefolder"])
def test_nothing_below_the_pitch(name: str, freq: float, drive: float, alone: Any) -> None:
    """Plain curves: -34, -32, -47 and 0 dB at 2,093 Hz and 24 dB."""
    choice = {"shape": {one: float(one == name) for one in ("tanh", "cubic", "fold")}} if name != "wavefolder" else {}
    heard = bent(alone, name if name == "wavefolder" else "shaper", freq, drive, {}, **choice)
    assert below(heard, freq) < -60


@pytest.mark.parametrize(("name", "limit"), [("tanh", -60.0), ("cubic", -60.0), ("fold", -60.0)])
def test_high_notes(name: str, limit: float, alone: Any) -> None:
    """The plain curves: -22, -22 and -15 dB."""
    choice = {"shape": {one: float(one == name) for one in ("tanh", "cubic", "fold")}}
    assert below(bent(alone, "shaper", 4186.0, 24.0, {}, **choice), 4186.0) < limit


def test_high_notes_through_a_wavefolder(alone: Any) -> None:
    """24 dB of drive fold the highest note of a piano 16 times a cycle: four parts of a sample are too few for it."""
    assert below(bent(alone, "wavefolder", 4186.0, 24.0, {}), 4186.0) < -45
    assert below(bent(alone, "wavefolder", 4186.0, 24.0, {"oversample": 8}), 4186.0) < -60


@pytest.mark.parametrize("oversample", [2, 3, 4, 8])
def test_quiet_sound_passes_five_samples_later(oversample: int, alone: Any) -> None:
    heard = bent(alone, "wavefolder", 500.0, -40.0, {"oversample": oversample})
    time = torch.arange(600, 600 + len(heard), dtype=torch.float64) - 5
    expected = 0.01 * torch.sin(2 * math.pi * 500.0 * time / RATE)
    torch.testing.assert_close(heard, expected, rtol=0, atol=2e-6)


@pytest.mark.parametrize("name", ["shaper", "wavefolder"])
def test_gradient_where_samples_are_equal(name: str, alone: Any) -> None:
    one = alone(name, rate=RATE, seconds=0.01, dtype=torch.float64)
    flat = torch.full((1, one.samples), 0.3, dtype=torch.float64)

    def loudness(drive: Tensor) -> Tensor:
        heard: Tensor = one.run({**one.values(), "in": flat, "drive": drive})
        return heard.square().sum()

    drive = torch.tensor([[7.0]], dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(loudness(drive), drive)
    difference = (loudness(drive.detach() + 1e-6) - loudness(drive.detach() - 1e-6)) / 2e-6
    assert float(gradient) == pytest.approx(float(difference), rel=1e-6)

"""Pictures: they are PNGs, show what they are given, and stay of a size that can be opened."""

from __future__ import annotations

import io
import math
import struct
import subprocess
import sys

import matplotlib.image
import numpy as np
import pytest
import torch

from patchc.cells.spec import Kind
from patchc.media import picture
from patchc.media.picture import Signal, draw_pair, draw_signals
from patchc.media.spectrogram import spectrogram

RATE = 16_000


def tone(frequency: float = 440.0, seconds: float = 0.5) -> torch.Tensor:
    return torch.sin(2 * math.pi * frequency * torch.arange(int(seconds * RATE)) / RATE)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


def pixels(png: bytes) -> np.ndarray:
    return matplotlib.image.imread(io.BytesIO(png))


def test_a_picture_grows_by_a_row_for_every_signal() -> None:
    audio, control = Signal("osc", tone(), RATE), Signal("lfo", tone(3.0)[::20], RATE / 20, Kind.CONTROL)
    one, two, three = (size(draw_signals(signals)) for signals in ([audio], [audio, audio], [audio, control]))
    assert one[0] == two[0] == three[0]
    assert one[1] < three[1] < two[1]


def test_another_sound_is_another_picture() -> None:
    assert (
        pixels(draw_signals([Signal("a", tone(440), RATE)])) != pixels(draw_signals([Signal("a", tone(3000), RATE)]))
    ).any()


@pytest.mark.parametrize(
    "values", [torch.zeros(4000), torch.full((4000,), torch.nan), torch.ones(1), 1e-12 * torch.ones(4000), tone() * 50]
)
@pytest.mark.parametrize("kind", [Kind.AUDIO, Kind.CONTROL])
def test_odd_signals_are_drawn_too(values: torch.Tensor, kind: Kind) -> None:
    size(draw_signals([Signal("odd", values, RATE, kind)], "heading"))


def test_titles_are_drawn_as_they_stand() -> None:
    size(draw_signals([Signal("cash $1 and $2 $\\frac$ 声", tone(), RATE)], "$"))


def test_more_signals_than_fit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MOST_ROWS", 2)
    many = [Signal(str(i), tone(), RATE) for i in range(5)]
    assert size(draw_signals(many)) == size(draw_signals(many[:2]))


def test_the_tallest_picture_can_be_drawn() -> None:
    curve = Signal("c", torch.linspace(0, 1, 50), 50, Kind.CONTROL)
    assert size(draw_signals([curve] * 500))[1] < 2**15


def test_two_sounds_stand_side_by_side_on_one_scale() -> None:
    same = pixels(draw_pair(Signal("a", tone(), RATE), Signal("a", tone(), RATE)))
    softer = pixels(draw_pair(Signal("a", tone(), RATE), Signal("a", 0.1 * tone(), RATE)))
    middle = same.shape[1] // 2
    assert (same[:, :middle] == softer[:, :middle]).all()
    assert (same[:, middle:] != softer[:, middle:]).any()


@pytest.mark.parametrize("frequency", [60.0, 440.0, 5000.0])
def test_a_tone_is_bright_at_its_frequency_and_at_its_level(frequency: float) -> None:
    seen = spectrogram(0.5 * tone(frequency), RATE)
    column = seen.decibels[:, seen.decibels.shape[1] // 2]
    brightest = seen.low * (seen.high / seen.low) ** ((column.argmax() + 0.5) / len(column))
    assert abs(math.log2(brightest / frequency)) < 0.08
    assert column.max() == pytest.approx(-6.0, abs=0.5)


def test_matplotlib_is_loaded_only_to_draw() -> None:
    code = "import sys, patchc.media.picture, patchc.matching.report; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

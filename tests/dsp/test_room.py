"""Noise made to measure: bands have the level asked for, rooms fall as fast as asked for."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from patchc.dsp.reference import TensorDsp
from patchc.dsp.room import total

RATE = 16_000.0


def machine(time: int, seed: int = 0, **more: float) -> TensorDsp:
    return TensorDsp(**{"rate": RATE, "time": time, "dtype": torch.float64, "seed": seed, "key": 5, **more})


def band_levels(sound: Tensor, bands: int) -> Tensor:
    """Root mean square in each band of `bands`, of `[time]`."""
    points = 2 * (bands - 1)
    windows = sound.unfold(0, points, points) * torch.hann_window(points, dtype=torch.float64)
    power = torch.fft.rfft(windows).abs().square().mean(0)
    return (power / torch.hann_window(points, dtype=torch.float64).square().sum()).sqrt()


def test_even_gains_are_white_noise_itself() -> None:
    dsp = machine(2000)
    for gains in (torch.ones(1, 1, 9), torch.ones(1, 20, 9)):
        dsp.hop = 100
        torch.testing.assert_close(dsp.shaped_noise(gains.double()), dsp.noise(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("bands", [2, 17, 65, 257])
def test_gains_that_stand_still_frame_by_frame(bands: int) -> None:
    """The same filter in every frame is one filter, up to rounding, to the first sample and the last."""
    dsp = machine(3000, hop=21)
    gains = torch.rand(2, 1, bands, dtype=torch.float64)
    still, moving = (dsp.shaped_noise(gains.expand(-1, frames, -1)) for frames in (1, 144))
    torch.testing.assert_close(moving, still, rtol=1e-9, atol=1e-9)


def test_bands_have_their_level() -> None:
    """Within half a decibel away from the steps of the spectrum."""
    gains = torch.full((1, 1, 65), 0.1, dtype=torch.float64)
    gains[..., 10:30] = 1.0
    gains[..., 40:] = 0.3
    heard = machine(400_000).shaped_noise(gains)[0]
    level = 20 * torch.log10(band_levels(heard, 65) * math.sqrt(3))
    expected = 20 * torch.log10(gains[0, 0])
    inner = [*range(3, 7), *range(13, 27), *range(43, 62)]
    assert (level - expected)[inner].abs().max() < 0.5


def test_filter_follows_its_frames() -> None:
    """A filter that opens in the middle of the sound opens there."""
    hop, time = 20, 16_000
    gains = torch.full((1, time // hop + 1, 33), 1e-4, dtype=torch.float64)
    gains[:, gains.shape[1] // 2 :] = 1.0
    heard = machine(time, hop=hop).shaped_noise(gains)[0].abs()
    assert heard[: time // 2 - 200].max() < 1e-3
    assert heard[time // 2 + 200 :].max() > 0.9


@pytest.mark.parametrize("decay", [0.1, 0.4])
def test_room_falls_by_60_db(decay: float) -> None:
    """T60 by Schroeder's backward integration, from -5 to -35 dB."""
    time = 16_000
    x = torch.zeros(1, time, dtype=torch.float64)
    x[0, 0] = 1.0
    impulse_response = machine(time).reverberate(x, torch.tensor([[decay]], dtype=torch.float64), 1.0)[0]
    left = 10 * torch.log10(impulse_response.square().flip(0).cumsum(0).flip(0) / impulse_response.square().sum())
    start, end = (int((left < level).nonzero()[0]) for level in (-5.0, -35.0))
    assert 2 * (end - start) / RATE == pytest.approx(decay, rel=0.05)


def test_room_has_unit_energy() -> None:
    x = torch.zeros(1, 16_000, dtype=torch.float64)
    x[0, 0] = 1.0
    for decay in (0.05, 0.3, 4.0):
        impulse_response = machine(16_000).reverberate(x, torch.tensor([[decay]], dtype=torch.float64), 1.0)
        assert float(impulse_response.square().sum()) == pytest.approx(1.0, rel=1e-9)


def test_room_is_the_cells_and_not_the_seeds() -> None:
    x = torch.rand(1, 2000, dtype=torch.float64)
    decay = torch.tensor([[0.3]], dtype=torch.float64)
    one, other, third = machine(2000, seed=1), machine(2000, seed=2), machine(2000, key=6)
    assert torch.equal(one.reverberate(x, decay, 0.1), other.reverberate(x, decay, 0.1))
    assert not torch.allclose(one.reverberate(x, decay, 0.1), third.reverberate(x, decay, 0.1))


def test_room_is_the_same_for_long_and_short_sounds() -> None:
    x = torch.rand(1, 4000, dtype=torch.float64)
    decay = torch.tensor([[0.3]], dtype=torch.float64)
    long, short = (machine(time).reverberate(x[:, :time], decay, 0.5) for time in (4000, 1000))
    torch.testing.assert_close(long[:, :1000], short, rtol=1e-9, atol=1e-9)


def test_moving_decay_counts_by_its_mean() -> None:
    x = torch.rand(1, 1000, dtype=torch.float64)
    moving = torch.linspace(0.2, 0.4, 1000, dtype=torch.float64)[None]
    heard = machine(1000).reverberate(x, moving, 0.5)
    still = machine(1000).reverberate(x, torch.tensor([[0.3]], dtype=torch.float64), 0.5)
    torch.testing.assert_close(heard, still, rtol=1e-9, atol=1e-9)


def test_total() -> None:
    for length in (1, 1024, 1025, 50_000):
        x = torch.rand(3, length, dtype=torch.float64)
        torch.testing.assert_close(total(x), x.sum(1, keepdim=True))


@pytest.mark.parametrize("decay", [0.8, 4.0, 60.0])
def test_a_room_longer_than_what_is_computed_is_faded_out(decay: float) -> None:
    """Half as loud in the middle of the last tenth, and next to nothing at the end: it does not stop dead."""
    time = 16_000
    x = torch.zeros(1, time, dtype=torch.float64)
    x[0, 0] = 1.0
    room = machine(time).reverberate(x, torch.tensor([[decay]], dtype=torch.float64), 1.0)[0]

    def level(end: float) -> float:
        part = room[int((end - 0.01) * time) : int(end * time)]
        return 20 * math.log10(float(part.square().mean().sqrt()))

    falls = 60 * 0.05 / decay  # by itself, in the 50 ms to the middle of the fade
    assert level(0.9) - level(0.95) == pytest.approx(20 * math.log10(1 / 0.55) + falls, abs=2.0)
    assert level(0.9) - level(1.0) > 20

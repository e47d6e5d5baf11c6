"""The numbers losses give, held against closed forms and against another implementation."""

from __future__ import annotations

import math

import auraloss
import pytest
import scipy.fft
import torch
from torch import Tensor

from patchc.losses import spectra
from patchc.losses.control_l1 import ControlL1
from patchc.losses.control_stft import ControlStft
from patchc.losses.loudness import Loudness
from patchc.losses.mel_cepstrum import MelCepstrum
from patchc.losses.mss import Mss
from patchc.losses.transport import Transport

RATE = 16_000


def sine(frequency: float, seconds: float = 0.5, amplitude: float = 1.0, rate: int = RATE) -> Tensor:
    time = torch.arange(int(seconds * rate), dtype=torch.float64) / rate
    return amplitude * torch.sin(2 * math.pi * frequency * time)[None]


@pytest.mark.parametrize("size", [64, 512, 2048])
def test_mss_agrees_with_auraloss_where_both_say_the_same(size: int) -> None:
    generator = torch.Generator().manual_seed(size)
    middle = torch.randn(2, 2, 8000, generator=generator, dtype=torch.float64)
    # Silence at both ends: auraloss mirrors the signal there, we continue it with silence.
    prediction, target = torch.nn.functional.pad(middle, (size, size)).unbind(1)
    floor = 1e-4  # auraloss clamps power at the square of this
    ours = Mss(RATE, fft=[size], floor=20 * math.log10(floor / (size / 4)))
    theirs = auraloss.freq.STFTLoss(
        size, size // 4, size, w_sc=0.0, w_log_mag=1.0, w_lin_mag=1.0, eps=floor**2, reduction="none"
    )
    theirs.window = theirs.window.double()
    expected = theirs(prediction[:, None], target[:, None])
    torch.testing.assert_close(ours(prediction, target), expected.flatten(1).mean(-1), rtol=1e-4, atol=1e-6)


def test_several_scales_are_averaged() -> None:
    prediction, target = sine(440), sine(500)
    scales = [Mss(RATE, fft=[size])(prediction, target) for size in (512, 128)]
    torch.testing.assert_close(Mss(RATE, fft=[512, 128])(prediction, target), sum(scales, torch.zeros(1)) / 2)


def test_mss_does_not_hear_what_lies_below_the_floor() -> None:
    loss = Mss(RATE, floor=-60.0)
    assert loss(sine(440, amplitude=1e-6), torch.zeros(1, 8000, dtype=torch.float64)).item() < 1e-2
    assert loss(sine(440, amplitude=0.1), torch.zeros(1, 8000, dtype=torch.float64)).item() > 1e-1


@pytest.mark.parametrize("octaves", [-2.5, -1.0, 0.5, 2.0])
def test_transport_between_two_tones_is_their_interval(octaves: float) -> None:
    loss = Transport(RATE, level=0.0)
    assert loss(sine(800 * 2**octaves), sine(800)).item() == pytest.approx(abs(octaves), rel=0.04)


def test_transport_points_the_right_way_from_octaves_away() -> None:
    loss = Transport(RATE)
    for start in (60.0, 200.0, 3000.0, 6000.0):
        pitch = torch.tensor(math.log2(start), dtype=torch.float64, requires_grad=True)
        time = torch.arange(8000, dtype=torch.float64) / RATE
        value = loss(torch.sin(2 * math.pi * 2**pitch * time)[None], sine(800))
        (gradient,) = torch.autograd.grad(value.sum(), pitch)
        assert math.copysign(1, gradient.item()) == math.copysign(1, start - 800), start


def test_transport_says_level_apart_from_place() -> None:
    loss = Transport(RATE, level=1.0)
    assert loss(0.5 * sine(800), sine(800)).item() == pytest.approx(1.0, abs=1e-3)  # one halving


@pytest.mark.parametrize("gain", [-12.0, -3.0, 6.0])
def test_loudness_is_in_decibels(gain: float) -> None:
    target = sine(1000, amplitude=0.3)
    assert Loudness(RATE)(target * 10 ** (gain / 20), target).item() == pytest.approx(abs(gain), abs=1e-3)


def test_a_full_scale_tone_at_1_khz_is_at_0_db() -> None:
    curve = Loudness(RATE).curve(sine(1000))
    assert curve[0, 5].item() == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize(
    ("frequency", "weight"), [(31.62, -39.4), (100, -19.1), (501.2, -3.2), (3981, 1.0), (10_000, -2.5)]
)
def test_a_weighting_is_the_standards_table(frequency: float, weight: float) -> None:
    gain = spectra.a_weighting(torch.tensor([frequency], dtype=torch.float64))
    assert 10 * math.log10(gain.item()) == pytest.approx(weight, abs=0.06)


@pytest.mark.parametrize("bands", [8, 64, 300])
def test_mel_filters_add_up_to_one_and_none_is_empty(bands: int) -> None:
    filters = spectra.mel_filters(bands, 512, RATE, 100.0, 7000.0)
    assert (filters.sum(0) > 0).all()
    frequency = spectra.bin_frequencies(512, RATE)
    inner = (frequency > 1000) & (frequency < 5000)
    torch.testing.assert_close(filters.sum(1)[inner], torch.ones(int(inner.sum()), dtype=torch.float64))


def test_the_cosine_transform_is_the_orthonormal_dct() -> None:
    signal = torch.randn(3, 40, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    ours = signal @ spectra.cosine_matrix(40, 13)
    torch.testing.assert_close(ours, torch.from_numpy(scipy.fft.dct(signal.numpy(), norm="ortho"))[:, :13])


def test_a_change_of_level_moves_only_the_first_cepstral_coefficient() -> None:
    generator = torch.Generator().manual_seed(0)
    target = torch.randn(1, 8000, generator=generator, dtype=torch.float64)
    bands, coefficients = 40, 10
    value = MelCepstrum(RATE, bands=bands, coefficients=coefficients)(2 * target, target).item()
    assert value == pytest.approx(2 * math.log(2) * math.sqrt(bands) / coefficients, rel=1e-3)


def test_control_l1_is_the_mean_difference() -> None:
    curve = torch.tensor([[0.0, 0.5, 1.0, 0.0]])
    assert ControlL1(750)(curve, curve + 0.25).item() == pytest.approx(0.25)


def test_control_stft_hears_offset_and_speed_but_not_phase() -> None:
    time = torch.arange(1500, dtype=torch.float64) / 750
    slow, fast = torch.sin(2 * math.pi * 8 * time)[None], torch.sin(2 * math.pi * 16 * time)[None]
    shifted = torch.cos(2 * math.pi * 8 * time)[None]
    loss = ControlStft(750, windows=[0.68])
    assert loss(shifted, slow).item() < 0.2 * loss(fast, slow).item()
    assert loss(slow + 1, slow).item() > 0.5


def test_control_stft_weighs_a_constant_alike_at_every_window() -> None:
    flat = torch.ones(1, 1500, dtype=torch.float64)
    long, short = (ControlStft(750, windows=[w], log=0.0)(0.5 * flat, flat).item() for w in (0.68, 0.043))
    assert long == pytest.approx(short, rel=0.25)


@pytest.mark.parametrize("size", [64, 4096])
def test_the_mean_square_of_a_frame_is_that_of_the_signal(size: int) -> None:
    power = spectra.power_spectrum(sine(1000, amplitude=0.5, seconds=1.0), size, size // 4)
    square = spectra.mean_square(power, size)[0, 10]
    assert square.item() == pytest.approx(0.125, rel=2e-2)

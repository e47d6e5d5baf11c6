"""Sample rate conversion: tones arrive where they were, nothing folds back, lengths and gradients are right."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.signal
import torch

from patchc.media.resample import resample

PAIRS = [(44_100, 48_000), (48_000, 44_100), (48_000, 16_000), (16_000, 48_000), (22_050, 22_051)]


def tones(rate: int, frequencies: list[float], seconds: float = 0.5) -> torch.Tensor:
    time = torch.arange(math.ceil(rate * seconds), dtype=torch.float64) / rate
    return torch.stack([torch.sin(2 * math.pi * f * time) for f in frequencies]).sum(0)


def inner_db(difference: torch.Tensor) -> float:
    edge = len(difference) // 8
    return 20 * math.log10(difference[edge:-edge].abs().max())


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_tones_keep_their_place_and_phase(before: int, after: int) -> None:
    heard = [60.0, 1000.0, 0.85 * min(before, after) / 2]
    converted = resample(tones(before, heard), before, after)
    expected = tones(after, heard)[: len(converted)]
    assert len(converted) == math.ceil(before // 2 * after / before)
    assert inner_db(converted - expected) < -90


@pytest.mark.parametrize(("before", "after"), [(48_000, 44_100), (48_000, 16_000)])
def test_what_lies_past_the_new_limit_is_gone(before: int, after: int) -> None:
    assert inner_db(resample(tones(before, [1.02 * after / 2]), before, after)) < -90


@pytest.mark.parametrize(("before", "after"), [(44_100, 48_000), (48_000, 16_000)])
def test_agrees_with_scipy_on_what_both_pass(before: int, after: int) -> None:
    signal = tones(before, [300.0, 1234.0])
    theirs = scipy.signal.resample_poly(signal.numpy(), after, before, window=("kaiser", 12.0))
    ours = resample(signal, before, after).numpy()
    assert ours.shape == theirs.shape
    edge = len(ours) // 8
    assert np.abs(ours - theirs)[edge:-edge].max() < 2e-3  # scipy's short filter droops by that much


def test_a_constant_stays_a_constant() -> None:
    converted = resample(torch.ones(4000, dtype=torch.float64), 44_100, 48_000)
    torch.testing.assert_close(converted[500:-500], torch.ones(len(converted) - 1000, dtype=torch.float64))


def test_leading_axes_are_carried_along() -> None:
    signal = torch.randn(2, 3, 1000, generator=torch.Generator().manual_seed(0))
    converted = resample(signal, 3, 2)
    assert converted.shape == (2, 3, 667)
    torch.testing.assert_close(converted[1, 2], resample(signal[1, 2], 3, 2))


def test_long_signals_are_made_piece_by_piece() -> None:
    signal = torch.randn(50_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    whole, part = resample(signal, 2, 3), resample(signal[:30_000], 2, 3)
    torch.testing.assert_close(whole[:44_000], part[:44_000])


def test_equal_rates_change_nothing() -> None:
    signal = torch.randn(10)
    assert resample(signal, 48_000, 48_000) is signal


def test_gradient_is_that_of_a_linear_map() -> None:
    signal = torch.randn(40, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: resample(x, 4, 3), signal)


@pytest.mark.parametrize("rates", [(0, 48_000), (48_000, -1)])
def test_rates_are_positive(rates: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="positive"):
        resample(torch.ones(10), *rates)

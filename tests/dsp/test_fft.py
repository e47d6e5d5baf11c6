"""Convolution of any two lengths against numpy, and the cosine transform against its definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from patchc.dsp.fft import convolve, cosines, overlap_add


@pytest.mark.parametrize(
    ("time", "taps", "length"),
    [(1, 1, 1), (10, 5, 10), (10, 5, 20), (10, 30, 10), (1024, 1, 1024), (600, 426, 1100), (3000, 2000, 3000)],
)
def test_convolution(time: int, taps: int, length: int) -> None:
    generator = torch.Generator().manual_seed(time)
    x = torch.rand(2, time, generator=generator, dtype=torch.float64) - 0.5
    h = torch.rand(1, taps, generator=generator, dtype=torch.float64) - 0.5
    expected = np.zeros((2, max(length, time + taps - 1)))
    for row in range(2):
        expected[row, : time + taps - 1] = np.convolve(x[row], h[0])
    np.testing.assert_allclose(convolve(x, h, length)[0], expected[:, :length], atol=1e-11)


def test_convolution_so_long_that_blocks_grow() -> None:
    x, h = torch.zeros(1, 700_000), torch.zeros(1, 30_000)
    x[0, [0, 5, 600_000]] = 1.0
    h[0, [0, 29_999]] = torch.tensor([1.0, 0.5])
    heard = convolve(x, h, 700_000)[0][0]
    expected = torch.zeros(700_000)
    expected[[0, 5, 600_000]] = 1.0
    expected[[29_999, 30_004, 629_999]] = 0.5
    torch.testing.assert_close(heard, expected, rtol=0, atol=1e-6)


def test_adjoint_of_a_long_one() -> None:
    """<y, x * h> by all three ways of turning it over."""
    x, h, y = (torch.rand(1, n, dtype=torch.float64) for n in (3000, 1700, 3000))
    x.requires_grad_()
    h.requires_grad_()
    value = (y * convolve(x, h, 3000)[0]).sum()
    grad_x, by_h = torch.autograd.grad(value, (x, h))
    torch.testing.assert_close((grad_x * x).sum(), value)
    torch.testing.assert_close((by_h * h).sum(), value)


@pytest.mark.parametrize("bands", [2, 3, 65])
def test_cosines(bands: int) -> None:
    gains = torch.rand(2, bands, dtype=torch.float64)
    response = cosines(gains, False)[0]
    lags = torch.arange(2 * bands - 2, dtype=torch.float64) - (bands - 1)
    for band in range(bands):
        phase = torch.cos(math.pi * band * lags / (bands - 1))
        torch.testing.assert_close((response * phase).sum(1), gains[:, band])
    torch.testing.assert_close(cosines(torch.ones_like(gains[:1]), False)[0], (lags == 0).double()[None])


@pytest.mark.parametrize(("count", "length", "hop"), [(1, 5, 2), (4, 6, 3), (5, 7, 3), (3, 2, 4)])
def test_overlap_add(count: int, length: int, hop: int) -> None:
    frames = torch.rand(2, count, length, dtype=torch.float64)
    expected = torch.zeros(2, (count - 1) * hop + length, dtype=torch.float64)
    for place in range(count):
        expected[:, place * hop : place * hop + length] += frames[:, place]
    total = overlap_add(frames, hop)
    torch.testing.assert_close(total[:, : expected.shape[1]], expected)
    assert total[:, expected.shape[1] :].abs().sum() == 0

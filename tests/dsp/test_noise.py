"""The counter-based noise: even, white, the same in any batch, and different for every seed and cell."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from patchc.dsp.noise import white
from patchc.dsp.reference import TensorDsp

CPU = torch.device("cpu")
COUNT = 200_000


def test_even_and_white() -> None:
    noise = white(3, 99, 0, COUNT, CPU)[0]
    assert abs(float(noise.mean())) < 4 / (3 * COUNT) ** 0.5
    assert float(noise.var()) == pytest.approx(1 / 3, rel=0.01)
    assert float(noise.pow(4).mean()) == pytest.approx(1 / 5, rel=0.02)
    assert -1 <= noise.min() < -0.9999
    assert 0.9999 < noise.max() < 1
    counts = torch.histc(noise, 50, -1, 1)
    assert float(((counts - COUNT / 50).square() / (COUNT / 50)).sum()) < 100  # chi-square of 49 degrees: p below 1e-5
    spectrum = torch.fft.rfft(noise[:65536].view(64, 1024) - noise.mean()).abs().square().mean(0)[1:-1]
    assert float(spectrum.std() / spectrum.mean()) < 0.16  # 1 / sqrt(64) for independent samples
    for lag in (1, 2, 3, 10, 1000, 32768):
        assert abs(float((noise[lag:] * noise[:-lag]).mean()) * 3) < 5 / COUNT**0.5


@pytest.mark.parametrize("bit", range(0, 24, 3))
def test_every_bit_is_fair(bit: int) -> None:
    word = ((white(1, 2, 0, COUNT, CPU)[0] + 1) * 2**23).long()
    ones = (word >> bit & 1).double()
    assert abs(float(ones.mean()) - 0.5) < 2.5 / COUNT**0.5
    assert abs(float(((ones[1:] - 0.5) * (ones[:-1] - 0.5)).mean()) * 4) < 5 / COUNT**0.5


def test_streams_are_strangers() -> None:
    """Neighbouring seeds and keys, in the low and in the high half, share nothing: neither in step nor shuffled."""
    streams = [(0, 0), (1, 0), (2, 0), (0, 1), (0, 2), (1 << 32, 0), (0, 1 << 32), (-1, 0), (2**62, 2**63)]
    noises = torch.cat([white(seed, key, 0, 50_000, CPU) for seed, key in streams])
    likeness = noises @ noises.T / 50_000 * 3
    off = likeness - torch.diag(likeness.diag())
    assert float(off.abs().max()) < 5 / 50_000**0.5
    shared = [len(set(a.tolist()) & set(b.tolist())) for a, b in pairwise(noises)]
    assert max(shared) < 400  # 50,000 of 2 ** 24 values each: 149 meet by chance


def test_same_for_any_split() -> None:
    seeds = torch.tensor([5, 6, 7, 8])
    whole = white(seeds, 11, 0, 1000, CPU)
    assert torch.equal(whole[2:3], white(7, 11, 0, 1000, CPU))
    assert torch.equal(whole[:, 300:500], white(seeds, 11, 300, 200, CPU))
    assert torch.equal(white(5, 11, -50, 100, CPU)[:, 50:], whole[:1, :50])


def test_same_numbers_in_every_type() -> None:
    single, double = (
        TensorDsp(rate=1.0, time=5000, dtype=kind, seed=4).noise() for kind in (torch.float32, torch.float64)
    )
    assert torch.equal(single.double(), double)


def test_these_numbers_stay() -> None:
    """The noise of a seed is part of a sound: it must not change from version to version."""
    words = ((white(42, 7, 0, 6, CPU)[0] + 1) * 2**23).long()
    assert words.tolist() == [13811416, 3540013, 7364147, 14182996, 11093161, 5734132]

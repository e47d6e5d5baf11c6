"""Frame `k` sits at sample `k * hop`, whatever the lengths."""

from __future__ import annotations

import pytest
import torch

from patchc.dsp.resample import at_times, covering, upsample


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(("hop", "samples"), [(1, 10), (4, 1), (4, 8), (4, 9), (7, 50)])
def test_frames_are_met_exactly(hop: int, samples: int, log: bool) -> None:
    frames = torch.rand(2, -(-samples // hop) + 1) + 0.5
    line = upsample(frames, hop, samples, log)
    assert line.shape == (2, samples)
    assert torch.equal(line[:, ::hop], frames[:, : line[:, ::hop].shape[1]])


def test_straight_lines_between() -> None:
    assert upsample(torch.tensor([[0.0, 4.0, 2.0]]), 4, 8).tolist() == [[0, 1, 2, 3, 4, 3.5, 3, 2.5]]


def test_octaves_between() -> None:
    line = upsample(torch.tensor([[110.0, 440.0, 440.0]]), 4, 8, log=True)
    torch.testing.assert_close(line[0, :5], 110 * 2 ** (torch.arange(5) / 2))
    assert torch.equal(line[0, 4:], torch.full((4,), 440.0))


def test_vectors() -> None:
    frames = torch.rand(2, 4, 3)
    whole = upsample(frames, 5, 15)
    assert whole.shape == (2, 15, 3)
    assert torch.equal(whole[..., 1], upsample(frames[..., 1], 5, 15))


def test_what_never_changes_has_no_rate() -> None:
    one = torch.rand(2, 1)
    assert upsample(one, 8, 100) is one


def test_last_frame_is_held() -> None:
    assert upsample(torch.tensor([[1.0, 2.0]]), 2, 6).tolist() == [[1, 1.5, 2, 2, 2, 2]]
    assert covering(torch.tensor([[1.0, 2.0]]), 2, 6).tolist() == [[1, 2, 2, 2]]


def test_fractional_frames() -> None:
    frames = torch.tensor([[[1.0], [3.0], [2.0]]])
    places = torch.tensor([-1.0, 0.0, 0.5, 1.0, 1.75, 2.0, 9.0], dtype=torch.float64)
    assert at_times(frames, places)[0, :, 0].tolist() == [1, 1, 2, 3, 2.25, 2, 2]
    assert at_times(frames[:, :1], places).shape == (1, 1, 1)

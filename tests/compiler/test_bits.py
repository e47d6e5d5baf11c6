"""The same settings and seed are the same bits: for any split of the batch, any taps, any number of threads."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from patchc.compiler.load import load
from patchc.compiler.module import PatchModule
from patchc.compiler.sound import Sound

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))

pytestmark = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


def render(synth: PatchModule, settings: torch.Tensor, **options: object) -> Sound:
    with torch.no_grad():
        return synth(settings, seconds=0.3, seed=5, **options)


def test_batch_splits(path: Path) -> None:
    synth = load(path, sample_rate=22_050)
    settings = synth.draw(5, seed=1)
    whole = render(synth, settings)
    for part in (slice(0, 1), slice(1, 3), slice(3, 5)):
        split = render(synth, settings[part])
        assert torch.equal(split.audio, whole.audio[part])
        assert all(torch.equal(split.taps[name], whole.taps[name][part]) for name in whole.taps)


def test_taps(path: Path) -> None:
    synth = load(path, sample_rate=22_050)
    settings = synth.draw(2, seed=2)
    whole = render(synth, settings)
    assert torch.equal(render(synth, settings, taps=[]).audio, whole.audio)
    for name in list(whole.taps)[:: max(1, len(whole.taps) // 4)]:
        alone = render(synth, settings, taps=[name])
        assert torch.equal(alone.audio, whole.audio)
        assert list(alone.taps) == [name]
        assert torch.equal(alone.taps[name], whole.taps[name])


def test_threads(path: Path) -> None:
    synth = load(path, sample_rate=22_050)
    settings = synth.draw(3, seed=3)
    one = render(synth, settings)
    torch.set_num_threads(2)  # the fixture `one_thread` puts it back
    assert torch.equal(render(synth, settings).audio, one.audio)


def test_frame_by_frame_settings_that_stand_still(path: Path) -> None:
    """Settings that move but do not are the same sound to rounding: only the place of the conversions differs."""
    synth = load(path, sample_rate=22_050, dtype=torch.float64)
    settings = synth.draw(2, seed=4)
    moving = settings[:, None].expand(-1, synth.frames(0.3), -1)
    torch.testing.assert_close(render(synth, moving).audio, render(synth, settings).audio, atol=1e-6, rtol=1e-6)

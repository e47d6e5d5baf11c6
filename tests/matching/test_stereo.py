"""Stereo targets: each channel is compared with its own, and what is mixed, mirrored or left out is said."""

from __future__ import annotations

import pytest
import torch

from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.graph.load import load_graph
from patchc.matching.match import match
from patchc.matching.target import read_target
from patchc.source.text import Source

RATE = 8_000
STEREO = """patchc 1

patch st {
  input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
  cell o : saw { freq = pitch }
  cell l : gain { in <- o; level = learn -12 dB in -40 dB .. 0 dB }
  cell r : gain { in <- o; level = learn -12 dB in -40 dB .. 0 dB }
  output left <- l
  output right <- r
}
"""
EFFECT = """patchc 1

patch fx {
  input sound : audio
  cell f : onepole { in <- sound; cutoff = learn 500 Hz in 50 Hz .. 3 kHz log }
  output main <- f
}
"""
FEW = {"draws": 16, "children": 16, "starts": 1, "steps": 40}


def compiled(text: str) -> PatchModule:
    source = Source("st.patch", text)
    graph, diagnostics = load_graph(source)
    assert graph is not None, diagnostics
    return compile_graph(graph, source, sample_rate=RATE)


@pytest.mark.parametrize("names", [("left", "right"), ("mid", "side")])
def test_each_channel_is_fitted_to_its_own(names: tuple[str, str]) -> None:
    """Mid and side are made of left and right, as files hold them."""
    synth = compiled(STEREO.replace("left", names[0]).replace("right", names[1]))
    with torch.no_grad():
        first, second = synth(seconds=0.4, inputs={"l.level": -6.0, "r.level": -26.0}).audio[0]
    file = torch.stack([first, second] if names[0] == "left" else [first + second, first - second])
    found = match(synth, file, pitch=220.0, **FEW)
    values = synth.natural(found.settings)
    assert float(values["l.level"]) == pytest.approx(-6.0, abs=0.3)
    assert float(values["r.level"]) == pytest.approx(-26.0, abs=0.3)
    assert not [note for note in found.notes if "channel" in note]


def test_a_stereo_recording_through_a_patch_with_one_output_stays_stereo() -> None:
    synth = compiled(EFFECT)
    noise = torch.randn(2, 3_200, generator=torch.Generator().manual_seed(3)) * torch.tensor([[0.1], [0.02]])
    with torch.no_grad():
        wet = synth(seconds=0.4, inputs={"sound": noise, "f.cutoff": 1200.0}).audio
    found = match(synth, wet, inputs={"sound": noise}, **FEW)
    assert found.sound.audio.shape == (1, 2, 3_200)
    assert float(synth.natural(found.settings)["f.cutoff"]) == pytest.approx(1200.0, rel=0.02)
    assert torch.allclose(found.sound.audio[0], wet, atol=2e-3)


@pytest.mark.parametrize(
    ("channels", "outputs", "said"),
    [
        (2, ("main",), "the target's 2 channels are mixed to one"),
        (1, ("left", "right"), "the target has one channel: each of the 2 channels of the patch is compared with it"),
        (3, ("left", "right"), "the target's 3 channels are mixed to one, since the patch has 2: each of the 2"),
        (2, ("left", "right"), ""),
    ],
)
def test_what_becomes_of_channels_is_said(channels: int, outputs: tuple[str, ...], said: str) -> None:
    tone = 0.3 * torch.sin(2 * torch.pi * 220 * torch.arange(RATE) / RATE)
    target = read_target(tone.expand(channels, -1), RATE, outputs=outputs)
    assert target.audio.shape[0] == len(outputs)
    assert (said in target.notes[0]) if said else target.notes == ()
    assert torch.allclose(target.mono, tone, atol=1e-6)


def test_channels_that_cancel_are_no_matter_where_each_is_compared_with_its_own() -> None:
    tone = 0.3 * torch.sin(2 * torch.pi * 220 * torch.arange(RATE) / RATE)
    target = read_target(torch.stack([tone, -tone]), RATE, outputs=("left", "right"))
    assert target.notes == ()
    assert torch.equal(target.mono, target.audio[0])


def test_the_peak_is_that_of_the_recording() -> None:
    square = torch.sign(torch.sin(2 * torch.pi * 441.3 * torch.arange(2_000) / 44_100))
    assert read_target(square, 44_100).peak_db == 0.0

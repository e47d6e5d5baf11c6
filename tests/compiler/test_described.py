"""What a researcher asks of a module: knobs and inputs by name, drawn inputs, curves, readable messages."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
import torch

import patchc
from patchc.cells.spec import Kind
from patchc.compiler.module import PatchModule

Compiler = Callable[..., PatchModule]
RATE = 16_000

BODY = """
input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
input gate  : gate
input side  : audio
cell env : decay { gate <- gate; time = learn 200 ms }
cell osc : saw { freq = pitch; level *= env }
cell sum : mix { in <- osc, side }
output main <- sum
"""


def test_knobs_are_found_by_place_and_by_name(build: Compiler) -> None:
    knobs = build(BODY).knobs
    assert len(knobs) == 1
    assert knobs["env.time"] is knobs[0]
    assert "env.time" in knobs
    assert knobs == (knobs[0],)
    with pytest.raises(KeyError, match=r"no `env\.tim`; did you mean `env\.time`\?"):
        knobs["env.tim"]


def test_inputs_say_what_they_are(build: Compiler) -> None:
    inputs = build(BODY).inputs
    assert [(one.name, one.kind) for one in inputs] == [
        ("pitch", Kind.CONTROL),
        ("gate", Kind.GATE),
        ("side", Kind.AUDIO),
    ]
    pitch = inputs["pitch"]
    assert (pitch.default, pitch.unit) == (220.0, "Hz")


def test_drawn_inputs_fit_their_ranges_and_do_not_depend_on_the_batch(build: Compiler) -> None:
    synth = build(BODY, sample_rate=RATE)
    drawn = synth.draw_inputs(64, seed=3, seconds=0.4)
    assert sorted(drawn) == ["gate", "pitch"]
    pitch, gate = drawn["pitch"], drawn["gate"]
    assert isinstance(pitch, torch.Tensor)
    assert bool(((pitch >= 27.5) & (pitch <= 4200)).all())
    assert bool((gate[0] < gate[1]).all())
    assert torch.equal(synth.draw_inputs(8, seed=3, seconds=0.4)["pitch"], pitch[:8])
    assert synth(synth.draw(64), seconds=0.4, inputs=drawn, taps=[]).audio.shape == (64, round(0.4 * RATE))


def test_a_curve_comes_at_the_frames_of_the_module(build: Compiler) -> None:
    synth = build(BODY, sample_rate=RATE)
    features = torch.linspace(100.0, 200.0, 101, dtype=torch.float64).expand(2, -1).clone().requires_grad_()
    curve = synth.resample_frames(features, 250.0, seconds=0.4)
    assert curve.shape == (2, synth.frames(0.4))
    wanted = 100.0 + 250.0 * torch.arange(curve.shape[1], dtype=torch.float64) / synth.control_rate
    torch.testing.assert_close(curve[0].detach(), wanted.clamp(max=200.0))
    curve.sum().backward()
    assert features.grad is not None
    assert synth(synth.draw(2), seconds=0.4, pitch=curve.detach()).audio.shape[0] == 2


def test_a_curve_of_one_value_stands_still(build: Compiler) -> None:
    assert build(BODY, sample_rate=RATE).resample_frames(torch.full((1, 1), 3.0), 250.0, 0.1).unique().tolist() == [3.0]


def test_a_diagnostic_is_readable(tmp_path: Path) -> None:
    path = tmp_path / "p.patch"
    path.write_text("patchc 1\n\npatch p {\n  cell o : saww\n  output main <- o\n}\n", encoding="utf-8")
    (found,) = patchc.check(path)
    assert str(found).startswith(f"{path}:4:12: error[P202]: ")
    assert "cell o : saww" in found.render()
    assert "\x1b[" in found.render(color=True)
    assert str(patchc.check(tmp_path / "none.patch")[0]).startswith("error[P005]: ")


def test_the_version_is_known() -> None:
    assert patchc.__version__ == version("patchc")

"""Vectors in a patch: they play, start learned numbers, stand in params, instances and `set` lines, and come back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from patchc.compiler.module import PatchModule
from patchc.graph.write import from_json, from_yaml, to_json, to_text, to_yaml

Compiler = Callable[..., PatchModule]


def spectrum(synth: PatchModule, partials: int = 4) -> list[float]:
    """How strong the partials of 500 Hz are next to each other."""
    audio = synth(synth.defaults(), seconds=0.256, taps=()).audio[0].double()
    bins = torch.fft.rfft(audio[: 16 * 256]).abs()
    strengths = bins[[round(500 * k * 0.256) for k in range(1, partials + 1)]]
    found: list[float] = (strengths / strengths.sum()).tolist()
    return found


TONE = "cell t : harmonic(partials = 4) {{ freq = 500 Hz; shape = {} }}"


@pytest.mark.parametrize(
    ("shape", "strengths"),
    [
        ("[10 %, 20 %, 30 %, 40 %]", [0.1, 0.2, 0.3, 0.4]),
        ("learn [0.1, 0.2, 0.3, 0.4]", [0.1, 0.2, 0.3, 0.4]),
        ("predict [1, 0, 0, 0]", [1.0, 0.0, 0.0, 0.0]),
        ("[1, 0.5, 0.25, 0.25]", [0.5, 0.25, 0.125, 0.125]),
        ("learn", [0.25] * 4),
    ],
)
@pytest.mark.parametrize("executor", ["fused", "reference"])
def test_weights_are_the_strengths_of_the_partials(
    build: Compiler, shape: str, strengths: list[float], executor: str
) -> None:
    synth = build(TONE.format(shape), dtype=torch.float32, executor=executor)
    np.testing.assert_allclose(spectrum(synth), strengths, atol=2e-3)


def test_learned_vectors_start_there_and_get_a_gradient(build: Compiler) -> None:
    synth = build(TONE.format("learn [0.1, 0, 0.5, 0.4]"), dtype=torch.float32)
    assert torch.equal(synth.settings(), synth.defaults())
    assert synth.defaults().tolist()[0] == pytest.approx([0.1, 0.0, 0.5, 0.4])
    synth(seconds=0.05).audio.square().sum().backward()
    assert (synth.learned.stored("t.shape").grad != 0).all()  # type: ignore[union-attr]


def test_what_was_found_is_read_back(build: Compiler) -> None:
    """torchsynth's `test_synth`: parameters saved and read back are the same."""
    synth = build(TONE.format("learn"), dtype=torch.float32)
    text = synth.text(synth.positions({"t.shape": [0.1, 0.2, 0.3, 0.4]}))
    assert "shape = learn [0.1, 0.2, 0.3, 0.4]" in text
    again = build(text, dtype=torch.float32)
    assert again.natural(again.defaults())["t.shape"][0].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])


INSTANCES = """patchc 1

patch v {
  param tilt  = [60 %, 20 %, 10 %, 10 %]
  param color : control[3] = learn [-20 dB, -30 dB, -40 dB] in -60 dB .. 0 dB
  cell t : harmonic(partials = 4) { freq = 500 Hz; shape = tilt }
  cell n : noise_bank(bands = 3) { shape = color; level = -60 dB }
  output out <- t, n
}

patch p {
  cell a : v { }
  cell b : v { tilt = [0, 0, 0, 1]; color = [-1 dB, -2 dB, -3 dB] }
  cell c : v { color = learn [-10 dB, -10 dB, -10 dB] }
  output main <- a, b, c
  set c.color = [-5 dB, -6 dB, -7 dB]
  set c.tilt  = [0, 1, 0, 0]
}
"""


def test_vectors_of_params_instances_and_set_lines(build: Compiler) -> None:
    synth = build(INSTANCES, dtype=torch.float32)
    values = {name: [round(x, 4) for x in value[0].tolist()] for name, value in synth.natural(synth.defaults()).items()}
    assert values == {"a.color": [-20.0, -30.0, -40.0], "c.color": [-5.0, -6.0, -7.0]}
    ports = {f"{step.cell}.{port.name}": port for step in synth.plan.steps for port in step.ports}
    assert ports["a.t.shape"].base.values == (0.6, 0.2, 0.1, 0.1)  # type: ignore[union-attr]
    assert ports["b.t.shape"].base.values == (0.0, 0.0, 0.0, 1.0)  # type: ignore[union-attr]
    assert ports["c.t.shape"].base.values == (0.0, 1.0, 0.0, 0.0)  # type: ignore[union-attr]
    assert ports["b.n.shape"].base.values == (-1.0, -2.0, -3.0)  # type: ignore[union-attr]


def test_the_three_spellings_are_one_graph(build: Compiler) -> None:
    graph = build(INSTANCES).graph
    assert from_json(to_json(graph))[0] == graph
    assert from_yaml(to_yaml(graph))[0] == graph
    assert "shape = [50 %, 50 %]" in to_text(build("cell t : harmonic(partials = 2) { shape = [50 %, 50 %] }").graph)


def test_the_plan_prints_them(build: Compiler) -> None:
    text = build(TONE.format("learn [10 %, 20 %, 30 %, 40 %]")).plan.text()
    assert "[10 %, 20 %, 30 %, 40 %]" in text

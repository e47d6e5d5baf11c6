"""Draws of the examples are neither too loud nor too faint to use; benchmarks/draw_levels.py measures all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from patchc.compiler.inputs import HELD
from patchc.compiler.load import load

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.mark.parametrize("name", ["subtractive", "harmonic_noise", "voice"])
def test_few_draws_are_too_loud_or_too_faint(name: str) -> None:
    synth = load(EXAMPLES / f"{name}.patch", sample_rate=48_000)
    gates = {item.name: HELD for item in synth.graph.inputs if item.kind == "gate"}
    with torch.inference_mode():
        peaks = synth(synth.draw(32, seed=1), seconds=1.0, seed=1, taps=[], inputs=gates).audio.abs().amax(-1)
    assert int((peaks > 1).sum()) <= 5
    assert int((peaks < 10 ** (-50 / 20)).sum()) <= 5

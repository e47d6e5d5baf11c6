"""Gradients by note times and envelope times: against finite differences in float64, and of kernels against those."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from patchc.compiler.module import PatchModule

Compiler = Callable[..., PatchModule]

STEP = 1e-7
"""Seconds: far less than a sample, and far more than float64 leaves out."""

GATED = """
input gate : gate
cell env : {}
cell osc : noise
cell out : gain {{ in <- osc; level *= env * 90 % }}
output main <- out
"""
CELLS = {
    "adsr": (
        "adsr { gate <- gate; attack = predict; decay = predict; sustain = 40 %; release = predict }",
        {"env.attack": 0.0031, "env.decay": 0.0212, "env.release": 0.0173},
    ),
    "decay": ("decay { gate <- gate; time = predict }", {"env.time": 0.0123}),
    "curved_adsr": (
        "curved_adsr { held = predict; attack = predict; decay = predict; sustain = 40 %; release = predict;"
        " curve = predict }",
        {"env.held": 0.0517, "env.attack": 0.0031, "env.decay": 0.0212, "env.release": 0.0173, "env.curve": 1.7},
    ),
}
TIMES = {"on": 0.02003, "off": 0.06053}


def synth_of(cell: str, build: Compiler, **options: object) -> PatchModule:
    body = GATED.format(CELLS[cell][0])
    if cell == "curved_adsr":
        body = body.replace("cell osc", "cell spare : decay { gate <- gate }\ncell osc")
    return build(body, **options)


def loss(synth: PatchModule, leaves: dict[str, Tensor]) -> Tensor:
    named = {name: leaf for name, leaf in leaves.items() if name.startswith("env.")}
    sound = synth(seconds=0.12, gate=(leaves["on"], leaves["off"]), inputs=named, seed=3)
    return (sound.audio * torch.linspace(1, 2, sound.audio.shape[1], dtype=sound.audio.dtype)).square().sum()


def leaves_of(cell: str, dtype: torch.dtype) -> dict[str, Tensor]:
    values = {**TIMES, **CELLS[cell][1]}
    return {name: torch.tensor([value], dtype=dtype, requires_grad=True) for name, value in values.items()}


def gradients(synth: PatchModule, leaves: dict[str, Tensor]) -> dict[str, float]:
    found = torch.autograd.grad(loss(synth, leaves), list(leaves.values()), allow_unused=True)
    return {name: 0.0 if one is None else float(one) for name, one in zip(leaves, found, strict=True)}


@pytest.mark.parametrize("cell", CELLS)
def test_against_finite_differences(cell: str, build: Compiler) -> None:
    synth, leaves = synth_of(cell, build), leaves_of(cell, torch.float64)
    found = gradients(synth, leaves)
    largest = max(map(abs, found.values()))
    for name, leaf in leaves.items():
        ends = []
        for step in (STEP, -STEP):
            with torch.no_grad():
                ends.append(float(loss(synth, {**leaves, name: leaf + step})))
        assert found[name] == pytest.approx((ends[0] - ends[1]) / (2 * STEP), rel=1e-4, abs=1e-5 * largest), name


@pytest.mark.parametrize("cell", CELLS)
def test_kernels_have_the_same(cell: str, build: Compiler) -> None:
    exact = gradients(synth_of(cell, build), leaves_of(cell, torch.float64))
    kernel = gradients(synth_of(cell, build, dtype=torch.float32), leaves_of(cell, torch.float32))
    largest = max(map(abs, exact.values()))
    for name, gradient in exact.items():
        assert kernel[name] == pytest.approx(gradient, rel=1e-3, abs=1e-4 * largest), name


@pytest.mark.parametrize("cell", ["adsr", "decay"])
def test_a_note_time_has_a_gradient(cell: str, build: Compiler) -> None:
    assert gradients(synth_of(cell, build), leaves_of(cell, torch.float64))["on"] != 0

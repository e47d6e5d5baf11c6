"""The order of lines never changes the sound, to the last bit."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import torch

from patchc.compiler.module import PatchModule

Compiler = Callable[..., PatchModule]

TARGET = [
    "x += lfo1 * learn 3 st in 0 st .. 12 st",
    "x += lfo2 * 20 Hz",
    "x += lfo3 * 2 oct  maybe 30 %",
    "x += lfo2 * 10 %",
    "x += m * 1 st  when wave is a",
    "x = learn 300 Hz",
]
LOUDNESS = [
    "level *= lfo1 * 20 %",
    "level *= env",
    "level += lfo2 * 6 dB",
    "level += lfo1 * 5 %",
    "level = learn -3 dB",
]
MIXED = ["in <- m * learn -3 dB in -60 dB .. 0 dB", "in <- n * 30 %", "in <- loud * -40 dB", "in <- n * -9 dB"]


def patch(seed: int) -> str:
    """The same patch with the lines of its cells, and its cells within a layer, in another order."""
    shuffle = random.Random(seed).sample
    sources = [
        "cell lfo1 : lfo { rate = learn 3 Hz }",
        "cell lfo2 : lfo { rate = 7.3 Hz }",
        "cell lfo3 : lfo { rate = 0.9 Hz; shape = triangle }",
        "cell env : decay { gate <- gate; time = 200 ms }",
        "cell m : sine { freq = 333 Hz }",
        "cell n : noise { level = -6 dB }",
    ]
    return "\n".join(
        [
            "input gate : gate",
            "param wave = learn a in [a, b]",
            *shuffle(sources, len(sources)),
            "cell shown : show_pitch {",
            *shuffle(TARGET, len(TARGET)),
            "}",
            "cell loud : gain {",
            "in <- shown",
            *shuffle(LOUDNESS, len(LOUDNESS)),
            "}",
            "cell sum : mix {",
            *shuffle(MIXED, len(MIXED)),
            "}",
            "output main <- sum",
        ]
    )


@pytest.mark.parametrize("seed", range(1, 9))
def test_permuted_lines_are_the_same_sound(build: Compiler, seed: int) -> None:
    one, other = build(patch(0), dtype=torch.float32), build(patch(seed), dtype=torch.float32)
    values = one.natural(one.draw(1, seed=4))
    assert {knob.name for knob in one.knobs} == {knob.name for knob in other.knobs}
    a = one(seconds=0.2, inputs=values)
    b = other(seconds=0.2, inputs=values)
    assert torch.equal(a.audio, b.audio)
    assert all(torch.equal(a.taps[name], b.taps[name]) for name in a.taps)

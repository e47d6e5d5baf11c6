"""The same settings are the same bits: whatever the batch, the number of threads, and the place in memory.

See docs/decisions/0004-bits.md. What torch itself does not round alike stands here too, so that the rule can be dropped
when torch has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor

from patchc.dsp.reference import TensorDsp
from patchc.dsp.resample import upsample

BATCH, TIME, RATE, HOP = 16, 33_001, 44_100.0, 59  # more than torch gives to one thread
SPLITS = ([1] * 16, [1, 5, 10])


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def inputs() -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(0)
    draw = lambda *shape: torch.rand(shape, generator=generator)  # noqa: E731
    return {
        "x": draw(BATCH, TIME) - 0.5,
        "freq": 50 + 4000 * draw(BATCH, TIME),
        "pitch": 50 + 4000 * draw(BATCH, 1),
        "g": 0.01 + draw(BATCH, TIME),
        "k": 0.1 + draw(BATCH, 1),
        "pole": draw(BATCH, TIME),
        "seconds": 0.002 + 0.05 * draw(BATCH, TIME),
        "feedback": draw(BATCH, 1) - 0.5,
        "weights": draw(BATCH, -(-TIME // HOP) + 1, 12),
        "bands": draw(BATCH, -(-TIME // HOP) + 1, 17),
        "decay": 0.1 + draw(BATCH, TIME),
        "seed": torch.arange(BATCH),
    }


Given = dict[str, Tensor]
PRIMITIVES: dict[str, Callable[[TensorDsp, Given], Tensor]] = {
    "phase": lambda dsp, v: dsp.phase(v["freq"]),
    "phase of a constant": lambda dsp, v: dsp.phase(v["pitch"]),
    "noise": lambda dsp, v: dsp.noise(),
    "onepole": lambda dsp, v: dsp.onepole(v["x"], v["pole"]),
    "svf": lambda dsp, v: torch.cat(dsp.svf(v["x"], v["g"], v["k"]), 1),
    "svf of constants": lambda dsp, v: torch.cat(dsp.svf(v["x"], v["feedback"].abs(), v["k"]), 1),
    "delay": lambda dsp, v: dsp.delay(v["x"], v["seconds"], v["feedback"], 1.0, 0.001),
    "delay alone": lambda dsp, v: dsp.delay(v["x"], v["seconds"], 0.0, 1.0, 0.001),
    "partials": lambda dsp, v: dsp.partials(dsp.phase(v["freq"]), v["freq"], v["weights"]),
    "partials of a constant": lambda dsp, v: dsp.partials(dsp.phase(v["pitch"]), v["pitch"], v["weights"][:, :1]),
    "shaped noise": lambda dsp, v: dsp.shaped_noise(v["bands"]),
    "shaped noise that stands still": lambda dsp, v: dsp.shaped_noise(v["bands"][:, :1]),
    "room": lambda dsp, v: dsp.reverberate(v["x"], v["decay"], 0.5),
    "triangle": lambda dsp, v: dsp.triangle(dsp.phase(v["freq"]), v["freq"] / RATE),
    "pulse": lambda dsp, v: dsp.pulse(dsp.phase(v["freq"]), v["freq"] / RATE, 0.3),
    "upsample": lambda dsp, v: upsample(v["weights"] + 0.1, HOP, TIME, log=True).flatten(1),
}


@pytest.mark.parametrize("name", PRIMITIVES)
def test_bits(name: str) -> None:
    given = inputs()
    whole = render(name, given)
    torch.set_num_threads(2)
    assert torch.equal(render(name, given), whole)
    for sizes, threads in zip(SPLITS, (2, 1), strict=True):
        torch.set_num_threads(threads)
        parts = zip(*(tensor.split(sizes) for tensor in given.values()), strict=True)
        split = torch.cat([render(name, dict(zip(given, part, strict=True))) for part in parts])
        assert torch.equal(split, whole), (sizes, threads)


@pytest.mark.parametrize("name", PRIMITIVES)
def test_bits_wherever_a_tensor_lies(name: str) -> None:
    given = {key: tensor[:3] for key, tensor in inputs().items()}
    whole = render(name, given)
    for shift in (1, 3):
        moved = {key: shifted(tensor, shift) for key, tensor in given.items()}
        assert torch.equal(render(name, moved), whole)


def render(name: str, given: Given) -> Tensor:
    dsp = TensorDsp(rate=RATE, time=TIME, hop=HOP, seed=given["seed"], key=3)
    return PRIMITIVES[name](dsp, given)


def shifted(tensor: Tensor, places: int) -> Tensor:
    """The same numbers, a few places further on in memory."""
    room = torch.cat([tensor.new_zeros(places), tensor.flatten()])
    return room[places:].view(tensor.shape)

"""Whatever a call hands over, however long, wide and fast the sound, kernels agree with plain torch in float64."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from patchc.compiler.module import PatchModule
from patchc.compiler.sound import Sound
from patchc.graph.load import load_graph
from patchc.graph.model import Graph
from patchc.source.text import Source
from patchc.testing.agreement import Leaves, Render, Trio, by_settings

TEXT = """patchc 1

patch all_sorts {
  input pitch : control = 220 Hz in 27.5 Hz .. 2 kHz log
  input bend  : control = 0 st in -2 st .. 2 st
  input gate  : gate
  input voice : audio
  param spread = learn 12 ct in 0 ct .. 50 ct
  param mode = learn vibrato in [vibrato, still]

  cell sway : lfo { rate = learn 5 Hz in 0.5 Hz .. 9 Hz log; shape = predict sine in [sine, triangle, square, saw] }
  cell env  : adsr { gate <- gate; attack = 10 ms; release = learn 50 ms in 5 ms .. 500 ms log }
  cell one  : saw { freq = pitch + bend; freq += sway * 30 ct  when mode is vibrato; level = -6 dB }
  cell two  : pulse { freq = pitch + spread; width += sway * learn 20 % in 0 % .. 40 % }
  cell deep : sine { freq = pitch / 2; phase += one * predict 0.4 cyc in 0 cyc .. 1 cyc }
  cell hiss : noise  maybe learn 70 % in 0 % .. 100 % { level = -20 dB; level *= env }
  cell body : mix { in <- one, two * -3 dB, deep, hiss, voice * 0.5 }
  cell vcf  : svf {
    in <- body
    cutoff  = predict 900 Hz in 100 Hz .. 3.5 kHz log
    cutoff += env * 1.5 oct
    cutoff += deep * 20 ct
  }
  cell amp  : gain { in <- vcf; level *= env }
  cell echo : delay { in <- amp; time = 31 ms; feedback = learn 30 % in 0 % .. 60 % }
  cell room : onepole { in <- echo, amp; cutoff = 2 kHz }

  output left  <- room
  output right <- amp, two * 0.1
}
"""
RATE = 8_000


@pytest.fixture(scope="module")
def graph() -> Graph:
    found, diagnostics = load_graph(Source("all_sorts.patch", TEXT))
    assert found is not None, [d.message for d in diagnostics]
    return found


@pytest.fixture(scope="module")
def three(graph: Graph) -> Trio:
    return Trio(graph, RATE)


def agree(three: Trio, render: Render, leaves: Leaves) -> None:
    """The delay is run by itself and has tests of its own: what float32 does to it is let pass."""
    found = three.differences(render, leaves)
    assert [one for one in found if one.too_far or (one.hard and "echo" not in one.name)] == []


def wave(*shape: int, seed: int = 0) -> Tensor:
    """Numbers that move slowly, 0 to 1."""
    ticks = torch.arange(shape[-1]) / shape[-1]
    rows = torch.rand(*shape[:-1], 1, generator=torch.Generator().manual_seed(seed))
    return 0.5 + 0.5 * torch.sin(6.28 * (rows + ticks * (1 + 2 * rows)))


# --- settings


@pytest.mark.parametrize("batch", [1, 2, 5, 16, 17, 40])
def test_batches(three: Trio, batch: int) -> None:
    agree(three, by_settings(seconds=0.1, seed=1), {"settings": three.fused.draw(batch, seed=batch)})


def test_settings_that_move(three: Trio) -> None:
    moving = wave(3, three.fused.width, three.fused.frames(0.1)).transpose(1, 2)
    agree(three, by_settings(seconds=0.1, seed=1), {"settings": moving})


def test_learned_numbers(three: Trio) -> None:
    """Without settings the parameters play, and gradients reach them."""

    def render(module: PatchModule, leaves: Leaves) -> Sound:
        given = {"sway.shape": "triangle", "vcf.cutoff": "700 Hz", "deep.phase[one].depth": 0.3}
        sound: Sound = module(seconds=0.1, seed=2, inputs=given)
        return sound

    agree(three, render, {})
    names = {f"gradient by {name}" for name, _ in three.fused.named_parameters()}
    assert names
    assert names <= {one.name for one in three.differences(render, {})}
    render(three.fused, {}).audio.sum().backward()
    assert all(parameter.grad is not None for parameter in three.fused.parameters())


# --- by name

NAMED: dict[str, Callable[[int], dict[str, Any]]] = {
    "numbers": lambda frames: {"pitch": 330.0, "bend": "1 st", "gate": (0.01, "60 ms")},
    "one each": lambda frames: {
        "pitch": torch.tensor([110.0, 221.0, 880.0]),
        "spread": torch.tensor([0.0, 0.01, 0.03]),
    },
    "frame by frame": lambda frames: {"pitch": 100 + 300 * wave(3, frames), "bend": wave(1, frames, seed=1) / 6},
    "gates": lambda frames: {"gate": (torch.tensor([0.0, 0.02, 0.03]), torch.tensor([0.05, 0.03, 0.09]))},
    "a member": lambda frames: {"sway.shape": "square", "mode": "still"},
    "weights": lambda frames: {"sway.shape": torch.rand(3, 4, generator=torch.Generator().manual_seed(1)) + 0.1},
    "weights that move": lambda frames: {"mode": torch.stack([wave(3, frames), 1 - wave(3, frames)], -1) + 0.1},
    "sound": lambda frames: {"voice": wave(3, 800) - 0.5},
    "one sound for all": lambda frames: {"voice": wave(800) - 0.5},
}


@pytest.mark.parametrize("what", NAMED)
def test_values_by_name(three: Trio, what: str) -> None:
    given = NAMED[what](three.fused.frames(0.1))
    tensors = {name: value for name, value in given.items() if isinstance(value, Tensor)}

    def render(module: PatchModule, leaves: Leaves) -> Sound:
        values = {name: leaves.get(name, value) for name, value in given.items()}
        sound: Sound = module(leaves["settings"], seconds=0.1, seed=3, inputs=values)
        return sound

    agree(three, render, {"settings": three.fused.draw(3, seed=5), **tensors})


# --- what is asked for


def test_seeds(three: Trio) -> None:
    """One for each sound, and the noise of kernels is that of plain torch, bit by bit."""
    seeds = torch.tensor([0, -1, 2**62])
    settings = three.fused.draw(3, seed=5)
    agree(three, by_settings(seconds=0.1, seed=seeds), {"settings": settings})
    alone = by_settings(seconds=0.1, seed=2**62)(three.fused, {"settings": settings[2:]})
    together = by_settings(seconds=0.1, seed=seeds)(three.fused, {"settings": settings})
    assert torch.equal(alone.audio[0], together.audio[2])


def test_noise_is_the_same_bits() -> None:
    text = "patchc 1\n\npatch p {\n  cell air : noise { level = 0 dB }\n  output main <- air\n}\n"
    graph, _ = load_graph(Source("p.patch", text))
    assert graph is not None
    three = Trio(graph, RATE)
    for seed in (0, 1, -1, 2**62):
        fused, plain = (module(seconds=0.1, seed=seed) for module in (three.fused, three.plain))
        assert torch.equal(fused.tap("air"), plain.tap("air"))
    assert three.fused.executor == "fused"


@pytest.mark.parametrize("taps", [[], ["env"], ["two", "echo"], ["vcf", "sway", "hiss"], [(0, 0)]], ids=str)
def test_taps(three: Trio, taps: list[Any]) -> None:
    settings = three.fused.draw(3, seed=6)
    agree(three, by_settings(seconds=0.1, taps=taps), {"settings": settings})
    whole, some = (three.fused(settings, seconds=0.1, **asked) for asked in ({}, {"taps": taps}))
    assert torch.equal(some.audio, whole.audio)
    assert all(torch.equal(signal, whole.taps[name]) for name, signal in some.taps.items())


# --- time


@pytest.mark.parametrize("samples", [1, 5, 11, 12, 22, 797])
def test_short_and_odd_lengths(three: Trio, samples: int) -> None:
    """Shorter than a frame (11 samples), just one, and no whole number of them."""
    agree(three, by_settings(seconds=samples / RATE, seed=1), {"settings": three.fused.draw(3, seed=7)})


@pytest.mark.parametrize(("rate", "hop"), [(RATE, 1), (RATE, 2), (44_100, 64), (48_000, 480), (16_000, 16)])
def test_frames_of_any_length(graph: Graph, rate: int, hop: int) -> None:
    three = Trio(graph, rate, rate / hop)
    assert three.fused.hop == hop
    agree(three, by_settings(seconds=0.05, seed=1), {"settings": three.fused.draw(2, seed=8)})


def test_long_sound(three: Trio) -> None:
    """Twenty seconds: turns are summed exactly, so they do not drift."""
    with torch.no_grad():
        settings = three.fused.draw(2, seed=9)
        fused, exact = (m(settings.to(m.defaults()), seconds=20.0, taps=["two"]) for m in (three.fused, three.exact))
    end = fused.tap("two")[:, -RATE:].double() - exact.tap("two")[:, -RATE:]
    assert end.square().mean().sqrt() < 1e-4 * exact.tap("two").square().mean().sqrt()


# --- threads


@pytest.fixture
def threads() -> Iterator[Callable[[int], None]]:
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


@pytest.mark.parametrize("batch", [1, 3, 17])
def test_threads_change_no_bit(three: Trio, threads: Callable[[int], None], batch: int) -> None:
    settings = three.fused.draw(batch, seed=10)
    found = []
    for count in (1, 2, 3):
        threads(count)
        leaf = settings.clone().requires_grad_()
        sound = three.fused(leaf, seconds=0.5, seed=4)
        weights = torch.cos(torch.arange(sound.audio.numel(), dtype=torch.float32)).reshape(sound.audio.shape)
        (gradients,) = torch.autograd.grad((sound.audio * weights).sum(), leaf)
        found.append((sound.audio, gradients))
    for audio, gradients in found[1:]:
        assert torch.equal(audio, found[0][0])
        assert torch.equal(gradients, found[0][1])


@pytest.mark.parametrize("parts", [(1, 4), (2, 3), (5, 12), (16, 1)], ids=str)
def test_batch_splits_change_no_bit(three: Trio, parts: tuple[int, int]) -> None:
    settings = three.fused.draw(sum(parts), seed=11)
    with torch.no_grad():
        whole = three.fused(settings, seconds=0.1, seed=4)
        split = [three.fused(part, seconds=0.1, seed=4) for part in settings.split(parts)]
    assert torch.equal(torch.cat([one.audio for one in split]), whole.audio)
    for name, signal in whole.taps.items():
        assert torch.equal(torch.cat([one.taps[name] for one in split]), signal), name

"""`torch.compile`, `torch.export`, `vmap`, `jvp`, `functional_call`: a patch is an ordinary torch module."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from patchc.compiler.load import load
from patchc.compiler.module import PatchModule

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))
SECONDS = 0.1

every_example = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
quietly = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # torch's own, while it traces
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
pytestmark = quietly


def synth_of(path: Path) -> tuple[PatchModule, torch.Tensor]:
    synth = load(path, sample_rate=16_000)
    return synth, synth.draw(3, seed=1)


def agrees(found: torch.Tensor, expected: torch.Tensor) -> None:
    torch.testing.assert_close(found, expected, atol=2e-4, rtol=2e-4)


@every_example
def test_compiles_without_a_break(path: Path) -> None:
    torch.compiler.reset()
    synth, settings = synth_of(path)
    compiled = torch.compile(synth, fullgraph=True, backend="aot_eager")
    found = compiled(settings, seconds=SECONDS)
    expected = synth(settings, seconds=SECONDS)
    agrees(found.audio, expected.audio)
    assert found.taps.keys() == expected.taps.keys()


@pytest.mark.slow
@every_example
def test_compiles_with_inductor(path: Path) -> None:
    torch.compiler.reset()
    synth, settings = synth_of(path)
    compiled = torch.compile(synth, fullgraph=True)
    agrees(compiled(settings, seconds=SECONDS).audio, synth(settings, seconds=SECONDS).audio)


def test_one_small_patch_compiles_with_inductor(build: Callable[..., PatchModule]) -> None:
    torch.compiler.reset()
    body = """
    cell lfo1 : lfo { rate = learn 3 Hz }
    cell osc  : saw { freq = learn 110 Hz; freq += lfo1 * learn 1 st in 0 st .. 2 st }
    output main <- osc * learn -6 dB
    """
    synth = build(body, dtype=torch.float32)
    settings = synth.draw(3, seed=1)
    compiled = torch.compile(synth, fullgraph=True)
    agrees(compiled(settings, seconds=SECONDS).audio, synth(settings, seconds=SECONDS).audio)


@every_example
def test_exports_with_any_batch(path: Path) -> None:
    synth, settings = synth_of(path)
    shapes = {"settings": {0: torch.export.Dim("batch")}, "seconds": None}
    program = torch.export.export(synth, (settings,), {"seconds": SECONDS}, dynamic_shapes=shapes)
    other = synth.draw(5, seed=2)
    found = program.module()(other, seconds=SECONDS)
    agrees(found.audio, synth(other, seconds=SECONDS).audio)
    assert found.sample_rate == synth.sample_rate


@every_example
def test_vmap_over_sounds(path: Path) -> None:
    synth, settings = synth_of(path)
    with torch.no_grad():
        one_by_one = torch.func.vmap(lambda row: synth(row[None], seconds=SECONDS).audio[0])(settings)
        agrees(one_by_one, synth(settings, seconds=SECONDS).audio)


@every_example
def test_jvp_is_the_gradient(path: Path) -> None:
    synth = load(path, sample_rate=16_000, dtype=torch.float64)
    settings = synth.draw(1, seed=6).clamp(0.1, 0.9)
    along = torch.cos(torch.arange(synth.width, dtype=torch.float64))[None]

    def level(places: torch.Tensor) -> torch.Tensor:
        return synth(places, seconds=0.02, taps=[]).audio

    _, gradient = torch.func.jvp(level, (settings,), (along,))
    backward = torch.autograd.functional.vjp(level, settings, torch.ones_like(gradient))[1]
    torch.testing.assert_close(gradient.sum(), (backward * along).sum(), rtol=1e-6, atol=1e-9)


def test_functional_call_with_other_parameters() -> None:
    synth, _ = synth_of(next(path for path in EXAMPLES if path.stem == "subtractive"))
    stacked = {name: torch.stack([p.detach(), p.detach() + 0.3]) for name, p in synth.named_parameters()}

    def audio(parameters: dict[str, torch.Tensor]) -> torch.Tensor:
        return torch.func.functional_call(synth, parameters, (), {"seconds": SECONDS}).audio[0]

    both = torch.func.vmap(audio)(stacked)
    agrees(both[0], synth(seconds=SECONDS).audio[0])
    assert not torch.equal(both[0], both[1])


def test_double_and_devices_follow_the_module() -> None:
    synth, settings = synth_of(next(path for path in EXAMPLES if path.stem == "subtractive"))
    sound = synth.double()(settings, seconds=SECONDS)
    assert sound.audio.dtype == torch.float64
    assert all(tap.dtype == torch.float64 for tap in sound.taps.values())

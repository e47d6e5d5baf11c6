"""A module is copied, pickled, averaged, emptied, checkpointed and compiled like any other of torch's."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch.func import hessian, jacfwd, jacrev
from torch.optim.swa_utils import AveragedModel
from torch.utils.checkpoint import checkpoint

import patchc
from patchc.compiler.load import load
from patchc.compiler.module import PatchModule

EXAMPLES = Path(__file__).parents[2] / "examples"
RATE = 16_000

FILTERS = {
    "svf": "cell f : svf { in <- o; cutoff = learn 900 Hz }",
    "onepole": "cell f : onepole { in <- o; cutoff = learn 900 Hz }",
    "delay": "cell f : delay { in <- o; time = 5 ms; feedback = learn 30 % in 0 % .. 90 % }",
    "fir_reverb": "cell f : fir_reverb(length = 20 ms) { in <- o; decay = learn 20 ms in 5 ms .. 4 s log }",
    "harmonic": "cell f : harmonic(partials = 3) { freq = learn 200 Hz }",
}


@pytest.fixture(scope="module")
def voice() -> PatchModule:
    synth = load(EXAMPLES / "subtractive.patch", sample_rate=RATE)
    synth(seconds=0.05)
    return synth


def through_torch_save(synth: PatchModule) -> PatchModule:
    file = io.BytesIO()
    torch.save(synth, file)
    file.seek(0)
    found: PatchModule = torch.load(file, weights_only=False)
    return found


@pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s)), through_torch_save],
    ids=["copy", "pickle", "save"],
)
def test_copies_of_a_module_that_has_played_are_the_same_bits(
    voice: PatchModule, copied: Callable[[PatchModule], PatchModule]
) -> None:
    other = copied(voice)
    assert other.executor == voice.executor
    assert torch.equal(other(seconds=0.1).audio, voice(seconds=0.1).audio)


def test_a_module_is_averaged(voice: PatchModule) -> None:
    averaged = AveragedModel(voice)
    averaged.update_parameters(voice)
    assert torch.equal(averaged(seconds=0.05).audio, voice(seconds=0.05).audio)


def test_a_sound_is_pickled(voice: PatchModule) -> None:
    with torch.no_grad():
        sound = voice(seconds=0.05)
    other = pickle.loads(pickle.dumps(sound))
    assert torch.equal(other.audio, sound.audio)
    assert other.layout == sound.layout


def test_an_error_comes_through_a_pool() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        answer = pool.submit(patchc.load, "no_such.patch").exception()
    assert isinstance(answer, patchc.PatchError)
    assert [d.code for d in answer.diagnostics] == ["P005"]


def test_every_error_can_be_pickled() -> None:
    found = patchc.check(Path(__file__).parents[1] / "errors/five_mistakes.patch")
    error = patchc.PatchError(found)
    other = pickle.loads(pickle.dumps(error))
    assert str(other) == str(error)
    assert other.diagnostics == error.diagnostics


def test_from_the_meta_device(voice: PatchModule) -> None:
    other = load(EXAMPLES / "subtractive.patch", sample_rate=RATE).to("meta").to_empty(device="cpu")
    other.load_state_dict(voice.state_dict())
    assert torch.equal(other(seconds=0.05).audio, voice(seconds=0.05).audio)
    assert torch.equal(other.defaults(), voice.defaults())


def test_checkpointing_without_reentry() -> None:
    synth = load(EXAMPLES / "wobble.patch", sample_rate=RATE)
    settings = synth.defaults().repeat(2, 1).requires_grad_()

    def gradient(play: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
        return torch.autograd.grad(play(settings).square().mean(), settings)[0]

    plain = gradient(lambda x: synth(x, seconds=0.05).audio)
    again = gradient(lambda x: checkpoint(lambda y: synth(y, seconds=0.05).audio, x, use_reentrant=False))
    assert torch.equal(again, plain)


def test_a_sound_with_gradients_may_be_changed_in_place(voice: PatchModule) -> None:
    wanted = voice(seconds=0.05).audio.detach() * 0.5
    sound = voice(seconds=0.05)
    sound.audio.mul_(0.5)
    sound.audio.square().mean().backward()
    assert torch.equal(sound.audio, wanted)
    voice.zero_grad()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.patch")), ids=lambda path: path.stem)
def test_halves_play_what_singles_play(path: Path, dtype: torch.dtype) -> None:
    options: dict[str, Any] = {"sample_rate": RATE, "executor": "reference"}
    half, single = load(path, dtype=dtype, **options), load(path, **options)
    settings = single.defaults().to(dtype)
    sound = half(settings, seconds=0.05).audio
    assert sound.dtype is dtype
    assert torch.equal(sound, single(settings.float(), seconds=0.05).audio.to(dtype))


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")  # torch.func.jvp makes use of it
@pytest.mark.parametrize("cell", FILTERS.values(), ids=FILTERS)
def test_second_derivatives_are_right_or_refused(build: Callable[..., PatchModule], cell: str) -> None:
    synth = build(
        f"cell o : saw {{ freq = 200 Hz }}\n{cell}\noutput main <- f",
        sample_rate=4_000,
        executor="reference",
        dtype=torch.float64,
    )

    def loss(settings: torch.Tensor) -> torch.Tensor:
        return synth(settings[None], seconds=0.02).audio.square().mean()

    start = synth.defaults()[0]
    wanted = jacrev(jacrev(loss))(start)
    for other in (hessian(loss), jacrev(jacfwd(loss))):
        torch.testing.assert_close(other(start), wanted, rtol=1e-9, atol=1e-12)
    with pytest.raises(NotImplementedError, match="hessian"):
        jacfwd(jacfwd(loss))(start)


def test_a_loss_and_its_patch_compile_into_one_graph() -> None:
    synth = load(EXAMPLES / "wobble.patch", sample_rate=RATE)
    chain = patchc.losses.ChainLoss.of(synth)

    def step(settings: torch.Tensor, pitch: float) -> torch.Tensor:
        sound = synth(settings, seconds=0.1, pitch=pitch)
        return chain(sound, synth(settings.flip(0), seconds=0.1)).total

    compiled = torch.compile(step, fullgraph=True, backend="aot_eager", dynamic=True)
    for batch in (2, 3):
        settings = synth.draw(batch, seed=1)
        torch.testing.assert_close(compiled(settings, 110.0 * batch), step(settings, 110.0 * batch))


@pytest.mark.parametrize(
    "spoil", [lambda t: t * float("nan"), lambda t: t / 0, lambda t: t.long()], ids=["nan", "inf", "int"]
)
def test_a_checkpoint_holds_finite_floats(
    voice: PatchModule, tmp_path: Path, spoil: Callable[[torch.Tensor], torch.Tensor]
) -> None:
    path = tmp_path / "a.safetensors"
    voice.save(path)
    with safe_open(path, framework="pt") as file:
        about = file.metadata()
        numbers = {name: spoil(file.get_tensor(name) + 1) for name in file.keys()}  # noqa: SIM118
    save_file(numbers, path, about)
    with pytest.raises(patchc.PatchError, match="not a finite number"):
        voice.load_checkpoint(path)


def test_a_folder_is_no_checkpoint(voice: PatchModule, tmp_path: Path) -> None:
    with pytest.raises(patchc.PatchError, match="it is a folder"):
        voice.load_checkpoint(tmp_path)

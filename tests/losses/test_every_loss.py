"""What every loss promises, run over the registry: zero for equals, finite gradients, each sound by itself."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.losses.loss import Loss
from patchc.losses.registry import find_loss, loss_names
from patchc.source.error import PatchError


def make(name: str, **settings: object) -> Loss:
    found = find_loss(name)
    assert found is not None
    return found(8_000.0 if found.kind is Kind.AUDIO else 250.0, **settings)


def noise(batch: int, length: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return 0.3 * torch.randn(batch, length, generator=generator, dtype=torch.float64)


every_loss = pytest.mark.parametrize("name", loss_names())


@every_loss
def test_equal_sounds_are_at_distance_zero(name: str) -> None:
    sound = noise(2, 3000)
    assert make(name)(sound, sound.clone()).tolist() == [0.0, 0.0]


@every_loss
def test_other_sounds_are_further_away_the_more_they_differ(name: str) -> None:
    target, change = noise(1, 3000), noise(1, 3000, seed=1)
    near, far = make(name)(target + 0.01 * change, target), make(name)(target + change, target)
    assert 0 < near.item() < far.item()


@every_loss
def test_each_sound_of_a_batch_is_compared_by_itself(name: str) -> None:
    loss, prediction, target = make(name), noise(3, 2000), noise(3, 2000, seed=1)
    alone = torch.cat([loss(prediction[i : i + 1], target[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(loss(prediction, target), alone)


@every_loss
def test_one_prepared_target_serves_a_whole_batch(name: str) -> None:
    loss, prediction, target = make(name), noise(3, 2000), noise(1, 2000, seed=1)
    torch.testing.assert_close(loss(prediction, loss.prepare(target)), loss(prediction, target.expand(3, -1)))


@every_loss
def test_channels_are_averaged(name: str) -> None:
    loss, prediction, target = make(name), noise(2, 2000), noise(2, 2000, seed=1)
    same = loss(prediction[:, None].expand(-1, 2, -1), target[:, None].expand(-1, 2, -1))
    torch.testing.assert_close(same, loss(prediction, target))


@every_loss
def test_gradient_agrees_with_finite_differences(name: str) -> None:
    loss, prediction, target = make(name), noise(1, 400), noise(1, 400, seed=1)
    direction = noise(1, 400, seed=2)
    prediction.requires_grad_()
    (gradient,) = torch.autograd.grad(loss(prediction, target).sum(), prediction)
    step = 1e-6
    ahead, behind = (loss(prediction.detach() + s * direction, target) for s in (step, -step))
    torch.testing.assert_close(
        (gradient * direction).sum(), ((ahead - behind) / (2 * step)).squeeze(0), rtol=1e-3, atol=1e-7
    )


@every_loss
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_silence_has_a_finite_gradient(name: str, dtype: torch.dtype) -> None:
    for target in (torch.zeros(1, 3000, dtype=dtype), noise(1, 3000).to(dtype)):
        silent = torch.zeros(1, 3000, dtype=dtype, requires_grad=True)
        value = make(name)(silent, target)
        value.sum().backward()
        assert value.isfinite().all()
        assert silent.grad is not None
        assert silent.grad.isfinite().all()


@every_loss
@pytest.mark.parametrize("length", [1, 2, 7, 40])
def test_short_signals_are_compared_too(name: str, length: int) -> None:
    assert make(name)(noise(2, length), noise(2, length, seed=1)).isfinite().all()


@every_loss
def test_lengths_must_agree(name: str) -> None:
    with pytest.raises(ValueError, match="200 values and the target 100"):
        make(name)(noise(1, 200), noise(1, 100))


@every_loss
def test_an_unknown_setting_is_named_with_those_there_are(name: str) -> None:
    with pytest.raises(PatchError) as caught:
        make(name, blur=3)
    (said,) = caught.value.diagnostics
    assert said.code == "P711"
    assert said.message == f"`{name}` has no setting called `blur`"


@every_loss
def test_every_number_among_the_settings_has_a_range_and_a_sentence(name: str) -> None:
    found = find_loss(name)
    assert found is not None
    for field, info in found.Settings.model_fields.items():
        assert info.description, field
        if info.annotation in (int, float):
            assert found.problems({field: 1e12}), field
            assert found.problems({field: -1e12}), field
            assert found.problems({field: float("nan")}), field


def test_a_slip_is_told_what_was_meant() -> None:
    with pytest.raises(PatchError) as caught:
        make("mss", ftt=[64])
    assert caught.value.diagnostics[0].help_text.startswith("did you mean `fft`?")


@pytest.mark.parametrize("sizes", [[], [3], [10**9], [64] * 17, ["many"]])
def test_window_sizes_are_bounded(sizes: list[object]) -> None:
    with pytest.raises(PatchError) as caught:
        make("mss", fft=sizes)
    assert [said.code for said in caught.value.diagnostics] == ["P712"]


def test_there_is_no_loss_of_another_name() -> None:
    assert find_loss("msss") is None
    assert find_loss("loss") is None
    assert find_loss("registry") is None


def test_losses_are_found_by_folder() -> None:
    assert {"mss", "transport", "loudness", "mel_cepstrum", "control_stft", "control_l1"} <= set(loss_names())

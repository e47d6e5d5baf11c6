"""The kernel of short-time spectra against torch's own operations: values, gradients, bits, and who is served by
which."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor
from torch.autograd import forward_ad

from patchc.losses import spectra
from patchc.losses.mss import Mss
from patchc.losses.spectra import kernel
from patchc.losses.transport import Transport

pytestmark = pytest.mark.skipif(not kernel.is_there(), reason="no C++ compiler on this machine")

RATE = 16_000
Value = Callable[[Tensor], Tensor]


def noise(*shape: int, seed: int = 0, level: float = 0.2) -> Tensor:
    return level * torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def gradients(value: Value, signal: Tensor) -> Tensor:
    """The gradient, with another weight for each sound."""
    given = signal.clone().requires_grad_()
    found = value(given)
    weights = torch.arange(1.0, found.numel() + 1).view(found.shape)
    return torch.autograd.grad((found * weights).sum(), given)[0]


def error(found: Tensor, wanted: Tensor) -> float:
    return float((found - wanted).norm() / wanted.norm())


@pytest.fixture
def formula(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Tensor]], Tensor]:
    """Calls something as on a machine without a compiler."""

    def call(asked: Callable[[], Tensor]) -> Tensor:
        with monkeypatch.context() as patched:
            patched.setattr(kernel, "is_there", lambda: False)
            return asked()

    return call


@pytest.fixture
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


Formula = Callable[[Callable[[], Tensor]], Tensor]
SETTINGS = [
    ({}, 1e-5),
    ({"fft": [64]}, 1e-5),
    ({"fft": [16, 32], "overlap": 0.0}, 1e-5),
    ({"fft": [512, 128], "overlap": 0.6, "log": 0.0}, 1e-5),
    ({"fft": [512, 128], "mag": 0.0}, 1e-4),  # what rounding leaves in the weakest bins weighs most
]


@pytest.mark.parametrize(("settings", "tolerance"), SETTINGS)
@pytest.mark.parametrize("length", [1, 40, 3001, 20_000])
def test_values_and_gradients_are_those_of_the_formula(
    formula: Formula, settings: dict[str, object], tolerance: float, length: int
) -> None:
    # Levels so far apart that no bin is as loud in both: there the gradient jumps, and rounding decides to which side.
    loss, quiet, loud = Mss(RATE, **settings), noise(3, length, level=1e-3), noise(3, length, seed=1, level=3.0)
    torch.testing.assert_close(loss(quiet, loud), formula(lambda: loss(quiet, loud)), rtol=1e-5, atol=0)
    down, up = (lambda x: loss(x, quiet)), (lambda x: loss(x, loud))
    assert error(gradients(down, loud), formula(lambda: gradients(down, loud))) < tolerance
    assert error(gradients(up, quiet), formula(lambda: gradients(up, quiet))) < tolerance


def test_it_is_as_near_to_double_precision_as_the_formula(formula: Formula) -> None:
    loss, prediction, target = Mss(RATE), noise(2, 20_000), noise(2, 20_000, seed=1)
    exact = gradients(lambda x: loss(x, target.double()), prediction.double())
    value = loss(prediction.double(), target.double())
    torch.testing.assert_close(loss(prediction, target).double(), value, rtol=1e-6, atol=0)
    plain = formula(lambda: gradients(lambda x: loss(x, target), prediction))
    assert error(gradients(lambda x: loss(x, target), prediction), exact) < 2 * error(plain, exact) + 1e-6


def test_every_item_has_the_same_bits_in_any_batch() -> None:
    loss, prediction, target = Mss(RATE), noise(5, 20_000), noise(5, 20_000, seed=1)
    together, gradient = loss(prediction, target), gradients(lambda x: loss(x, target), prediction)
    for some in (slice(0, 1), slice(1, 3), slice(3, 5)):
        assert loss(prediction[some], target[some]).equal(together[some])
        given = prediction[some].clone().requires_grad_()
        weights = torch.arange(1.0, 6.0)[some]
        (own,) = torch.autograd.grad((loss(given, target[some]) * weights).sum(), given)
        assert own.equal(gradient[some])


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize("batch", [1, 3])
def test_threads_change_no_bit(batch: int) -> None:
    loss, prediction, target = Mss(RATE), noise(batch, 30_000), noise(batch, 30_000, seed=1)
    found = []
    for count in (1, 2, 5):
        torch.set_num_threads(count)
        found.append((loss(prediction, target), gradients(lambda x: loss(x, target), prediction)))
    assert all(value.equal(found[0][0]) and gradient.equal(found[0][1]) for value, gradient in found)


def test_equal_sounds_are_at_distance_zero_without_a_gradient() -> None:
    sound = noise(2, 5000)
    assert Mss(RATE)(sound, sound.clone()).tolist() == [0.0, 0.0]
    assert gradients(lambda x: Mss(RATE)(x, sound), sound).abs().max() == 0


def test_what_is_not_finite_stays_so_in_its_own_sound() -> None:
    for strange in (float("nan"), float("inf")):
        prediction = noise(3, 4000)
        prediction[1, 1000] = strange
        assert Mss(RATE)(prediction, noise(3, 4000, seed=1)).isfinite().tolist() == [True, False, True]


@pytest.mark.parametrize("lead", [(3,), (3, 2)])
def test_one_target_serves_a_batch_and_channels_are_averaged(formula: Formula, lead: tuple[int, ...]) -> None:
    loss, prediction, target = Mss(RATE), noise(*lead, 3000), noise(1, *lead[1:], 3000, seed=1)
    prepared = loss.prepare(target)
    torch.testing.assert_close(loss(prediction, prepared), formula(lambda: loss(prediction, target)))
    torch.testing.assert_close(loss(prediction, prepared), loss(prediction, target.expand(*lead, -1)))


def test_a_gradient_can_be_differentiated(formula: Formula) -> None:
    loss, prediction, target = Mss(RATE, fft=[64, 32]), noise(2, 500, level=1e-3), noise(2, 500, seed=1, level=3.0)

    def curvature() -> Tensor:
        given = prediction.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(loss(given, target).sum(), given, create_graph=True)
        return torch.autograd.grad(gradient.square().sum(), given)[0]

    assert error(curvature(), formula(curvature)) < 1e-4


def test_transforms_of_functions_see_the_formula() -> None:
    loss, prediction, target = Mss(RATE, fft=[64]), noise(2, 500), noise(2, 500, seed=1)
    prepared = loss.prepare(target)
    wanted, gradient = loss(prediction, prepared), gradients(lambda x: loss(x, prepared), prediction)
    mapped = torch.func.vmap(lambda x: loss(x, target))(torch.stack([prediction, prediction]))
    torch.testing.assert_close(mapped, torch.stack([wanted, wanted]))
    own = torch.func.grad(lambda x: (loss(x, prepared) * torch.tensor([1.0, 2.0])).sum())(prediction)
    assert error(own, gradient) < 1e-4
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch loads its decompositions by a way it calls old itself
        _, moved = torch.func.jvp(lambda x: loss(x, prepared), (prediction,), (target,))
    torch.testing.assert_close(moved, (gradient * target).sum(-1) / torch.tensor([1.0, 2.0]), rtol=1e-3, atol=1e-5)


def test_dual_numbers_see_the_formula() -> None:
    loss, prediction, target = Mss(RATE, fft=[64]), noise(1, 500), noise(1, 500, seed=1)
    with warnings.catch_warnings(), forward_ad.dual_level():
        warnings.simplefilter("ignore")
        moved = forward_ad.unpack_dual(loss(forward_ad.make_dual(prediction, target), target)).tangent  # type: ignore[no-untyped-call]
    expected = (gradients(lambda x: loss(x, target), prediction) * target).sum(-1)
    torch.testing.assert_close(moved, expected, rtol=1e-3, atol=1e-5)


def test_a_target_can_have_a_gradient_too(formula: Formula) -> None:
    loss, prediction, target = Mss(RATE, fft=[64]), noise(2, 500, level=1e-3), noise(2, 500, seed=1, level=3.0)
    assert (
        error(*(call(lambda: gradients(lambda y: loss(prediction, y), target)) for call in (lambda f: f(), formula)))
        < 1e-5
    )


@pytest.mark.parametrize("settings", [{"fft": [100, 64]}, {"fft": [81]}])
def test_sizes_that_are_no_powers_of_two_are_served_by_the_formula(settings: dict[str, object]) -> None:
    loss, prediction, target = Mss(RATE, **settings), noise(2, 500), noise(2, 500, seed=1)
    wanted = loss(prediction.double(), target.double())
    torch.testing.assert_close(loss(prediction, target).double(), wanted, rtol=1e-5, atol=0)
    torch.testing.assert_close(loss(prediction, loss.prepare(target)).double(), wanted, rtol=1e-5, atol=0)


@pytest.mark.parametrize(("size", "hop"), [(16, 4), (64, 64), (512, 128), (512, 205), (2048, 512)])
@pytest.mark.parametrize("lead", [(2,), (2, 3)])
def test_power_spectra_are_those_of_the_formula(formula: Formula, size: int, hop: int, lead: tuple[int, ...]) -> None:
    def power(x: Tensor) -> Tensor:
        return spectra.power_spectrum(x, size, hop)

    signal = noise(*lead, 5000)
    wanted = formula(lambda: power(signal))
    torch.testing.assert_close(power(signal), wanted, rtol=1e-4, atol=1e-5 * float(wanted.max()))
    assert error(gradients(power, signal), formula(lambda: gradients(power, signal))) < 1e-5


def test_losses_made_of_power_spectra_have_the_same_gradients(formula: Formula) -> None:
    loss, prediction, target = Transport(RATE), noise(2, 20_000), noise(2, 20_000, seed=1)
    torch.testing.assert_close(loss(prediction, target), formula(lambda: loss(prediction, target)))
    assert (
        error(*(call(lambda: gradients(lambda x: loss(x, target), prediction)) for call in (lambda f: f(), formula)))
        < 1e-3
    )

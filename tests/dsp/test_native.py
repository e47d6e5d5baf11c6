"""Native block primitives against the same in torch: values, gradients, bits, and all ways in which torch calls
them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from patchc.dsp.native import routine
from patchc.dsp.native.convolution import convolution
from patchc.dsp.native.dsp import BlockDsp
from patchc.dsp.native.feedback_delay import feedback_delay
from patchc.dsp.native.impulse_response import impulse_response
from patchc.dsp.native.partials import partial_sum
from patchc.dsp.native.phase import accumulate_phase
from patchc.dsp.native.shaped import shaped_noise
from patchc.dsp.operator import Operator
from patchc.dsp.reference import TensorDsp
from patchc.native import plain
from patchc.native.toolchain import CompileError

pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")

BATCH, RATE, HOP = 3, 22_050.0, 29
SIGNAL, GRADIENT = -100.0, 1e-3
KINDS = BlockDsp, TensorDsp

Function = Callable[..., Tensor]


class Case(NamedTuple):
    """A primitive of tensors `[batch or 1, ...]`; where they are drawn from, their shapes for a number of ticks."""

    function: Function
    low: tuple[float, ...]
    high: tuple[float, ...]
    shapes: Callable[[int], tuple[tuple[int, ...], ...]]

    def tensors(self, time: int, seed: int = 0) -> list[Tensor]:
        generator = torch.Generator().manual_seed(seed)
        ends = zip(self.shapes(time), self.low, self.high, strict=True)
        return [low + (high - low) * torch.rand(shape, generator=generator) for shape, low, high in ends]


def frames(time: int) -> int:
    return -(-time // HOP) + 1


def delayed(dsp: TensorDsp, x: Tensor, seconds: Tensor, feedback: Tensor) -> Tensor:
    return dsp.delay(x, seconds, feedback, 0.2, 0.001)


B = BATCH
CASES = {
    "phase": Case(lambda dsp, f: dsp.phase(f), (100.0,), (900.0,), lambda n: ((B, n),)),
    "phase of a constant": Case(lambda dsp, f: dsp.phase(f), (100.0,), (900.0,), lambda n: ((B, 1),)),
    "delay": Case(delayed, (-1, 0.003, -0.8), (1, 0.0034, 0.8), lambda n: ((B, n), (B, n), (B, n))),
    "delay that stands still": Case(delayed, (-1, 0.003, -0.8), (1, 0.05, 0.8), lambda n: ((B, n), (B, 1), (1, 1))),
    "delay in leaps": Case(delayed, (-1, 0.0, -0.8), (1, 0.3, 0.8), lambda n: ((1, n), (B, n), (B, 1))),
    "delay of a few samples": Case(delayed, (-1, 0.0, 0), (1, 0.0015, 0.9), lambda n: ((B, n), (B, n), (B, 1))),
    "delay alone": Case(
        lambda dsp, x, s: dsp.delay(x, s, 0.0, 0.2, 0.001), (-1, 0.003), (1, 0.02), lambda n: ((B, n), (B, 1))
    ),
    "partials": Case(
        lambda dsp, t, f, w: dsp.partials(t, f, w),
        (0, 200.0, 0),
        (1, 230.0, 1),
        lambda n: ((B, n), (B, n), (B, frames(n), 65)),
    ),
    "partials of a constant": Case(
        lambda dsp, t, f, w: dsp.partials(t, f, w), (0, 300.0, 0), (1, 400.0, 1), lambda n: ((B, n), (B, 1), (1, 1, 40))
    ),
    "partials for all": Case(
        lambda dsp, t, f, w: dsp.partials(t, f, w),
        (0, 200.0, 0),
        (1, 900.0, 1),
        lambda n: ((1, n), (1, 1), (B, frames(n), 7)),
    ),
    "shaped noise": Case(lambda dsp, g: dsp.shaped_noise(g), (0,), (1,), lambda n: ((B, frames(n), 33),)),
    "shaped noise of a few bands": Case(lambda dsp, g: dsp.shaped_noise(g), (0,), (1,), lambda n: ((1, frames(n), 2),)),
    "shaped noise that stands still": Case(lambda dsp, g: dsp.shaped_noise(g), (0,), (1,), lambda n: ((B, 1, 129),)),
    "room": Case(lambda dsp, x, d: dsp.reverberate(x, d, 0.1), (-1, 0.05), (1, 0.4), lambda n: ((B, n), (B, 1))),
    "moving room": Case(lambda dsp, x, d: dsp.reverberate(x, d, 0.1), (-1, 0.05), (1, 0.4), lambda n: ((B, n), (B, n))),
    "one room": Case(lambda dsp, x, d: dsp.reverberate(x, d, 0.1), (-1, 0.05), (1, 0.4), lambda n: ((B, n), (1, 1))),
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def machine(time: int, kind: type[TensorDsp] = BlockDsp, **more: object) -> TensorDsp:
    seed = torch.tensor([7, -2, 2**50 + 1])
    return kind(**{"rate": RATE, "time": time, "hop": HOP, "seed": seed, "key": 2**64 - 5, **more})


def far(x: Tensor, exact: Tensor) -> float:
    size = exact.detach().norm().clamp(min=1e-12)
    return float((x.detach().double() - exact.detach()).norm() / size)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@every_case
@pytest.mark.parametrize("time", [1, 5, 100, 9_001])
def test_agrees_with_torch_in_double_precision(case: Case, time: int) -> None:
    tensors = [one.requires_grad_() for one in case.tensors(time)]
    exact = [one.detach().double().requires_grad_() for one in tensors]
    heard = case.function(machine(time), *tensors)
    right = case.function(machine(time, TensorDsp, dtype=torch.float64), *exact)
    assert heard.dtype == torch.float32
    assert 20 * math.log10(far(heard, right) + 1e-12) < SIGNAL
    weight = torch.randn(heard.shape, generator=torch.Generator().manual_seed(1))
    gradients = torch.autograd.grad(heard, tensors, weight), torch.autograd.grad(right, exact, weight.double())
    for gradient, other in zip(*gradients, strict=True):
        assert far(gradient, other) < GRADIENT


@every_case
def test_bits(case: Case) -> None:
    """For any split of the batch, any number of threads, and any place in memory; gradients too."""
    time = 30_001
    tensors = case.tensors(time)
    whole = run(case, tensors, slice(0, BATCH), time)
    torch.set_num_threads(2)
    assert same(run(case, tensors, slice(0, BATCH), time), whole)
    moved = [torch.cat([one.new_zeros(3), one.flatten()])[3:].view(one.shape) for one in tensors]
    assert same(run(case, moved, slice(0, BATCH), time), whole)
    for part in (slice(0, 1), slice(1, 3)):
        alone = run(case, tensors, part, time)
        assert same(alone[:1], [whole[0][part]] if len(whole[0]) > 1 else whole[:1])
        own = [place for place, one in enumerate(tensors, 1) if len(one) == BATCH]
        assert same([alone[place] for place in own], [whole[place][part] for place in own])


def run(case: Case, tensors: list[Tensor], part: slice, time: int) -> list[Tensor]:
    """The sound and its gradients, of some of the batch."""
    some = [(one[part] if len(one) == BATCH else one).detach().requires_grad_() for one in tensors]
    dsp = machine(time)
    dsp.seed = dsp.seed[part] if BATCH in {len(one) for one in tensors} else torch.tensor([7])
    heard = case.function(dsp, *some)
    return [heard.detach(), *torch.autograd.grad((heard * heard).sum(), some)]


def same(some: list[Tensor], others: list[Tensor]) -> bool:
    return all(torch.equal(one, other) for one, other in zip(some, others, strict=True))


@every_case
def test_second_derivatives_are_those_of_torch(case: Case) -> None:
    time = 60
    found = []
    for dsp in (machine(time), machine(time, TensorDsp, dtype=torch.float64)):
        tensors = [one.to(dsp.dtype).requires_grad_() for one in case.tensors(time)]
        heard = case.function(dsp, *tensors)
        gradients = torch.autograd.grad(heard.square().sum(), tensors, create_graph=True)
        found.append(torch.autograd.grad(sum(one.square().sum() for one in gradients), tensors))
    for one, other in zip(*found, strict=True):
        assert far(one, other) < 5 * GRADIENT


@every_case
def test_compiles_without_a_break(case: Case) -> None:
    time = 200
    torch.compiler.reset()
    dsp = machine(time)
    compiled = torch.compile(lambda *v: case.function(dsp, *v) * 2, fullgraph=True, backend="aot_eager")
    tensors, again = ([one.requires_grad_() for one in case.tensors(time)] for _ in range(2))
    heard, plainly = compiled(*tensors), case.function(dsp, *again) * 2
    torch.testing.assert_close(heard, plainly)
    gradients = torch.autograd.grad(heard.sum(), tensors), torch.autograd.grad(plainly.sum(), again)
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other)


@every_case
@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_other_types_are_left_to_torch(case: Case, dtype: torch.dtype) -> None:
    tensors = [one.to(dtype) for one in case.tensors(300)]
    heard, plainly = (case.function(machine(300, kind, dtype=dtype), *tensors) for kind in KINDS)
    assert torch.equal(heard, plainly)


@pytest.fixture
def no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> None:
        raise CompileError("no C++ compiler here")

    monkeypatch.setattr(routine, "library", refuse)
    monkeypatch.setattr(routine, "_there", {})
    monkeypatch.setattr(plain, "_said", set())


@pytest.mark.usefixtures("no_compiler")
def test_without_a_compiler_torch_plays_and_that_is_said_once() -> None:
    with pytest.warns(plain.PlainExecutorWarning, match="no C\\+\\+ compiler here") as said:
        pairs = [[case.function(machine(300, kind), *case.tensors(300)) for kind in KINDS] for case in CASES.values()]
    assert len(said) == 1
    assert all(torch.equal(heard, plainly) for heard, plainly in pairs)


@pytest.mark.parametrize(
    ("operator", "args"),
    [
        (accumulate_phase, (torch.rand(2, 50), 100.0, 50)),
        (feedback_delay, (torch.rand(2, 50), torch.rand(2, 1), torch.rand(2, 50), 40.0, 3.0, 20.0)),
        (feedback_delay, (torch.rand(2, 50), torch.rand(2, 50), None, 40.0, 3.0, 20.0)),
        (partial_sum, (torch.rand(2, 50), torch.rand(1, 1), torch.rand(2, 6, 3), 10.0, 10)),
        (shaped_noise, (torch.rand(2, 6, 5), torch.tensor([1, 2]), 3, 10, 4000.0, 50)),
        (impulse_response, (torch.rand(2, 1) + 0.1, 3, 100.0, 20)),
        (convolution, (torch.rand(2, 50), torch.rand(1, 9))),
    ],
)
def test_torch_finds_nothing_wrong(operator: Operator, args: tuple[object, ...]) -> None:
    given = [one.requires_grad_() if isinstance(one, Tensor) and one.is_floating_point() else one for one in args]
    torch.library.opcheck(operator._op, given)


def test_a_delay_time_of_double_precision_is_not_rounded() -> None:
    """A quarter of a second in float32 is off by a share of a sample that can be heard in a high tone."""
    time = 20_000
    x = torch.sin(torch.arange(time, dtype=torch.float64) * 2)[None]
    seconds = torch.tensor([[0.2512345678]], dtype=torch.float64)
    right = machine(time, TensorDsp, dtype=torch.float64).delay(x, seconds, 0.0, 1.0, 0.001)
    heard = machine(time).delay(x.float(), seconds, 0.0, 1.0, 0.001)
    assert 20 * math.log10(far(heard, right)) < -120


@pytest.mark.parametrize("feedback", [0.0, 0.5])
def test_what_is_not_a_number_is_heard_as_such(feedback: float) -> None:
    seconds = torch.full((1, 200), 0.005)
    seconds[0, 130] = math.nan
    given = torch.tensor([[feedback]]) if feedback else feedback
    heard = machine(200).delay(torch.rand(1, 200), seconds, given, 1.0, 0.001)
    assert heard[0, :130].isfinite().all()
    assert heard[0, 130].isnan()


def test_a_room_longer_than_a_block() -> None:
    """Several blocks side by side are one convolution."""
    x, h = torch.randn(2, 70_000), torch.randn(1, 900)
    (heard,), right = convolution(x, h), convolution.formula(x.double(), h.double())
    assert far(heard, right) < 1e-6

"""Every operator: adjoint, tangent and second derivatives against differences, and the four ways torch may call it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
import torch
from torch import Tensor

from patchc.dsp.additive import partials, spectrum
from patchc.dsp.delay import delay, read
from patchc.dsp.fft import convolve, cosines
from patchc.dsp.onepole import onepole
from patchc.dsp.svf import svf

pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")

TIME = 36  # more than a block of the recurrences


class Case(NamedTuple):
    """A function of tensors `[batch, ...]` and shapes to try it with."""

    function: Callable[..., Any]
    shapes: tuple[tuple[int, ...], ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def tensors(self, seed: int = 0, batch: int | None = None) -> list[Tensor]:
        generator = torch.Generator().manual_seed(seed)
        made = []
        for shape, low, high in zip(self.shapes, self.low, self.high, strict=True):
            shape = shape if batch is None else (batch, *shape[1:])
            made.append(low + (high - low) * torch.rand(shape, generator=generator, dtype=torch.float64))
        return made


def filters(reverse: bool) -> list[Case]:
    every = (2, TIME)
    inputs = lambda x, e, f, g, k: svf(x, e, f, g, k, reverse)  # noqa: E731
    plain = lambda x, g, k: svf(x, None, None, g, k, reverse)  # noqa: E731
    pole = lambda x, p: onepole(x, p, reverse)  # noqa: E731
    return [
        Case(inputs, (every,) * 5, (-1.0, -1.0, -1.0, 0.01, 0.1), (1.0, 1.0, 1.0, 2.0, 2.0)),
        Case(plain, (every, (2, 1), (1, 1)), (-1.0, 0.01, 0.1), (1.0, 2.0, 2.0)),
        Case(pole, (every, every), (-1.0, 0.1), (1.0, 0.95)),
        Case(pole, (every, (1, 1)), (-1.0, 0.1), (1.0, 0.95)),
    ]


def lines(transpose: bool) -> list[Case]:
    function = lambda x, t, f: delay(x, t, f, transpose)  # noqa: E731
    return [
        Case(function, ((2, TIME), (2, TIME), (2, TIME)), (-1.0, 3.0, -0.8), (1.0, 19.0, 0.8)),
        Case(function, ((1, TIME), (1, 1), (2, 1)), (-1.0, 7.3, -0.8), (1.0, 7.6, 0.8)),
    ]


CASES = {
    **{f"filter {i}": case for i, case in enumerate(filters(False))},
    **{f"filter back {i}": case for i, case in enumerate(filters(True))},
    **{f"delay {i}": case for i, case in enumerate(lines(False))},
    **{f"delay back {i}": case for i, case in enumerate(lines(True))},
    "read": Case(read, ((2, TIME), (2, TIME)), (-1.0, 3.0), (1.0, 19.0)),
    "convolve": Case(lambda x, h: convolve(x, h, 12), ((2, 12), (1, 7)), (-1.0, -1.0), (1.0, 1.0)),
    "convolve longer": Case(lambda x, h: convolve(x, h, 20), ((2, 12), (2, 7)), (-1.0, -1.0), (1.0, 1.0)),
    "cosines": Case(lambda g: cosines(g, False), ((2, 5),), (0.0,), (1.0,)),
    "cosines back": Case(lambda g: cosines(g, True), ((2, 8),), (0.0,), (1.0,)),
    "partials": Case(
        lambda t, s, w: partials(t, s, w, 4, 0, 0), ((2, 10), (2, 10), (2, 4, 3)), (0.0, 0.155, 0.0), (1.0, 0.165, 1.0)
    ),
    "partials still": Case(
        lambda t, s, w: partials(t, s, w, 4, 0, 0), ((2, 10), (1, 1), (1, 1, 3)), (0.0, 0.155, 0.0), (1.0, 0.165, 1.0)
    ),
    "spectrum": Case(
        lambda x, t, s: spectrum(x, t, s, 4, 3, 4, 0, 0), ((2, 10),) * 3, (-1.0, 0.0, 0.155), (1.0, 1.0, 0.165)
    ),
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


@every_case
def test_first_derivatives(case: Case) -> None:
    tensors = [one.requires_grad_() for one in case.tensors()]
    assert torch.autograd.gradcheck(case.function, tensors, check_forward_ad=True, fast_mode=True, rtol=1e-5, atol=1e-6)


@every_case
def test_second_derivatives(case: Case) -> None:
    tensors = [one.requires_grad_() for one in case.tensors()]
    assert torch.autograd.gradgradcheck(case.function, tensors, fast_mode=True, rtol=1e-5, atol=1e-6)


@every_case
def test_forward_over_backward(case: Case) -> None:
    """The tangent of the adjoint is the adjoint of the tangent: a Hessian is symmetric."""
    tensors = tuple(case.tensors())
    ways = tuple(case.tensors(1))

    def loss(*values: Tensor) -> Tensor:
        out = case.function(*values)
        return sum(one.pow(3).sum() for one in (out if isinstance(out, tuple) else (out,)))

    places = tuple(range(len(tensors)))
    _, ahead = torch.func.jvp(torch.func.grad(loss, places), tensors, ways)
    back = torch.func.grad(lambda *v: torch.func.jvp(loss, v, ways)[1], places)(*tensors)
    for one, other in zip(ahead, back, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-8, atol=1e-8)


@every_case
def test_vmap(case: Case) -> None:
    first, second = case.tensors(0), case.tensors(1)
    mapped = torch.func.vmap(case.function, in_dims=(0,) + (None,) * (len(first) - 1))(
        torch.stack([first[0], second[0]]), *first[1:]
    )
    for row, x in enumerate((first[0], second[0])):
        plain = case.function(x, *first[1:])
        for one, other in zip(*(v if isinstance(v, tuple) else (v,) for v in (mapped, plain)), strict=True):
            torch.testing.assert_close(one[row], other)


@every_case
def test_compiles_without_a_break(case: Case) -> None:
    torch.compiler.reset()
    compiled = torch.compile(lambda *v: doubled(case.function(*v)), fullgraph=True, backend="aot_eager")
    tensors, again = ([one.requires_grad_() for one in case.tensors()] for _ in range(2))
    out, plain = compiled(*tensors), doubled(case.function(*again))
    torch.testing.assert_close(out, plain)
    gradients = torch.autograd.grad(out.sum(), tensors), torch.autograd.grad(plain.sum(), again)
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other)


def doubled(out: Any) -> Tensor:
    return torch.cat(out if isinstance(out, tuple) else (out,), 1) * 2


class Wrapped(torch.nn.Module):
    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case

    def forward(self, *tensors: Tensor) -> Tensor:
        return doubled(self.case.function(*tensors))


@every_case
def test_exports_with_any_batch(case: Case) -> None:
    tensors = case.tensors(0, batch=3)
    batch = torch.export.Dim("batch", min=2, max=64)
    program = torch.export.export(Wrapped(case), tuple(tensors), dynamic_shapes=(tuple({0: batch} for _ in tensors),))
    other = case.tensors(1, batch=5)
    torch.testing.assert_close(program.module()(*other), doubled(case.function(*other)))


def test_a_compiled_graph_holds_the_operator_and_nothing_of_its_inside() -> None:
    """Forward and backward: one node each, whatever the length of the sound."""
    counts: list[list[str]] = []

    def note(graph: torch.fx.GraphModule, _: Any) -> Any:
        counts.append([str(node.target) for node in graph.graph.nodes if "patchc" in str(node.target)])
        assert len(graph.graph.nodes) < 60
        return torch._functorch.aot_autograd.make_boxed_func(graph.forward)

    from torch._dynamo.backends.common import aot_autograd

    torch.compiler.reset()
    compiled = torch.compile(
        lambda x, g, k: svf(x, None, None, g, k, False)[0], fullgraph=True, backend=aot_autograd(fw_compiler=note)
    )
    x, g, k = (one.requires_grad_() for one in CASES["filter 1"].tensors())
    compiled(x, g, k).sum().backward()
    assert counts == [["patchc.svf.default"], ["patchc.svf.default"]]


@pytest.mark.parametrize("name", ["filter 0", "filter 2", "delay 0", "convolve", "cosines", "partials", "spectrum"])
def test_torch_finds_nothing_wrong(name: str) -> None:
    """torch's own checks of custom ops: schema, fake kernel, autograd registration, tracing."""
    case = CASES[name]
    operator, constants = {
        "filter 0": (svf, (False,)),
        "filter 2": (onepole, (False,)),
        "delay 0": (delay, (False,)),
        "convolve": (convolve, (12,)),
        "cosines": (cosines, (False,)),
        "partials": (partials, (4, 0, 0)),
        "spectrum": (spectrum, (4, 3, 4, 0, 0)),
    }[name]
    tensors = [one.requires_grad_() for one in case.tensors()]
    torch.library.opcheck(operator._op, (*tensors, *constants))

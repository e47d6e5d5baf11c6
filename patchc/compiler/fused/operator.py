"""Kernels as torch sees them: an autograd function, and opaque operators for compilers, exporters and fake tensors."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.fx.experimental.proxy_tensor import get_proxy_mode

from patchc.compiler.fused.kernel import Inputs, Kernel, Outputs

_kernels: dict[str, Kernel] = {}


def register(key: str, kernel: Kernel) -> None:
    """Makes `kernel` known under `key`, which is what operators are given."""
    _kernels.setdefault(key, kernel)


def kernel(key: str) -> Kernel:
    """The kernel known as `key`."""
    return _kernels[key]


def play(key: str, inputs: Inputs) -> tuple[Tensor, Tensor]:
    """`audio` `[rows, batch, samples]` and `control` `[rows, batch, frames]` of the kernel known as `key`."""
    args = (inputs.constants, inputs.control_in, inputs.audio_in, inputs.seed, key, inputs.batch, inputs.samples)
    if torch.compiler.is_compiling() or get_proxy_mode() is not None:
        audio, control, *_ = torch.ops.patchc.region(*args)
        return audio, control
    return _Region.apply(*args)[:2]  # type: ignore[no-untyped-call,no-any-return]


def _run(*args: Any) -> tuple[Tensor, ...]:
    constants, control_in, audio_in, seed, key, batch, samples = args
    out = _kernels[key].forward(Inputs(constants, control_in, audio_in, seed, batch, samples))
    return out.audio, out.control, out.doubles, out.singles, out.states


def _run_back(*args: Any) -> tuple[Tensor, ...]:
    constants, control_in, audio_in, seed, doubles, singles, states, grad_audio, grad_control, key, batch, samples = (
        args
    )
    inputs = Inputs(constants, control_in, audio_in, seed, batch, samples)
    out = Outputs(grad_audio, grad_control, doubles, singles, states)
    return _kernels[key].backward(inputs, out, grad_audio, grad_control)


# --- eager


class _Region(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *args: Any) -> tuple[Tensor, ...]:
        audio, control, *kept = _run(*args)
        ctx.save_for_backward(*args[:4], *kept)
        ctx.rest = args[4:]
        ctx.shapes = audio.shape, control.shape
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(*kept)
        return audio, control, *kept

    @staticmethod
    def backward(ctx: Any, *grads: Tensor | None) -> tuple[Tensor | None, ...]:
        saved = ctx.saved_tensors  # read once: checkpointing without re-entry recomputes them for one reading
        return _Back.apply(*saved, *_filled(grads, saved[0], ctx), *ctx.rest) + (None,) * 4  # type: ignore


class _Back(torch.autograd.Function):
    """The backward pass; it has none of its own."""

    @staticmethod
    def forward(ctx: Any, *args: Any) -> tuple[Tensor, ...]:
        constants, control_in, audio_in = args[:3]
        found = _run_back(*args)
        return _summed(found[0], constants, 0), _summed(found[1], control_in, 1), _summed(found[2], audio_in, 1)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> None:
        raise NotImplementedError(SECOND)


SECOND = "a kernel has first derivatives only: for second ones load the patch with `executor='reference'`"


def _filled(grads: Any, like: Tensor, ctx: Any) -> list[Tensor]:
    """Gradients for the wanted signals, zero where there is none."""
    return [like.new_zeros(shape) if grad is None else grad for grad, shape in zip(grads, ctx.shapes, strict=False)]


def _summed(gradient: Tensor, like: Tensor, axis: int) -> Tensor:
    """What all voices shared gets the sum over them."""
    return gradient if like.shape == gradient.shape else gradient.sum(axis, keepdim=True)


# --- compilers

_STATIC = "str key, SymInt batch, SymInt samples"
_OUTS = "(Tensor, Tensor, Tensor, Tensor, Tensor)"


@torch.library.custom_op(
    "patchc::region",
    mutates_args=(),
    schema=f"(Tensor constants, Tensor control_in, Tensor audio_in, Tensor seed, {_STATIC}) -> {_OUTS}",
)
def _region(*args: Any) -> tuple[Tensor, ...]:
    return _run(*args)


@_region.register_fake
def _(*args: Any) -> tuple[Tensor, ...]:
    constants, _, _, _, key, batch, samples = args
    return _kernels[key].shapes(constants, batch, samples)


@torch.library.custom_op(
    "patchc::region_back",
    mutates_args=(),
    schema="(Tensor constants, Tensor control_in, Tensor audio_in, Tensor seed, "
    "Tensor doubles, Tensor singles, Tensor states, "
    f"Tensor grad_audio, Tensor grad_control, {_STATIC}) -> (Tensor, Tensor, Tensor)",
)
def _region_back(*args: Any) -> tuple[Tensor, ...]:
    return _run_back(*args)


@_region_back.register_fake
def _(*args: Any) -> tuple[Tensor, ...]:
    constants, control_in, audio_in, *_, batch, _ = args
    return (
        constants.new_empty((batch, constants.shape[1])),
        constants.new_empty((control_in.shape[0], batch, control_in.shape[2])),
        constants.new_empty((audio_in.shape[0], batch, audio_in.shape[2])),
    )


def _keep(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
    audio, control, *kept = output
    ctx.save_for_backward(*inputs[:4], *kept)
    ctx.rest = inputs[4:]
    ctx.shapes = audio.shape, control.shape


def _gradients(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
    saved = ctx.saved_tensors
    found = torch.ops.patchc.region_back(*saved, *_filled(grads[:2], saved[0], ctx), *ctx.rest)
    constants, control_in, audio_in = saved[:3]
    return (
        _summed(found[0], constants, 0),
        _summed(found[1], control_in, 1),
        _summed(found[2], audio_in, 1),
        *(None,) * 4,
    )


_region.register_autograd(_gradients, setup_context=_keep)

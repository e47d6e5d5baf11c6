"""Where the kernel of short-time spectra can do the work, and what autograd has to know about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd import forward_ad
from torch.fx.experimental.proxy_tensor import get_proxy_mode

from patchc.losses.spectra import kernel
from patchc.losses.spectra.kernel import Scale

Formula = Callable[[Tensor], Tensor]
"""The same in torch's own operations, of `[rows, samples]`: what is differentiated when a gradient is."""


@dataclass(frozen=True)
class PreparedTarget:
    """What the kernel keeps of a target `[..., samples]`: its magnitudes at every scale."""

    signal: Tensor
    scales: tuple[Scale, ...]
    magnitudes: tuple[Tensor, ...]

    def serves(self, prediction: Tensor) -> bool:
        """Whether it can be compared with: of the same shape, or with a batch of one."""
        lead = self.signal.shape[:-1]
        alike = lead == prediction.shape[:-1] or (lead[0] == 1 and lead[1:] == prediction.shape[1:-1])
        return alike and serves(prediction, self.scales)

    def difference(self, prediction: Tensor, formula: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
        """The mean differences of each item, `[batch]`; `formula` is the same of two `[rows, samples]`."""
        rows, target = _rows(prediction), _rows(self.signal)
        gradients = rows.requires_grad and torch.is_grad_enabled()

        def again(signal: Tensor) -> Tensor:
            return formula(signal, target.repeat(len(signal) // len(target), 1))

        value: Tensor = _Difference.apply(rows, self, gradients, again)  # type: ignore[no-untyped-call]
        return value.view(len(prediction), -1).mean(-1)


def keep(signal: Tensor, scales: Sequence[Scale]) -> PreparedTarget | None:
    """What will be compared with, or None where that is not the kernel's work."""
    wanted = signal.requires_grad and torch.is_grad_enabled()
    if wanted or not serves(signal, scales):
        return None
    own = signal.detach().clone()
    return PreparedTarget(own, tuple(scales), kernel.keep(_rows(own), scales))


def serves(signal: Tensor, scales: Sequence[Scale]) -> bool:
    """Whether the kernel can take `[batch, ..., samples]`: float32 on the CPU, sizes that fit, and nobody looking on.

    Tracers and transforms of functions have to see torch's own operations.
    """
    ours = type(signal) in (Tensor, torch.nn.Parameter) and signal.device.type == "cpu"
    fits = ours and signal.dtype is torch.float32 and signal.numel() > 0 and signal.ndim > 1
    return fits and all(scale.fits for scale in scales) and not _watched(signal) and kernel.is_there()


def _watched(signal: Tensor) -> bool:
    if torch.compiler.is_compiling() or get_proxy_mode() is not None:
        return True
    if torch._C._are_functorch_transforms_active():
        return True
    return forward_ad.unpack_dual(signal).tangent is not None  # type: ignore[no-untyped-call]


def power(signal: Tensor, scale: Scale, formula: Formula) -> Tensor:
    """The power spectra of `[..., samples]`, `[..., frames, bins]`."""
    found: Tensor = _Power.apply(_rows(signal), scale, formula)  # type: ignore[no-untyped-call]
    return found.view(*signal.shape[:-1], *found.shape[1:])


def _rows(signal: Tensor) -> Tensor:
    return signal.reshape(-1, signal.shape[-1]).contiguous()


class _Difference(torch.autograd.Function):
    """The gradients are found forward, with a frame's bins at hand; in the backward pass one number scales them."""

    @staticmethod
    def forward(ctx: Any, signal: Tensor, kept: PreparedTarget, wants_gradients: bool, formula: Formula) -> Tensor:
        value, gradients = kernel.compare(signal, kept.scales, kept.magnitudes, wants_gradients)
        ctx.formula = formula
        ctx.save_for_backward(signal, gradients)
        return value

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None, None]:
        signal, gradients = ctx.saved_tensors
        again = torch.is_grad_enabled()
        return _again(ctx.formula, signal, grad) if again else gradients * grad[:, None], None, None, None


class _Power(torch.autograd.Function):
    """Keeps the signal alone: a spectrum costs less to find again than to write and to read."""

    @staticmethod
    def forward(ctx: Any, signal: Tensor, scale: Scale, formula: Formula) -> Tensor:
        ctx.scale, ctx.formula = scale, formula
        ctx.save_for_backward(signal)
        return kernel.power(signal, scale)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        (signal,) = ctx.saved_tensors
        if torch.is_grad_enabled():
            return _again(ctx.formula, signal, grad), None, None
        return kernel.power_gradients(signal, ctx.scale, grad.contiguous()), None, None


def _again(formula: Formula, signal: Tensor, grad: Tensor) -> Tensor:
    """The gradient as something that can be differentiated itself."""
    (gradients,) = torch.autograd.grad(formula(signal), signal, grad, create_graph=True)
    return gradients

"""Operators of which value and gradients are native, and everything beyond comes from the same formula in torch."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from patchc.dsp.operator import Operator


class Native(Operator):
    """Subclasses say what is native in `kernel` and `gradients`, and in `formula` what it is."""

    @abstractmethod
    def formula(self, *args: Any) -> Tensor:
        """The value by operations that torch can differentiate again."""

    @abstractmethod
    def gradients(self, grad: Tensor, out: Tensor, *args: Any) -> tuple[Tensor | None, ...]:
        """Gradients for `args`, by an operator of its own: compilers must not look into it."""

    def adjoint(self, grads: Sequence[Tensor], out: Sequence[Tensor], *args: Any) -> tuple[Tensor | None, ...]:
        if torch.is_grad_enabled():  # somebody will differentiate the gradient
            return self._again(grads[0], *args)
        return self.gradients(grads[0], out[0], *args)

    def _again(self, grad: Tensor, *args: Any) -> tuple[Tensor | None, ...]:
        places = [place for place, one in enumerate(args) if isinstance(one, Tensor) and one.requires_grad]
        inputs = [args[place] for place in places]
        found = torch.autograd.grad(self.formula(*args), inputs, grad, create_graph=True, allow_unused=True)
        gradients: list[Tensor | None] = [None] * len(args)
        for place, gradient in zip(places, found, strict=True):
            gradients[place] = gradient
        return tuple(gradients)


class Gradients(Operator):
    """The backward pass of a `Native`; it has none of its own."""

    def adjoint(self, grads: Sequence[Tensor], out: Sequence[Tensor], *args: Any) -> tuple[Tensor | None, ...]:
        raise NotImplementedError(
            f"{type(self).__name__} has no derivative: load the patch with `executor='reference'` for higher ones"
        )

"""One way to give torch a primitive of our own: an autograd function for eager, an opaque op for compilers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.fx.experimental.proxy_tensor import get_proxy_mode

Arg = Any
"""A tensor whose first axis is the batch (of one, if it is the same for all), a plain number, or None."""


class Operator(ABC):
    """A function of tensors with a hand-written adjoint and tangent, called like a function.

    Subclasses are used through one instance each. Formulas of `adjoint` and `tangent` may call operators again, so
    derivatives of any order come out of few lines. A custom op that is opaque to compilers exists beside the autograd
    function because Dynamo refuses autograd functions with a `jvp`, and torch.func refuses custom ops.
    """

    schema: ClassVar[str]
    """Arguments and results as torch's schema language writes them: `(Tensor x, int n) -> (Tensor, Tensor)`."""

    @abstractmethod
    def kernel(self, *args: Arg) -> tuple[Tensor, ...]:
        """The values, as new contiguous tensors. Nothing in here is recorded: loops and in-place writes are fine."""

    @abstractmethod
    def shapes(self, *args: Arg) -> tuple[tuple[int, ...], ...]:
        """The shapes of the values; their type is that of the first argument."""

    @abstractmethod
    def adjoint(self, grads: Sequence[Tensor], out: Sequence[Tensor], *args: Arg) -> tuple[Tensor | None, ...]:
        """Gradients for `args` from those for the values; broadcast ones are summed by the caller."""

    def tangent(self, tangents: Sequence[Tensor | None], out: Sequence[Tensor], *args: Arg) -> tuple[Tensor, ...]:
        """How the values move when `args` move by `tangents`."""
        raise NotImplementedError(f"{type(self).__name__} has no forward derivative")

    def __init__(self) -> None:
        name = f"patchc::{type(self).__name__.lower()}"
        self._op = torch.library.custom_op(name, self._values, mutates_args=(), schema=self.schema)
        self._op.register_fake(self._fakes)
        self._op.register_autograd(self._backward, setup_context=_remember)

    def __call__(self, *args: Arg) -> tuple[Tensor, ...]:
        if torch.compiler.is_compiling() or get_proxy_mode() is not None:
            return _listed(self._op(*args))
        if _forward_levels() > 1:
            raise NotImplementedError(NESTED)
        return tuple(_Recorded.apply(self, *args))  # type: ignore[no-untyped-call]

    def _values(self, *args: Arg) -> Tensor | tuple[Tensor, ...]:
        return _plain(self.kernel(*args))

    def _fakes(self, *args: Arg) -> Tensor | tuple[Tensor, ...]:
        return _plain(tuple(args[0].new_empty(shape) for shape in self.shapes(*args)))

    def _backward(self, ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        args, out = _recall(ctx)
        found = self.adjoint(grads, out, *args)
        return tuple(_summed(one, arg) for one, arg in zip(found, args, strict=True))


NESTED = (
    "torch runs a forward derivative's own formula without derivatives, so one inside another would be silently wrong "
    "here: take second derivatives by `jacfwd(jacrev(...))`, `jacrev(jacrev(...))` or `hessian`"
)


def _forward_levels() -> int:
    """How many forward derivatives of `torch.func` are under way."""
    functorch = torch._C._functorch
    stack = functorch.get_interpreter_stack() if functorch.peek_interpreter_stack() is not None else []
    return sum(level.key() == functorch.TransformType.Jvp for level in stack or ())


def _plain(values: tuple[Tensor, ...]) -> Tensor | tuple[Tensor, ...]:
    """What a custom op returns: its one value, or all of them."""
    return values[0] if len(values) == 1 else values


def _listed(values: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (values,) if isinstance(values, Tensor) else tuple(values)


def _remember(ctx: Any, inputs: tuple[Arg, ...], output: Any) -> None:
    """Keeps tensors where torch wants them, and everything else as it is."""
    ctx.others = [None if isinstance(one, Tensor) else one for one in inputs]
    ctx.count = len(inputs)
    ctx.places = [place for place, one in enumerate(inputs) if isinstance(one, Tensor)]
    ctx.save_for_backward(*(inputs[place] for place in ctx.places), *_listed(output))


def _recall(ctx: Any) -> tuple[list[Arg], list[Tensor]]:
    args = list(ctx.others)
    saved = list(ctx.saved_tensors)
    for place, tensor in zip(ctx.places, saved, strict=False):
        args[place] = tensor
    return args, saved[len(ctx.places) :]


def _summed(gradient: Tensor | None, arg: Arg) -> Tensor | None:
    """The gradient of a broadcast argument is the sum over what it was spread over."""
    if gradient is None or not isinstance(arg, Tensor):
        return None
    return gradient.sum_to_size(arg.shape).to(arg.dtype)


def batch_of(*args: Arg) -> int:
    """The batch that the tensors among `args` are broadcast to."""
    sizes = [one.shape[0] for one in args if isinstance(one, Tensor)]
    return next((size for size in sizes if size != 1), 1)


class _Recorded(torch.autograd.Function):
    """Any operator, as autograd and torch.func see it."""

    @staticmethod
    def forward(operator: Operator, *args: Arg) -> tuple[Tensor, ...]:
        return operator.kernel(*args)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
        ctx.operator, *args = inputs
        _remember(ctx, tuple(args), output)
        ctx.save_for_forward(*(args[place] for place in ctx.places), *output)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        return (None, *ctx.operator._backward(ctx, *grads))

    @staticmethod
    def jvp(ctx: Any, _: None, *tangents: Tensor | None) -> tuple[Tensor, ...]:
        args, out = _recall(ctx)
        moved: tuple[Tensor, ...] = ctx.operator.tangent(tangents, out, *args)
        return moved

    @staticmethod
    def vmap(info: Any, in_dims: tuple[Any, ...], operator: Operator, *args: Arg) -> tuple[Any, Any]:
        """The mapped axis is folded into the batch."""
        dims = in_dims[1:]
        tensors = [(one, dim) for one, dim in zip(args, dims, strict=True) if isinstance(one, Tensor)]
        batch = max(one.movedim(dim, 0).shape[1] if dim is not None else one.shape[0] for one, dim in tensors)
        folded = [_fold(one, dim, info.batch_size, batch) for one, dim in zip(args, dims, strict=True)]
        out = operator(*folded)
        return tuple(one.view(info.batch_size, batch, *one.shape[1:]) for one in out), (0,) * len(out)


def _fold(arg: Arg, dim: int | None, size: int, batch: int) -> Arg:
    if not isinstance(arg, Tensor):
        return arg
    mapped = arg.unsqueeze(0) if dim is None else arg.movedim(dim, 0)
    return mapped.expand(size, batch, *mapped.shape[2:]).flatten(0, 1)

"""Sums of harmonics by native code: the value, and all gradients in one pass over the sound."""

from __future__ import annotations

import ctypes
from typing import Any

from torch import Tensor

from patchc.dsp.additive import partials
from patchc.dsp.native.operator import Gradients, Native
from patchc.dsp.native.routine import fields, laid, line, run, threads
from patchc.dsp.operator import batch_of
from patchc.native.buffers import empty
from patchc.native.layout import mirrors

_STILL = 64  # ticks in a hop where nothing is ramped
_ITEM = 4096  # ticks in an item of work, about


@mirrors("partials.cpp", "Partials")
class Call(ctypes.Structure):
    """`Partials` of partials.cpp."""

    _fields_ = fields(
        "batch time hop frames width hops each moving threads",
        floats="rate",
        lines="phase freq weights grad",
        pointers="out grad_phase grad_freq grad_weights",
    )


class PartialSum(Native):
    """As `Partials`, of `freq` `[batch, time or 1]` in Hz at `rate`."""

    schema = "(Tensor phase, Tensor freq, Tensor weights, float rate, int hop) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        call, held = _call(*args)
        out = empty((call.batch, call.time))
        call.out = out.data_ptr()
        run("partials", "sound_all", call)
        del held
        return (out,)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        return ((batch_of(*args), args[0].shape[1]),)

    def formula(self, *args: Any) -> Tensor:
        phase, freq, weights, rate, hop = args
        return partials(phase, freq / rate, weights, hop, 0, 0)[0]

    def gradients(self, grad: Tensor, out: Tensor, *args: Any) -> tuple[Tensor | None, ...]:
        return *partial_gradients(grad, *args), None, None


class PartialGradients(Gradients):
    """By `phase`, `freq` and `weights`, each over the whole batch."""

    schema = "(Tensor grad, Tensor phase, Tensor freq, Tensor weights, float rate, int hop) -> (Tensor, Tensor, Tensor)"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        grad, *rest = args
        call, held = _call(*rest)
        grad = laid(grad)
        call.grad = line(grad)
        grad_phase, grad_freq, grad_weights = (empty(shape) for shape in self._room(call, *rest))
        call.grad_phase, call.grad_freq, call.grad_weights = (
            one.data_ptr() for one in (grad_phase, grad_freq, grad_weights)
        )
        run("partials", "gradient_all", call)
        del held
        whole = grad_freq if rest[1].shape[1] > 1 else grad_freq.sum(1, keepdim=True)
        return grad_phase, whole, grad_weights if call.moving else grad_weights.sum(1, keepdim=True)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        grad, phase, freq, weights, *_ = args
        batch = batch_of(grad, phase, freq, weights)
        return (batch, phase.shape[1]), (batch, freq.shape[1]), (batch, *weights.shape[1:])

    def _room(self, call: Call, *args: Any) -> tuple[tuple[int, ...], ...]:
        """The shapes that C++ fills: for what stands constant, a part from each item of work."""
        grad_phase, grad_freq, grad_weights = self.shapes(args[0], *args)
        items = -(-call.hops // call.each)
        moves = grad_freq[1] > 1
        return (
            grad_phase,
            grad_freq if moves else (call.batch, items),
            grad_weights if call.moving else (call.batch, items, grad_weights[2]),
        )


def _call(phase: Tensor, freq: Tensor, weights: Tensor, rate: float, hop: int) -> tuple[Call, Any]:
    """What to work on, and what has to be kept alive meanwhile."""
    phase, freq, weights = held = laid(phase), laid(freq), laid(weights)
    batch, time = batch_of(*held), phase.shape[1]
    moving = weights.shape[1] > 1
    hop = hop if moving else _STILL
    hops = -(-time // hop)
    call = Call(
        batch=batch,
        time=time,
        hop=hop,
        frames=weights.shape[1],
        width=weights.shape[2],
        hops=hops,
        each=max(1, _ITEM // hop),
        moving=moving,
        threads=threads(batch * time * weights.shape[2] * 0.1),
        rate=rate,
        phase=line(phase),
        freq=line(freq),
        weights=line(weights),
    )
    return call, held


partial_sum = PartialSum()
partial_gradients = PartialGradients()

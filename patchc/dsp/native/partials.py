"""Sums of harmonics by native code: the value, and all slopes in one pass over the sound."""

from __future__ import annotations

import ctypes
from typing import Any

from torch import Tensor

from patchc.dsp.additive import partials
from patchc.dsp.native.operator import Native, Slopes
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
        lines="turn freq weights grad",
        pointers="out by_turn by_freq by_weights",
    )


class PartialSum(Native):
    """As `Partials`, of `freq` `[batch, time or 1]` in Hz at `rate`."""

    schema = "(Tensor turn, Tensor freq, Tensor weights, float rate, int hop) -> Tensor"

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
        turn, freq, weights, rate, hop = args
        return partials(turn, freq / rate, weights, hop, 0, 0)[0]

    def slopes(self, grad: Tensor, out: Tensor, *args: Any) -> tuple[Tensor | None, ...]:
        return *partial_slopes(grad, *args), None, None


class PartialSlopes(Slopes):
    """By `turn`, `freq` and `weights`, each over the whole batch."""

    schema = "(Tensor grad, Tensor turn, Tensor freq, Tensor weights, float rate, int hop) -> (Tensor, Tensor, Tensor)"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        grad, *rest = args
        call, held = _call(*rest)
        grad = laid(grad)
        call.grad = line(grad)
        by_turn, by_freq, by_weights = (empty(shape) for shape in self._room(call, *rest))
        call.by_turn, call.by_freq, call.by_weights = (one.data_ptr() for one in (by_turn, by_freq, by_weights))
        run("partials", "slope_all", call)
        del held
        whole = by_freq if rest[1].shape[1] > 1 else by_freq.sum(1, keepdim=True)
        return by_turn, whole, by_weights if call.moving else by_weights.sum(1, keepdim=True)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        grad, turn, freq, weights, *_ = args
        batch = batch_of(grad, turn, freq, weights)
        return (batch, turn.shape[1]), (batch, freq.shape[1]), (batch, *weights.shape[1:])

    def _room(self, call: Call, *args: Any) -> tuple[tuple[int, ...], ...]:
        """The shapes that C++ fills: for what stands still, a part from each item of work."""
        by_turn, by_freq, by_weights = self.shapes(args[0], *args)
        items = -(-call.hops // call.each)
        moves = by_freq[1] > 1
        return (
            by_turn,
            by_freq if moves else (call.batch, items),
            by_weights if call.moving else (call.batch, items, by_weights[2]),
        )


def _call(turn: Tensor, freq: Tensor, weights: Tensor, rate: float, hop: int) -> tuple[Call, Any]:
    """What to work on, and what has to be kept alive meanwhile."""
    turn, freq, weights = held = laid(turn), laid(freq), laid(weights)
    batch, time = batch_of(*held), turn.shape[1]
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
        turn=line(turn),
        freq=line(freq),
        weights=line(weights),
    )
    return call, held


partial_sum = PartialSum()
partial_slopes = PartialSlopes()

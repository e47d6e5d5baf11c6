"""Noise through a bank of bands by native code: every window of noise convolved as it is, without transforms."""

from __future__ import annotations

import ctypes
import math
from functools import cache
from typing import Any

import torch
from torch import Tensor

from patchc.dsp import noise, room
from patchc.dsp.native.operator import Gradients, Native
from patchc.dsp.native.routine import fields, laid, line, run, threads
from patchc.dsp.operator import batch_of
from patchc.native.buffers import empty
from patchc.native.layout import mirrors

_LANES = 16  # of the widest machine
_WINDOWS = 64  # in an item of work, at least
_STILL = 512  # ticks in a piece of noise where the filter does not move


@mirrors("shaped.cpp", "Shaped")
class Call(ctypes.Structure):
    """`Shaped` of shaped.cpp."""

    _fields_ = fields(
        "batch time bands frames hop first count step length before each threads key",
        lines="seed gains grad",
        pointers="window cosines out tails by_windows grad_gains",
    )


class ShapedNoise(Native):
    """The noise of `seed` `[batch or 1]` and `key` through `gains`, as `room.shaped` has it; `[batch, time]`."""

    schema = "(Tensor gains, Tensor seed, int key, int hop, float rate, int time) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        call, held = _call(*args)
        out = empty((call.batch, call.time))
        tails = empty((call.batch, -(-call.count // call.each), call.length + 2 * call.bands - call.step))
        call.out, call.tails = out.data_ptr(), tails.data_ptr()
        run("shaped", "shape", call)
        del held
        return (out,)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        return ((batch_of(*args[:2]), args[5]),)

    def formula(self, *args: Any) -> Tensor:
        gains, seed, key, hop, rate, time = args

        def white(start: int, count: int) -> Tensor:
            return noise.white(seed, key, start, count, gains.device).to(gains.dtype)

        return room.shaped(white, gains, hop, rate, time)

    def gradients(self, grad: Tensor, out: Tensor, *args: Any) -> tuple[Tensor | None, ...]:
        return *shaped_gradients(grad, *args), None, None, None, None, None


class ShapedGradients(Gradients):
    """By `gains`, over the whole batch."""

    schema = "(Tensor grad, Tensor gains, Tensor seed, int key, int hop, float rate, int time) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        grad, *rest = args
        call, held = _call(*rest)
        grad = laid(grad)
        by_windows = empty((call.batch, call.count, call.bands))
        (grad_gains,) = (empty(shape) for shape in self.shapes(*args))
        call.grad, call.by_windows, call.grad_gains = line(grad), by_windows.data_ptr(), grad_gains.data_ptr()
        run("shaped", "shape_back", call)
        del held
        return (grad_gains,)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        return ((args[0].shape[0], *args[1].shape[1:]),)


def _call(gains: Tensor, seed: Tensor, key: int, hop: int, rate: float, time: int) -> tuple[Call, Any]:
    """What to work on, and what has to be kept alive meanwhile."""
    gains, seed, bands = laid(gains), seed.view(-1, 1), gains.shape[2]
    reach, constant = bands - 1, gains.shape[1] == 1
    step = _STILL if constant else room.window_step(rate, reach)
    first, last = -math.ceil(reach / step), math.ceil((time + reach) / step)
    count, batch = last - first + 1, batch_of(gains, seed)
    window, cosines = _window(step, constant), _cosines(bands)
    spill = step + 2 * reach
    each = -(-max(_WINDOWS, -(-spill // step)) // _LANES) * _LANES
    call = Call(
        batch=batch,
        time=time,
        bands=bands,
        frames=gains.shape[1],
        hop=hop,
        first=first,
        count=count,
        step=step,
        length=len(window),
        before=0 if constant else step,
        each=each,
        threads=threads(batch * time * bands * 0.05),
        key=key,
        seed=line(seed),
        gains=line(gains),
        window=window.data_ptr(),
        cosines=cosines.data_ptr(),
    )
    return call, (gains, seed, window, cosines)


@cache
def _window(step: int, constant: bool) -> Tensor:
    if constant:
        return torch.ones(step)
    window: Tensor = torch.hann_window(2 * step, periodic=True, dtype=torch.float64)
    return window.float()


@cache
def _cosines(bands: int) -> Tensor:
    """What each of the lags 0 .. `bands - 2` of a response has of each gain, `[bands - 1, bands]`."""
    unit = torch.eye(bands, dtype=torch.float64)
    return room.response(unit)[:, bands - 1 :].T.contiguous().float()


shaped_noise = ShapedNoise()
shaped_gradients = ShapedGradients()

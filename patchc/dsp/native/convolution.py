"""Long convolutions by native code, with a transform of its own whose bits depend on nothing but the row."""

from __future__ import annotations

import ctypes
import math
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from patchc.dsp.fft import convolve
from patchc.dsp.native.operator import Gradients, Native
from patchc.dsp.native.routine import fields, laid, library, line, run, threads
from patchc.dsp.operator import batch_of
from patchc.native.buffers import empty
from patchc.native.layout import mirrors


@mirrors("convolution.cpp", "NegacyclicFft")
class NegacyclicFft(ctypes.Structure):
    """`NegacyclicFft` of negacyclic_fft.h."""

    _fields_ = fields("points", pointers="splits weights twiddles")


@mirrors("convolution.cpp", "Convolution")
class Call(ctypes.Structure):
    """`Convolution` of convolution.cpp."""

    _fields_ = (
        *fields("batch time taps threads blocks", lines="x h grad"),
        ("fft", NegacyclicFft),
        *fields(pointers="spectra out grad_x by_h"),
    )


class Convolution(Native):
    """`x * h`, as long as `x` `[batch, time]`; `h` is `[batch, taps]`."""

    schema = "(Tensor x, Tensor h) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        call, held = _call(*args)
        out = empty((call.batch, call.time))
        call.out = out.data_ptr()
        run("convolution", "convolve", call)
        del held
        return (out,)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        return ((batch_of(*args), args[0].shape[1]),)

    def formula(self, *args: Any) -> Tensor:
        return convolve(*args, args[0].shape[1])[0]

    def gradients(self, grad: Tensor, out: Tensor, *args: Any) -> tuple[Tensor | None, ...]:
        return convolution_gradients(grad, *args)


class ConvolutionGradients(Gradients):
    """By `x` and `h`, each over the whole batch."""

    schema = "(Tensor grad, Tensor x, Tensor h) -> (Tensor, Tensor)"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        grad, x, h = args
        call, held = _call(x, h)
        grad = laid(grad)
        grad_x, by_h = empty((call.batch, call.time)), empty((call.batch, call.taps))
        call.grad, call.grad_x, call.by_h = line(grad), grad_x.data_ptr(), by_h.data_ptr()
        run("convolution", "convolve_back", call)
        del held
        return grad_x, torch.nn.functional.pad(by_h, (0, h.shape[1] - call.taps))

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        grad, x, h = args
        return (grad.shape[0], x.shape[1]), (grad.shape[0], h.shape[1])


def _call(x: Tensor, h: Tensor) -> tuple[Call, Any]:
    """What to work on, and what has to be kept alive meanwhile."""
    x, h = laid(x), laid(h[:, : x.shape[1]])
    batch, time, taps = batch_of(x, h), x.shape[1], h.shape[1]
    points = _points(time, taps)
    splits, weights, twiddles = tables = _tables(points, library("convolution").lanes())
    spectra = empty((h.shape[0], 2 * points))
    call = Call(
        batch=batch,
        time=time,
        taps=taps,
        threads=threads(batch * time * 10.0),
        blocks=-(-time // (2 * points - taps + 1)),
        x=line(x),
        h=line(h),
        fft=NegacyclicFft(points, splits.data_ptr(), weights.data_ptr(), twiddles.data_ptr()),
        spectra=spectra.data_ptr(),
    )
    return call, (x, h, tables, spectra)


def _points(time: int, taps: int) -> int:
    """The size of a transform, with which that of `h` and those of all blocks together are least work."""
    sizes = [1 << power for power in range(9, 64) if taps <= 1 << power <= 2 * max(time + taps, 512)]
    work = {size: (-(-time // (size - taps + 1)) + 0.5) * size * math.log2(size) for size in sizes}
    return min(sizes, key=lambda size: work[size]) // 2


@lru_cache(maxsize=8)
def _tables(points: int, lanes: int) -> tuple[Tensor, Tensor, Tensor]:
    """What negacyclic_fft.h wants of a fft: `splits`, `weights` and `twiddles`."""
    length, levels = points // lanes, lanes.bit_length() - 1
    splits = torch.cat([_fractions(2**level) + 0.25 / 2**level for level in range(levels)]) / 2
    share = _fractions(lanes) + 0.25 / lanes  # of a phase: where X ** length is in each lane
    weights = torch.arange(length, dtype=torch.float64)[:, None] * share / length
    angles = weights * (2 * math.pi)
    return (
        _numbers(splits),
        torch.stack([angles.cos(), angles.sin()], 1).float().contiguous(),
        _numbers(_fractions(max(1, length // 2)) / 2),
    )


def _fractions(count: int) -> Tensor:
    """The numbers below a power of two with their binary digits after the point, in reverse."""
    found = torch.zeros(1, dtype=torch.float64)
    while len(found) < count:
        found = torch.stack([found / 2, found / 2 + 0.5], 1).flatten()
    return found


def _numbers(twiddles: Tensor) -> Tensor:
    """Cosine and sine, one after the other."""
    angles = twiddles * (2 * math.pi)
    return torch.stack([angles.cos(), angles.sin()], -1).flatten().float()


convolution = Convolution()
convolution_gradients = ConvolutionGradients()

"""The phase of an oscillator by native code."""

from __future__ import annotations

import ctypes
from typing import Any

from torch import Tensor

from patchc.dsp import phase
from patchc.dsp.native.operator import Gradients, Native
from patchc.dsp.native.routine import fields, laid, line, run, threads
from patchc.native.buffers import empty
from patchc.native.layout import mirrors


@mirrors("phase.cpp", "Phase")
class Call(ctypes.Structure):
    """`Phase` of phase.cpp."""

    _fields_ = fields("batch time threads", doubles="per_tick", lines="freq grad", pointers="out grad_freq")


class AccumulatePhase(Native):
    """Cycles completed before each tick by `freq` `[batch, time or 1]` in Hz, 0..1, `[batch, time]`."""

    schema = "(Tensor freq, float rate, int time) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        freq = laid(args[0])
        out = empty(self.shapes(*args)[0])
        run("phase", "phase", _call(freq, *args[1:], out=out.data_ptr()))
        return (out,)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        return ((args[0].shape[0], args[2]),)

    def formula(self, *args: Any) -> Tensor:
        return phase.accumulate_phase(*args)

    def gradients(self, grad: Tensor, out: Tensor, *args: Any) -> tuple[Tensor | None, ...]:
        return *phase_gradients(grad, *args), None, None


class AccumulatePhaseGradients(Gradients):
    """By `freq`."""

    schema = "(Tensor grad, Tensor freq, float rate, int time) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        grad, freq = laid(args[0]), laid(args[1])
        grad_freq = empty(freq.shape)
        run("phase", "phase_back", _call(freq, *args[2:], grad=line(grad), grad_freq=grad_freq.data_ptr()))
        return (grad_freq,)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        return (tuple(args[1].shape),)


def _call(freq: Tensor, rate: float, time: int, **more: Any) -> Call:
    batch = freq.shape[0]
    spent = threads(batch * time * 2.0)
    return Call(batch=batch, time=time, threads=spent, per_tick=1 / rate, freq=line(freq), **more)


accumulate_phase = AccumulatePhase()
phase_gradients = AccumulatePhaseGradients()

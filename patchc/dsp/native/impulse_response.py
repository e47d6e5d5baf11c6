"""The impulse_response of a room by native code: noise, fall and level in one pass."""

from __future__ import annotations

import ctypes
from typing import Any

from torch import Tensor

from patchc.dsp import noise, room
from patchc.dsp.native.operator import Gradients, Native
from patchc.dsp.native.routine import fields, laid, line, run, threads
from patchc.native.buffers import empty
from patchc.native.layout import mirrors


@mirrors("impulse_response.cpp", "ImpulseResponse")
class Call(ctypes.Structure):
    """`ImpulseResponse` of impulse_response.cpp."""

    _fields_ = fields("batch taps threads key", doubles="rate", lines="decay grad", pointers="out grad_decay")


class ImpulseResponse(Native):
    """The noise of `key`, `[batch, taps]`, made to fall by 60 dB in `decay` `[batch, 1]` s, with unit energy."""

    schema = "(Tensor decay, int key, float rate, int taps) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        out = empty(self.shapes(*args)[0])
        run("impulse_response", "impulse_response", _call(*args, out=out.data_ptr()))
        return (out,)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        return ((args[0].shape[0], args[3]),)

    def formula(self, *args: Any) -> Tensor:
        decay, key, rate, taps = args
        return room.impulse_response(noise.white(0, key, 0, taps, decay.device).to(decay.dtype), decay, rate)

    def gradients(self, grad: Tensor, out: Tensor, *args: Any) -> tuple[Tensor | None, ...]:
        return *impulse_response_gradients(grad, *args), None, None, None


class ImpulseResponseGradients(Gradients):
    """By `decay`."""

    schema = "(Tensor grad, Tensor decay, int key, float rate, int taps) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        grad = laid(args[0])
        grad_decay = empty(args[1].shape)
        run(
            "impulse_response",
            "impulse_response_backward",
            _call(*args[1:], grad=line(grad), grad_decay=grad_decay.data_ptr()),
        )
        return (grad_decay,)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        return (tuple(args[1].shape),)


def _call(decay: Tensor, key: int, rate: float, taps: int, **more: Any) -> Call:
    batch = decay.shape[0]
    return Call(
        batch=batch, taps=taps, threads=threads(batch * taps * 10.0), key=key, rate=rate, decay=line(decay), **more
    )


impulse_response = ImpulseResponse()
impulse_response_gradients = ImpulseResponseGradients()

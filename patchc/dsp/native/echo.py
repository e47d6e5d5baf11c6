"""The delay line by native code, from seconds on: ticks are worked out in double precision and never stored."""

from __future__ import annotations

import ctypes
from typing import Any

import torch
from torch import Tensor

from patchc.dsp.delay import delay, read, ticks_of
from patchc.dsp.moments import near
from patchc.dsp.native.operator import Native, Slopes
from patchc.dsp.native.routine import Line, fields, laid, line, run, threads
from patchc.dsp.operator import batch_of
from patchc.native.buffers import empty
from patchc.native.layout import mirrors


@mirrors("echo.cpp", "Echo")
class Call(ctypes.Structure):
    """`Echo` of echo.cpp."""

    _fields_ = fields(
        "batch time threads",
        doubles="rate shortest longest near",
        lines="x seconds feedback heard grad exact",
        pointers="out by_x by_seconds by_feedback",
    )


class Echo(Native):
    """What `x + feedback * echo` `[batch, time]` was `seconds` ago, held in `shortest` .. `longest` ticks, at
    least `SHORTEST`.

    `seconds` and `feedback` are `[batch, time or 1]`; `seconds` may be of double precision.
    """

    schema = "(Tensor x, Tensor seconds, Tensor? feedback, float rate, float shortest, float longest) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        call, held = _call(*args)
        out = empty((call.batch, call.time))
        call.out = out.data_ptr()
        run("echo", "echo", call)
        del held
        return (out,)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        return ((batch_of(*args), args[0].shape[1]),)

    def formula(self, *args: Any) -> Tensor:
        x, seconds, feedback, rate, shortest, longest = args
        ticks = ticks_of(seconds, rate, shortest, longest)
        return read(x, ticks) if feedback is None else delay(x, ticks, feedback, False)[0]

    def slopes(self, grad: Tensor, out: Tensor, *args: Any) -> tuple[Tensor | None, ...]:
        by_x, by_seconds, by_feedback = echo_slopes(grad, out, *args)
        return by_x, by_seconds, by_feedback if args[2] is not None else None, None, None, None


class EchoSlopes(Slopes):
    """By `x`, `seconds` and `feedback` (none: an empty one), each over the whole batch."""

    schema = (
        "(Tensor grad, Tensor out, Tensor x, Tensor seconds, Tensor? feedback, float rate, float shortest, "
        "float longest) -> (Tensor, Tensor, Tensor)"
    )

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        grad, heard, *rest = args
        call, held = _call(*rest)
        grad, heard = laid(grad), laid(heard)
        call.grad, call.heard = line(grad), line(heard)
        found = tuple(empty(shape) for shape in self.shapes(*args))
        call.by_x, call.by_seconds, call.by_feedback = (one.data_ptr() for one in found)
        run("echo", "echo_back", call)
        del held
        return found

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        grad, _, x, seconds, feedback, *_ = args
        batch = grad.shape[0]
        fed = (0, 1) if feedback is None else (batch, feedback.shape[1])
        return (batch, x.shape[1]), (batch, seconds.shape[1]), fed


def _call(
    x: Tensor, seconds: Tensor, feedback: Tensor | None, rate: float, shortest: float, longest: float
) -> tuple[Call, Any]:
    """What to work on, and what has to be kept alive meanwhile."""
    x, seconds = laid(x), laid(seconds)
    feedback = None if feedback is None else laid(feedback)
    exact, lying = seconds.dtype == torch.float64, line(seconds)
    batch, time = batch_of(x, seconds, feedback), x.shape[1]
    call = Call(
        batch=batch,
        time=time,
        threads=threads(batch * time * 1.0),
        rate=rate,
        shortest=shortest,
        longest=longest,
        near=near(seconds),
        x=line(x),
        seconds=Line(None if exact else lying.at, lying.step, lying.stride),
        exact=lying if exact else Line(),
        feedback=Line() if feedback is None else line(feedback),
    )
    return call, (x, seconds, feedback)


echo = Echo()
echo_slopes = EchoSlopes()

"""The delay line by native code, from seconds on: ticks are worked out in double precision and never stored."""

from __future__ import annotations

import ctypes
from typing import Any

import torch
from torch import Tensor

from patchc.dsp.delay import delay, read, ticks_of
from patchc.dsp.moments import near
from patchc.dsp.native.operator import Gradients, Native
from patchc.dsp.native.routine import Line, fields, laid, line, run, threads
from patchc.dsp.operator import batch_of
from patchc.native.buffers import empty
from patchc.native.layout import mirrors


@mirrors("feedback_delay.cpp", "FeedbackDelay")
class Call(ctypes.Structure):
    """`FeedbackDelay` of feedback_delay.cpp."""

    _fields_ = fields(
        "batch time threads",
        doubles="rate shortest longest near",
        lines="x seconds feedback line_in grad exact",
        pointers="out grad_x grad_seconds grad_feedback",
    )


class FeedbackDelay(Native):
    """What `x + feedback * feedback_delay` `[batch, time]` was `seconds` ago, held in `shortest` .. `longest` ticks, at
    least `SHORTEST`.

    `seconds` and `feedback` are `[batch, time or 1]`; `seconds` may be of double precision.
    """

    schema = "(Tensor x, Tensor seconds, Tensor? feedback, float rate, float shortest, float longest) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        call, held = _call(*args)
        out = empty((call.batch, call.time))
        call.out = out.data_ptr()
        run("feedback_delay", "feedback_delay", call)
        del held
        return (out,)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        return ((batch_of(*args), args[0].shape[1]),)

    def formula(self, *args: Any) -> Tensor:
        x, seconds, feedback, rate, shortest, longest = args
        ticks = ticks_of(seconds, rate, shortest, longest)
        return read(x, ticks) if feedback is None else delay(x, ticks, feedback, False)[0]

    def gradients(self, grad: Tensor, out: Tensor, *args: Any) -> tuple[Tensor | None, ...]:
        grad_x, grad_seconds, grad_feedback = feedback_delay_gradients(grad, out, *args)
        return grad_x, grad_seconds, grad_feedback if args[2] is not None else None, None, None, None


class FeedbackDelayGradients(Gradients):
    """By `x`, `seconds` and `feedback` (none: an empty one), each over the whole batch."""

    schema = (
        "(Tensor grad, Tensor out, Tensor x, Tensor seconds, Tensor? feedback, float rate, float shortest, "
        "float longest) -> (Tensor, Tensor, Tensor)"
    )

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        grad, line_in, *rest = args
        call, held = _call(*rest)
        grad, line_in = laid(grad), laid(line_in)
        call.grad, call.line_in = line(grad), line(line_in)
        found = tuple(empty(shape) for shape in self.shapes(*args))
        call.grad_x, call.grad_seconds, call.grad_feedback = (one.data_ptr() for one in found)
        run("feedback_delay", "feedback_delay_backward", call)
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


feedback_delay = FeedbackDelay()
feedback_delay_gradients = FeedbackDelayGradients()

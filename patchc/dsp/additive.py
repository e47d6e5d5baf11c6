"""Sums of harmonics, one after the other so that memory stays that of one, and their derivatives."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from patchc.dsp.operator import Operator, batch_of
from patchc.dsp.resample import upsample

FADE = 0.1
"""A partial fades over the last tenth below the Nyquist limit."""

_CHUNK = 65536  # numbers worked on at once: a handful of such tensors stay in the cache
_AFRESH = 32  # harmonics between exact sines; those between are rotated, each adding a rounding error


class Partials(Operator):
    """`sum_k weights[..., k] fade((k+1) step) sin(2 pi ((k+1) phase + quarter / 4))`, k from 0.

    `phase` `[batch, time]` in cycles, `step` `[batch, time or 1]` in cycles per tick, `weights` `[batch, frames or 1,
    width]` with a frame every `hop` ticks. `order` takes that derivative of `fade` instead. With these two the family
    is closed: a derivative by `phase` moves on a quarter and weighs by k+1, one by `step` raises the order; `Spectrum`
    is the adjoint in `weights`.
    """

    schema = "(Tensor phase, Tensor step, Tensor weights, int hop, int quarter, int order) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        phase, step, weights, hop, quarter, order = args
        (shape,) = self.shapes(*args)
        out = phase.new_zeros(shape)
        for ticks, frames in _chunks(shape, hop):
            part, slow = phase[:, ticks], _at(weights, frames)
            for place, wave in _waves(part, _at(step, ticks), weights.shape[2], quarter, order):
                out[:, ticks].addcmul_(upsample(slow[..., place], hop, part.shape[1]), wave)
        return (out,)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        return ((batch_of(*args), args[0].shape[1]),)

    def adjoint(self, grads: Sequence[Tensor], out: Sequence[Tensor], *args: Any) -> tuple[Tensor | None, ...]:
        phase, step, weights, *how = args
        grad_phase, grad_step = _gradients(phase, step, weights, *how)
        (grad_weights,) = spectrum(grads[0], phase, step, weights.shape[1], weights.shape[2], *how)
        return grads[0] * grad_phase, grads[0] * grad_step, grad_weights, None, None, None

    def tangent(self, tangents: Sequence[Tensor | None], out: Sequence[Tensor], *args: Any) -> tuple[Tensor, ...]:
        phase, step, weights, *how = args
        dphase, dstep, dweights = tangents[:3]
        grad_phase, grad_step = _gradients(phase, step, weights, *how)
        moved = grad_phase * (0.0 if dphase is None else dphase) + grad_step * (0.0 if dstep is None else dstep)
        return (moved if dweights is None else moved + self(phase, step, dweights, *how)[0],)


class Spectrum(Operator):
    """How much of each partial is in `x`: what `Partials` does to weights, transposed. `[batch, frames, width]`."""

    schema = "(Tensor x, Tensor phase, Tensor step, int frames, int width, int hop, int quarter, int order) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        x, phase, step, _, width, hop, quarter, order = args
        (shape,) = self.shapes(*args)
        out = x.new_zeros(shape)
        for ticks, span in _chunks((shape[0], x.shape[1]), hop):
            target = _at(out, span)
            for place, wave in _waves(phase[:, ticks], _at(step, ticks), width, quarter, order):
                _gather(target[..., place], x[:, ticks] * wave, hop)
        return (out,)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        return ((batch_of(*args), args[3], args[4]),)

    def adjoint(self, grads: Sequence[Tensor], out: Sequence[Tensor], *args: Any) -> tuple[Tensor | None, ...]:
        x, phase, step, _, _, *how = args
        grad_phase, grad_step = _gradients(phase, step, grads[0], *how)
        return partials(phase, step, grads[0], *how)[0], x * grad_phase, x * grad_step, None, None, None, None, None

    def tangent(self, tangents: Sequence[Tensor | None], out: Sequence[Tensor], *args: Any) -> tuple[Tensor, ...]:
        x, phase, step, frames, width, *how = args
        dx, dphase, dstep = (0.0 if one is None else one for one in tangents[:3])
        hop, quarter, order = how
        (grad_phase,) = self(x * dphase, phase, step, frames, width, hop, quarter + 1, order)
        (grad_step,) = self(x * dstep, phase, step, frames, width, hop, quarter, order + 1)
        (grad_x,) = self(torch.zeros_like(x) + dx, phase, step, frames, width, *how)
        return (grad_x + grad_step + grad_phase * _numbers(grad_phase),)


def _gradients(
    phase: Tensor, step: Tensor, weights: Tensor, hop: int, quarter: int, order: int
) -> tuple[Tensor, Tensor]:
    """The derivatives of `Partials` by `phase` and by `step`."""
    (grad_phase,) = partials(phase, step, weights * _numbers(weights), hop, quarter + 1, order)
    (grad_step,) = partials(phase, step, weights, hop, quarter, order + 1)
    return grad_phase, grad_step


def _numbers(weights: Tensor) -> Tensor:
    """Radians that the phase of each harmonic advances in a cycle of the first."""
    return torch.arange(1, weights.shape[-1] + 1, dtype=weights.dtype, device=weights.device) * (2 * math.pi)


def _chunks(shape: Sequence[int], hop: int) -> Iterator[tuple[slice, slice]]:
    """Stretches of ticks, and of the frames around them. Work is elementwise, so how it is cut cannot be heard."""
    batch, time = shape
    frames = max(1, _CHUNK // (batch * hop))
    for start in range(0, time, frames * hop):
        yield slice(start, start + frames * hop), slice(start // hop, start // hop + frames + 1)


def _at(x: Tensor, places: slice) -> Tensor:
    return x if x.shape[1] == 1 else x[:, places]


def _waves(phase: Tensor, step: Tensor, width: int, quarter: int, order: int) -> Iterator[tuple[int, Tensor]]:
    """Place and faded wave of each partial that sounds anywhere."""
    slowest, fastest = (float(one) for one in torch.aminmax(step))
    once = _wave(phase, 1, 0), _wave(phase, 1, 1)
    first = next((n for n in range(1, width + 1) if order == 0 or 2 * n * fastest > 1 - FADE), width + 1)
    now = ahead = phase
    for number in range(first, width + 1):
        if 2 * number * slowest >= 1:
            return
        if number == first or number % _AFRESH == 0:
            now, ahead = _wave(phase, number, quarter), _wave(phase, number, quarter + 1)
        else:
            now, ahead = (
                torch.addcmul(now * once[1], ahead, once[0]),
                torch.addcmul(ahead * once[1], now, once[0], value=-1),
            )
        if 2 * number * fastest > 1 - FADE:
            yield number - 1, now * _fade(step, number, order)
        else:
            yield number - 1, now


def _wave(phase: Tensor, number: int, quarter: int) -> Tensor:
    cycles = phase * number
    return torch.sin((cycles - cycles.floor()) * (2 * math.pi) + quarter % 4 * (math.pi / 2))


def _fade(step: Tensor, number: int, order: int) -> Tensor:
    """Half a cosine from 1 down to 0 over the last part below Nyquist, or its `order`-th derivative by `step`."""
    place = ((1 - 2 * number * step) / FADE).clamp(0, 1)
    value = torch.cos(place * math.pi + order * (math.pi / 2)) * (-0.5 * (-2 * number * math.pi / FADE) ** order)
    return value + 0.5 if order == 0 else value * ((place > 0) & (place < 1))


def _gather(frames: Tensor, x: Tensor, hop: int) -> None:
    """Adds to `frames` `[batch, frames]` what `upsample` transposed makes of `x` `[batch, time]`."""
    if frames.shape[1] == 1:
        frames += x.sum(1, keepdim=True)
        return
    count = -(-x.shape[1] // hop)
    hops = torch.nn.functional.pad(x, (0, count * hop - x.shape[1])).view(-1, count, hop)
    late = (hops * (torch.arange(hop, dtype=x.dtype, device=x.device) / hop)).sum(2)
    frames[:, :count] += hops.sum(2) - late
    frames[:, 1 : count + 1] += late


partials = Partials()
spectrum = Spectrum()

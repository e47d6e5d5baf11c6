"""Convolution and cosine transforms out of short Fourier transforms, whose bits do not depend on batch or threads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from patchc.dsp.operator import Operator, batch_of

_BLOCK = 512  # samples in a block of a long convolution; its transforms are twice as long
_SHORTEST = 128  # points: below, MKL (with torch 2.13) takes other kernels on some processors for other thread counts


class Convolve(Operator):
    """The first `length` samples of `x * h`; `x` `[batch, time]`, `h` `[batch, taps]`.

    Long ones go block by block (Stockham 1966), and the convolution of the sequence of block spectra that remains in
    each bin is done by a second, equally short transform along the blocks. So 10 s at 48 kHz need no transform above
    1,024 points; see docs/decisions/0004-bits.md.
    """

    schema = "(Tensor x, Tensor h, int length) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        x, h, length = args
        kind = x.dtype
        x, h = (one[:, :length].to(torch.promote_types(kind, torch.float32)) for one in (x, h))
        short = x.shape[1] + h.shape[1] - 1 <= 2 * _BLOCK
        full = _short(x, h) if short else _long(x, h)
        return (_fitted(full, length).to(kind).contiguous(),)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        x, h, length = args
        return ((batch_of(x, h), length),)

    def adjoint(self, grads: Sequence[Tensor], out: Sequence[Tensor], *args: Any) -> tuple[Tensor | None, ...]:
        x, h, length = args
        back = grads[0].flip(1)
        grad_x, by_h = (self(back, other, length)[0].flip(1) for other in (h, x))
        return _fitted(grad_x, x.shape[1]), _fitted(by_h, h.shape[1]), None

    def tangent(self, tangents: Sequence[Tensor | None], out: Sequence[Tensor], *args: Any) -> tuple[Tensor, ...]:
        x, h, length = args
        dx, dh = tangents[:2]
        moved = torch.zeros_like(out[0])
        moved = moved if dx is None else moved + self(dx, h, length)[0]
        return (moved if dh is None else moved + self(x, dh, length)[0],)


class Cosines(Operator):
    """The impulse response `[batch, 2 (bands - 1)]`, centred, whose spectrum is real and is `gains` `[batch, bands]`.

    Sample `bands - 1` is lag zero. With `transpose`, the adjoint: `[batch, 2 (bands - 1)]` to `[batch, bands]`.
    """

    schema = "(Tensor gains, bool transpose) -> Tensor"

    def kernel(self, *args: Any) -> tuple[Tensor, ...]:
        given, transpose = args
        x = given.to(torch.promote_types(given.dtype, torch.float32))
        if not transpose:
            return (torch.fft.fftshift(_inverse(x), dim=1).to(given.dtype).contiguous(),)
        twice = _real_parts(torch.fft.ifftshift(x, dim=1)) * (2 / x.shape[1])
        twice[:, [0, -1]] /= 2
        return (twice.to(given.dtype).contiguous(),)

    def shapes(self, *args: Any) -> tuple[tuple[int, ...], ...]:
        x, transpose = args
        return ((x.shape[0], x.shape[1] // 2 + 1 if transpose else 2 * x.shape[1] - 2),)

    def adjoint(self, grads: Sequence[Tensor], out: Sequence[Tensor], *args: Any) -> tuple[Tensor | None, ...]:
        return self(grads[0], not args[1])[0], None

    def tangent(self, tangents: Sequence[Tensor | None], out: Sequence[Tensor], *args: Any) -> tuple[Tensor, ...]:
        return (torch.zeros_like(out[0]),) if tangents[0] is None else self(tangents[0], args[1])


def _inverse(gains: Tensor) -> Tensor:
    """`[rows, bands]` as the spectrum of `[rows, 2 (bands - 1)]`; short ones as every n-th bin of a longer one."""
    points = 2 * gains.shape[1] - 2
    often = _chunk(points)
    spectrum = gains.new_zeros(gains.shape[0], often * points // 2 + 1)
    spectrum[:, ::often] = gains
    long: Tensor = torch.fft.irfft(spectrum + 0j, often * points)
    return long[:, :points] * often


def _real_parts(x: Tensor) -> Tensor:
    """The real parts of the spectrum of `[rows, points]`, `[rows, points // 2 + 1]`."""
    often = _chunk(x.shape[1])
    long: Tensor = torch.fft.rfft(x, often * x.shape[1]).real
    return long[:, ::often]


def _chunk(points: int) -> int:
    """How many times longer a transform of `points` has to be, for its bits not to depend on threads."""
    return 1 << max(0, math.ceil(math.log2(_SHORTEST / points)))


def overlap_add(frames: Tensor, hop: int) -> Tensor:
    """`[batch, count, length]` added up, each frame `hop` after the one before: `[batch, (count - 1) hop + length]`, or
    up to a hop more."""
    batch, count, length = frames.shape
    parts = -(-length // hop)
    hops = F.pad(frames, (0, parts * hop - length)).view(batch, count, parts, hop)
    total = frames.new_zeros(batch, count + parts - 1, hop)
    for part in range(parts):
        total = total + F.pad(hops[:, :, part], (0, 0, part, parts - 1 - part))
    return total.flatten(1)


def _short(x: Tensor, h: Tensor) -> Tensor:
    length = x.shape[1] + h.shape[1] - 1
    points = _power(length)
    full: Tensor = torch.fft.irfft(_product(torch.fft.rfft(x, points), torch.fft.rfft(h, points)), points)
    return full[:, :length]


def _long(x: Tensor, h: Tensor) -> Tensor:
    """Blocks to spectra, spectra along the blocks to their spectra, and back."""
    block = _BLOCK
    while -(-x.shape[1] // block) + -(-h.shape[1] // block) > 2 * block:
        block *= 2
    blocks = [F.pad(one, (0, -one.shape[1] % block)).view(one.shape[0], -1, block) for one in (x, h)]
    count = blocks[0].shape[1] + blocks[1].shape[1] - 1
    bins = [torch.fft.rfft(one, 2 * block).transpose(1, 2).contiguous() for one in blocks]
    points = _power(count)
    product = _product(*(torch.fft.fft(one, points) for one in bins))
    spectra = torch.fft.ifft(product)[..., :count].transpose(1, 2).contiguous()
    return overlap_add(torch.fft.irfft(spectra, 2 * block), block)


def _product(a: Tensor, b: Tensor) -> Tensor:
    """Complex times complex, written out: torch's own product rounds the ends of a loop in another way."""
    return torch.complex(a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real)


def _power(length: int) -> int:
    return 1 << math.ceil(math.log2(max(length, _SHORTEST)))


def _fitted(x: Tensor, length: int) -> Tensor:
    """`x` cut or filled up with zeros."""
    return F.pad(x, (0, max(0, length - x.shape[1])))[:, :length]


convolve = Convolve()
cosines = Cosines()

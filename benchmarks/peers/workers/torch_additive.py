"""Partials with vibrato and filtered noise as one writes them in plain torch: a sum of sines, a filter each 5 ms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import meter

if TYPE_CHECKING:
    from torch import Tensor

PITCH, VIBRATO, HOP = 110.0, 5.0, 220


def main() -> None:
    parser = meter.parser(__doc__)
    parser.add_argument("--partials", type=int, default=100)
    parser.add_argument("--bands", type=int, default=65)
    options = meter.parse(parser)
    import torch
    import torch_meter

    torch.manual_seed(0)
    depth, level, breath = (torch.rand(options.batch, 1) for _ in range(3))
    shape, bands = torch.randn(options.batch, options.partials), torch.rand(options.batch, options.bands)
    time = torch.arange(options.samples) / options.rate

    def render() -> Tensor:
        pitch = PITCH * 2 ** (depth * 50 / 1200 * torch.sin(2 * math.pi * VIBRATO * time))
        tone = _tone(pitch, shape.softmax(-1), options.rate)
        return level * tone + breath * _breath(bands, options.samples)

    torch_meter.measure(options, render, [depth, level, breath, shape, bands])


def _tone(pitch: Tensor, shape: Tensor, rate: int) -> Tensor:
    """Sines at multiples of `pitch` `[batch, samples]` in Hz, as strong as `shape` `[batch, partials]`."""
    import torch

    phase = 2 * math.pi * torch.cumsum(pitch / rate, -1)
    tone = torch.zeros_like(phase)
    for index, strength in enumerate(shape.split(1, -1), 1):
        tone = tone + strength * (index * pitch < rate / 2) * torch.sin(index * phase)
    return tone


def _breath(bands: Tensor, samples: int) -> Tensor:
    """White noise in frames, each through the filter whose magnitudes are `bands` `[batch, bands]`."""
    import torch
    from torch.nn.functional import fold

    frames = -(-samples // HOP)
    noise = torch.rand(len(bands), frames, HOP) * 2 - 1
    taps = torch.fft.irfft(bands.to(torch.complex64)).roll(bands.shape[-1] - 1, -1)
    taps = taps * torch.hann_window(taps.shape[-1])
    length = HOP + taps.shape[-1] - 1
    wet = torch.fft.irfft(torch.fft.rfft(noise, length) * torch.fft.rfft(taps, length).unsqueeze(1), length)
    whole = (1, (frames - 1) * HOP + length)
    return fold(wet.transpose(1, 2), whole, (1, length), stride=(1, HOP))[:, 0, 0, :samples]


if __name__ == "__main__":
    main()

"""A low-pass biquad whose cutoff moves with every sample: its coefficients in torch, its recursion by torchlpc."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import meter

if TYPE_CHECKING:
    from torch import Tensor


def main() -> None:
    options = meter.parse(meter.parser(__doc__))
    import torch
    import torch_meter

    torch.manual_seed(0)
    sound = torch.randn(options.batch, options.samples)
    cutoff = 1500 * 2 ** (torch.rand(options.batch, 1) - 0.5)  # [batch, 1], Hz
    depth = 18 * torch.rand(options.batch, 1)  # [batch, 1], semitones
    q = 0.7 + 2 * torch.rand(options.batch, 1)
    sweep = torch.sin(2 * math.pi * 0.7 / options.rate * torch.arange(options.samples))
    torch_meter.measure(
        options,
        lambda: _lowpass(sound, cutoff * 2 ** (depth * sweep / 12), q, options.rate),
        [cutoff, depth, q],
        signals=[sound],
        packages=["torchlpc"],
    )


def _lowpass(sound: Tensor, cutoff: Tensor, q: Tensor, rate: int) -> Tensor:
    """Bristow-Johnson's low-pass, `[batch, samples]`; `cutoff` `[batch, samples]` in Hz, `q` `[batch, 1]`."""
    import torch
    from torch.nn.functional import pad
    from torchlpc import sample_wise_lpc

    angle = 2 * math.pi / rate * cutoff
    cosine, alpha = torch.cos(angle), torch.sin(angle) / (2 * q)
    scale = 1 / (1 + alpha)
    edge = pad(sound, (2, 0))
    zeros = 0.5 * scale * (1 - cosine) * (edge[:, 2:] + 2 * edge[:, 1:-1] + edge[:, :-2])
    poles = torch.stack([-2 * cosine * scale, (1 - alpha) * scale], -1)
    return sample_wise_lpc(zeros, poles)


if __name__ == "__main__":
    main()

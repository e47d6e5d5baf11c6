"""One step of matching: render, a multi-scale spectral loss, and its gradient; with patchc alone or with auraloss.

The two losses are the same sum over the same windows; their values part where it is silent, as their floors do.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import meter

if TYPE_CHECKING:
    from torch import Tensor

SIZES = (2048, 1024, 512, 256, 128, 64)
"""Samples of the windows, each of which overlaps the next by three quarters."""


def main() -> None:
    parser = meter.parser(__doc__)
    parser.add_argument("patch", type=Path)
    parser.add_argument("--reference", action="store_true", help="the reference executor, and the loss of auraloss")
    options = meter.parse(parser)
    executor = "reference" if options.reference else "fused"
    import torch

    import patchc

    torch.set_num_threads(options.threads)
    synth = patchc.load(options.patch, sample_rate=options.rate, executor=executor)
    target = synth(synth.draw(options.batch, seed=1), seconds=options.seconds, taps=[]).audio.detach()
    distance = _auraloss(target) if options.reference else _mss(target, options.rate)
    settings = synth.draw(options.batch, seed=0).requires_grad_()

    def step() -> float:
        settings.grad = None
        loss = distance(synth(settings, seconds=options.seconds, taps=[]).audio)
        loss.backward()
        return loss.item()

    meter.measure(step, float, ["torch", "patchc", "auraloss"])


def _mss(target: Tensor, rate: int) -> Callable[[Tensor], Tensor]:
    from patchc.losses import find_loss

    kind = find_loss("mss")
    assert kind is not None
    loss = kind(rate, fft=SIZES)
    prepared = loss.prepare(target)
    return lambda sound: loss(sound, prepared).mean()


def _auraloss(target: Tensor) -> Callable[[Tensor], Tensor]:
    from auraloss.freq import MultiResolutionSTFTLoss

    hops = [size // 4 for size in SIZES]
    loss = MultiResolutionSTFTLoss(SIZES, hops, SIZES, w_sc=0.0, w_log_mag=1.0, w_lin_mag=1.0)
    return lambda sound: loss(sound.unsqueeze(1), target.unsqueeze(1))


if __name__ == "__main__":
    main()

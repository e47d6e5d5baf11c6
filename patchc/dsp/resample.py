"""Control frames to samples: frame `k` sits at sample `k * hop`."""

from __future__ import annotations

import torch
from torch import Tensor


def upsample(x: Tensor, hop: int, samples: int, log: bool = False) -> Tensor:
    """`[batch, frames]` or `[batch, frames, width]` to `[batch, samples]` or `[batch, samples, width]`.

    Straight lines between frames, or with `log` (for frequencies, above zero) lines in octaves. One frame stays one:
    what never changes has no rate. Beyond the last frame its value is held.
    """
    if x.shape[1] == 1:
        return x
    x = covering(x, hop, samples)
    if hop == 1:
        return x[:, :samples]
    count = -(-samples // hop)
    here, there = x[:, :count].unsqueeze(2), x[:, 1 : count + 1].unsqueeze(2)
    share = torch.arange(hop, dtype=x.dtype, device=x.device).view(1, 1, hop, *[1] * (x.dim() - 2)) / hop
    line = here * torch.exp((there / here).log() * share) if log else here + (there - here) * share
    return line.flatten(1, 2)[:, :samples]


def at_times(x: Tensor, places: Tensor) -> Tensor:
    """`[batch, frames, ...]` at fractional frame numbers `places` `[count]`, on straight lines between frames."""
    if x.shape[1] == 1:
        return x
    places = places.clamp(0, x.shape[1] - 1)
    before = places.floor().long().clamp(max=x.shape[1] - 2)
    share = (places - before).to(x.dtype).view(1, -1, *[1] * (x.dim() - 2))
    here, there = x[:, before], x[:, before + 1]
    return here + (there - here) * share


def covering(x: Tensor, hop: int, samples: int) -> Tensor:
    """`[batch, frames, ...]` with the last frame held until there is one at or past the last sample, and one more."""
    need = -(-samples // hop) + 1
    if x.shape[1] == 1 or x.shape[1] >= need:
        return x
    return torch.cat([x, x[:, -1:].expand(-1, need - x.shape[1], *x.shape[2:])], dim=1)

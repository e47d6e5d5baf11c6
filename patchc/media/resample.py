"""Sample rate conversion by a Kaiser-windowed sinc, for any pair of rates, differentiable."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import pad

_ZEROS = 48  # zero crossings of the sinc on either side: a passband to 0.9 of the lower Nyquist limit
_BETA = 9.0  # of the Kaiser window: what folds back lies below -90 dB
_CORNER = 0.945  # of the lower Nyquist limit, where the response is -6 dB
_CHUNK = 1 << 14  # outputs made at a time, which bounds memory
_TABLE = 1 << 12  # phases worth keeping in a table


def resample(signal: Tensor, from_rate: int, to_rate: int) -> Tensor:
    """`[..., samples]` at `from_rate` Hz as `[..., ceil(samples * to_rate / from_rate)]` at `to_rate` Hz, undelayed.

    The signal counts as silent outside its ends. Raises `ValueError` for rates that are not positive.
    """
    if from_rate <= 0 or to_rate <= 0:
        raise ValueError(f"sample rates must be positive, not {from_rate} and {to_rate}")
    common = math.gcd(from_rate, to_rate)
    up, down = to_rate // common, from_rate // common
    if up == down:
        return signal
    scale = min(1.0, up / down) * _CORNER
    reach = math.ceil(_ZEROS / scale)
    frames = pad(signal, (reach - 1, reach + 1)).unfold(-1, 2 * reach, 1)
    table = _weights(torch.arange(up).double() / up, reach, scale) if up <= _TABLE else None
    length = -(-signal.shape[-1] * up // down)
    parts = []
    for start in range(0, length, _CHUNK):
        place = torch.arange(start, min(start + _CHUNK, length)) * down
        phase = place % up
        weights = _weights(phase.double() / up, reach, scale) if table is None else table[phase]
        near = frames[..., (place // up).to(signal.device), :]
        parts.append((near * weights.to(signal)).sum(-1))
    return torch.cat(parts, -1)


def _weights(phase: Tensor, reach: int, scale: float) -> Tensor:
    """The kernel at `phase` (0..1 past the frame's middle), `[phases, 2 * reach]`, float64; each row adds up to one."""
    distance = torch.arange(1 - reach, reach + 1, dtype=torch.float64) - phase[:, None]
    inside = (1 - (distance / reach).square()).clamp(min=0.0)
    window = torch.special.i0(_BETA * inside.sqrt()) / torch.special.i0(torch.tensor(_BETA, dtype=torch.float64))
    weights: Tensor = scale * torch.sinc(scale * distance) * window * (inside > 0)
    return weights / weights.sum(-1, keepdim=True)

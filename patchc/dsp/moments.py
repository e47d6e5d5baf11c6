"""Moments of a note, counted in samples."""

from __future__ import annotations

import torch
from torch import Tensor

NEAR = 2.0**-23
"""How far from a sample's time, as a share of it, a moment is taken to be that sample's: float32 is half as fine."""

NEARER = 2.0**-50
"""The same of a moment in float64, which a product or two has rounded."""


def near(moment: Tensor) -> float:
    """How near to a sample `moment` `[batch, time or 1]`, in seconds, counts as on it: by its precision.

    One that moves is as it is: it is on no sample for long.
    """
    if moment.shape[-1] > 1:
        return 0.0
    return NEARER if moment.dtype == torch.float64 else NEAR


def on_sample(samples: Tensor, share: float = NEAR) -> Tensor:
    """Numbers of samples in float64, whole where float32 cannot tell them from whole ones; the gradient is one."""
    at = samples.detach()
    whole = at.round()
    return samples + torch.where((at - whole).abs() <= whole.abs() * share, whole - at, 0.0)

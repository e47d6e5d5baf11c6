"""Moments of a note, counted in samples."""

from __future__ import annotations

import torch
from torch import Tensor

NEAR = 2.0**-23
"""How far from a sample's time, as a share of it, a moment is taken to be that sample's: float32 is half as fine."""


def on_sample(samples: Tensor) -> Tensor:
    """Numbers of samples in float64, whole where float32 cannot tell them from whole ones; the gradient is one."""
    at = samples.detach()
    whole = at.round()
    return samples + torch.where((at - whole).abs() <= whole.abs() * NEAR, whole - at, 0.0)

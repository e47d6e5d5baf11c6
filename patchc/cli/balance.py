"""What `render` remarks about the balance of a sound: a constant offset, and channels that cancel."""

from __future__ import annotations

import math
from collections.abc import Iterator

from torch import Tensor

from patchc.source.codes.sounds import ChannelsCancel, ConstantOffset
from patchc.source.diagnostic import Diagnostic

LEAST_OFFSET = -34.0
"""dBFS. A fiftieth of full scale: less is lost in the beginning and end of any low note."""
LEAST_LOSS = 30.0
"""Decibels that two channels lose as one before it is said."""


def balance(path: str, audio: Tensor) -> Iterator[Diagnostic]:
    """A constant offset of a sound `[samples]` or `[channels, samples]`, and two channels that cancel."""
    channels = audio.detach().double().reshape(-1, audio.shape[-1])
    offset = _decibels(channels.mean(-1).abs().max())
    if offset > LEAST_OFFSET:
        yield ConstantOffset(span=None, path=path, level_db=offset, least_db=LEAST_OFFSET)
    if len(channels) == 2:
        below = _decibels(channels.square().mean().sqrt()) - _decibels(channels.mean(0).square().mean().sqrt())
        if below > LEAST_LOSS:
            yield ChannelsCancel(span=None, path=path, below_db=below, least_db=LEAST_LOSS)


def _decibels(amplitude: Tensor) -> float:
    return 20 * math.log10(max(float(amplitude), 1e-10))

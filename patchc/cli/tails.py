"""What sounds on after a note: how long a render goes on, and where it ends."""

from __future__ import annotations

import math
from collections.abc import Iterator

from torch import Tensor

FADED_DB = -60.0
"""A sound that stays this far below its peak has faded."""
FALLEN_DB = -20.0
"""A sound that has not fallen by this much when the longest tail is over does not fade by itself: it gets none."""
QUIET = 2.0
"""Seconds that a sound has to stay faded: between two echoes it may be silent, and no `delay` is longer."""
LONGEST = 10.0
"""Seconds of tail, unless asked for otherwise."""
END = 0.02
"""Seconds over which the level at an end is taken."""


def tails(longest: float) -> Iterator[float]:
    """Seconds of tail to try, one after the other."""
    tail = 1.0
    while tail < longest:
        yield tail
        tail *= 3
    yield longest


def end_of(audio: Tensor, whole: int, limit: int, margin: int, last: bool) -> int | None:
    """Where `[..., samples]` has faded, from `whole` to `limit`, with a `margin` after what is still loud.

    None if it has not. Where the `last` tail is over, what has fallen ends at its limit.
    """
    envelope = audio.abs().reshape(-1, audio.shape[-1]).amax(0)
    floor = float(envelope.max()) * 10 ** (FADED_DB / 20)
    loud = (envelope > floor).nonzero()
    end = max(whole, int(loud[-1]) + 1 + margin) if len(loud) else whole
    if end <= limit:
        return end
    before, after = float(envelope[:whole].max()), float(envelope[limit:].max())
    return limit if last and after <= before * 10 ** (FALLEN_DB / 20) else None


def level_at_end(audio: Tensor, rate: float) -> float | None:
    """The peak in dBFS of the last 20 ms, where that is not yet faded."""
    peak, end = float(audio.abs().max()), float(audio[..., -max(1, round(END * rate)) :].abs().max())
    return 20 * math.log10(end) if end > peak * 10 ** (FADED_DB / 20) * 1.05 else None

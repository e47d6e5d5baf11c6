"""What a control signal is between two of its frames, where a straight line would not do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

BENDS = 0.04
"""How far a signal may bend at a frame, as a share of itself, for a line to be good enough: half a percent off in the
middle between two frames, 0.04 dB. A decay of 46 ms bends so far at 750 frames a second."""

LEAST = 1e-6
"""And how far in any case, on a signal of about one."""


class Between:
    """A control signal at every sample, and the frames in which that is played and not the line to the next frame.

    Both are worked out when somebody asks: `samples` `[batch, samples]`, and `marks`, conditions `[batch, frames]` of
    which any is enough for the samples from that frame to the next.
    """

    def __init__(self, samples: Callable[[], Any], marks: Callable[[], Iterable[Any]]) -> None:
        self._samples = samples
        self._marks = marks

    @cached_property
    def samples(self) -> Any:
        return self._samples()

    @cached_property
    def marks(self) -> tuple[Any, ...]:
        return tuple({id(mark): mark for mark in self._marks()}.values())

    def mapped(self, function: Callable[[Any], Any]) -> Between:
        """What `function` makes of it, sample by sample."""
        return Between(lambda: function(self.samples), lambda: self.marks)


def marks_of(*signals: Between | None) -> list[Any]:
    """The marks of all of them."""
    return [mark for one in signals if one is not None for mark in one.marks]

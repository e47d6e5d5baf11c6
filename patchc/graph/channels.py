"""Which channel an output is: left, right, mid and side mean what they say, in whatever order their lines stand."""

from __future__ import annotations

from collections.abc import Sequence

PAIRS = (("left", "right"), ("l", "r"), ("mid", "side"))
CHANNELS = frozenset(name for pair in PAIRS for name in pair)


def pair_of(names: Sequence[str]) -> tuple[str, str] | None:
    """The two of `names` that are a stereo pair, first channel first, if there is one pair and no more."""
    known = {name.lower(): name for name in names}
    found = [(known[one], known[other]) for one, other in PAIRS if one in known and other in known]
    return found[0] if len(found) == 1 else None


def channel_order(names: Sequence[str]) -> tuple[str, ...]:
    """`names` as channels: a stereo pair first, left (or mid) before right (or side), then all in their own order."""
    first = pair_of(names) or ()
    return (*first, *(name for name in names if name not in first))


def is_mid_side(names: Sequence[str]) -> bool:
    """Whether the first two channels are mid and side."""
    pair = pair_of(names)
    return pair is not None and pair[0].lower() == "mid"

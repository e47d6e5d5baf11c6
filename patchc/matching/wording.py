"""Sentences about a match that the report and the command line share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patchc.matching.match import Match


def percent(share: float, digits: int = 0) -> str:
    """0.413 as `41 %`."""
    return f"{100 * share:.{digits}f} %"


def loss_in_words(match: Match) -> str:
    """The loss, and how much of the way to the floor is left."""
    return f"loss {match.loss:.3f}: {percent(match.scale.left(match.loss))} of what it was at the start is left"


def meaning_in_words(match: Match) -> str:
    """What the ends of the scale are."""
    scale = match.scale
    start = f"The start, 100 %, is the patch as it was, at the pitch and gate it was told: a loss of {scale.start:.3f}."
    if scale.floor <= 0:
        return f"{start} The floor, 0 %, is the same sound: a loss of 0."
    return (
        f"{start} The floor, 0 %, is a loss of {scale.floor:.3f}: so far from itself is the match with other noise. "
        "No fit comes nearer."
    )


def level_in_words(match: Match) -> str:
    """The level of both sounds, and how far they are apart."""
    level = match.level
    apart = level.match_db - level.target_db
    return f"level: target {level.target_db:.1f} dBFS rms, match {level.match_db:.1f} ({apart:+.1f} dB)"


def idle_in_words(match: Match) -> Iterator[str]:
    """One sentence about the numbers that do nothing, if there are any."""
    if match.idle:
        names = ", ".join(f"`{name}`" for name in match.idle)
        yield (
            f"{names} changed nothing, wherever in the range: what they act on is silent or switched off in this match"
        )

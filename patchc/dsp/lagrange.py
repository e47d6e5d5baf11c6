"""Lagrange interpolation through the samples around a place: weights that add up to one, exact for polynomials."""

from __future__ import annotations

from math import prod

POINTS = 6
"""Samples that band-limited curves look at: flat up to a third of the rate, silent around whole multiples of it."""


def weights(place: float, points: int = POINTS) -> list[float]:
    """What each of `points` neighbouring samples counts at `place` (0..1) between the middle two, oldest first."""
    nodes = [k - points // 2 + 1 for k in range(points)]
    return [prod([(place - other) / (node - other) for other in nodes if other != node]) for node in nodes]

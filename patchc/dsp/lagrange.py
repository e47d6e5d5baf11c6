"""Lagrange interpolation through the samples around a place: weights that add up to one, exact for polynomials."""

from __future__ import annotations

from fractions import Fraction
from math import prod

POINTS = 6
"""Samples that band-limited curves look at: flat up to a third of the rate, silent around whole multiples of it."""


def weights(place: float, points: int = POINTS) -> list[float]:
    """What each of `points` neighbouring samples counts at `place` (0..1) between the middle two, oldest first."""
    nodes = [k - points // 2 + 1 for k in range(points)]
    return [prod([(place - other) / (node - other) for other in nodes if other != node]) for node in nodes]


def polynomials(points: int = POINTS) -> list[list[float]]:
    """The weights of `weights` as polynomials of the place, lowest power first."""
    nodes = [k - points // 2 + 1 for k in range(points)]
    return [[float(one) for one in _polynomial(node, nodes)] for node in nodes]


def _polynomial(node: int, nodes: list[int]) -> list[Fraction]:
    """One at `node` and zero at the other `nodes`."""
    found = [Fraction(1)]
    for other in nodes:
        if other != node:
            unit = Fraction(1, node - other)
            found = [unit * (a - other * b) for a, b in zip([Fraction(0), *found], [*found, Fraction(0)], strict=True)]
    return found

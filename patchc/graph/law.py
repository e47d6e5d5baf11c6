"""The law of ports: in which order what arrives at a number is put together, for floats, intervals, tensors and nodes.

The executors play it on signals, `check` on what signals can reach: so both agree on what a port is held to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

from patchc.graph.model import Verb
from patchc.units.domain import Curve, Domain, Range
from patchc.units.unit import Dimension

T = TypeVar("T")

LOUDEST = 200.0
"""Decibels. No patch that sounds comes near; random ones reach thousands, and infinity times silence is no number."""

Limits = tuple[float, float]


class Law(StrEnum):
    """In the order in which a port applies them; so the order of lines never changes the sound."""

    RATIO = "ratio"  # multiplies by 2 ** sum, or adds decibels to a level
    ADD = "add"  # adds the sum, in the port's unit
    SHARE = "share"  # moves by a share of the range along its curve, where that is neither a sum nor a ratio
    SCALE = "scale"  # multiplies by 1 - d + d u for each cable, u being the source brought to 0..1
    MIX = "mix"  # audio ports: adds the source, times a gain


def law_of(verb: Verb, depth: Dimension, percent: bool, port: Dimension, domain: Domain | None) -> tuple[Law, float]:
    """The law of a cable, and the factor from its depth's base unit to the law's: octaves, decibels, the port's unit.

    `depth` is the dimension of the depth and `percent` whether it is written in %; `port` and `domain` are the port's.
    """
    if verb is Verb.FEED:
        return Law.MIX, 1.0
    if verb is Verb.SCALE:
        return Law.SCALE, 1.0
    if depth is Dimension.NUMBER and isinstance(domain, Range) and percent:
        return _share(domain, port)
    bends = depth is Dimension.INTERVAL and port is not Dimension.INTERVAL
    return (Law.RATIO if bends or port is Dimension.LEVEL else Law.ADD), 1.0


def _share(domain: Range, port: Dimension) -> tuple[Law, float]:
    """A share of a linear range is a sum, of a logarithmic one a ratio."""
    if domain.curve is Curve.LIN:
        return (Law.RATIO if port is Dimension.LEVEL else Law.ADD), domain.high - domain.low
    if domain.curve is Curve.LOG and port is not Dimension.LEVEL:
        return Law.RATIO, math.log2(domain.high / domain.low)
    return Law.SHARE, 1.0


class Target(Protocol):
    """What the law has to know about a port."""

    @property
    def dimension(self) -> Dimension: ...
    @property
    def range(self) -> Range | None: ...
    @property
    def limits(self) -> Limits | None: ...


class Arithmetic(Protocol[T]):
    """What the law asks of the values it is applied to."""

    def total(self, parts: Sequence[T]) -> T:
        """The sum of one value or more."""

    def times(self, left: T, right: T) -> T:
        """The product."""

    def bent(self, value: T, octaves: T, port: Target) -> T:
        """`value * 2 ** octaves`."""

    def shared(self, value: T, share: T, domain: Range) -> T:
        """`value` moved by a share of `domain` along its curve (`moved_along`)."""

    def hold(self, value: T, limits: Limits) -> T:
        """`value`, held to `limits`."""

    def amplitude(self, level: T) -> T:
        """Decibels as linear amplitude."""


def arrive(arithmetic: Arithmetic[T], port: Target, base: T, moves: Callable[[Law], Sequence[T]]) -> T:
    """What a cell gets for `port`: `base` moved by all cables, whose contributions `moves` gives law by law.

    Ratios come first, then additions, shares and scalings, and the limits last, so that the order of lines does not
    matter. A level is held in decibels and scaled as an amplitude, so that `*=` can reach silence.
    """
    level = port.dimension is Dimension.LEVEL
    value = base
    if ratios := moves(Law.RATIO):
        value = arithmetic.total([base, *ratios]) if level else arithmetic.bent(base, arithmetic.total(ratios), port)
    if additions := moves(Law.ADD):
        value = arithmetic.total([value, arithmetic.total(additions)])
    if port.range is not None and (shares := moves(Law.SHARE)):
        value = arithmetic.shared(value, arithmetic.total(shares), port.range)
    if level:
        value = arithmetic.amplitude(arithmetic.hold(value, level_limits(port.limits)))
    for factor in moves(Law.SCALE):
        value = arithmetic.times(value, factor)
    return value if level or port.limits is None else arithmetic.hold(value, port.limits)


def level_limits(limits: Limits | None) -> Limits:
    """The limits of a level, in decibels: every one ends at `LOUDEST`."""
    low, high = limits or (-math.inf, LOUDEST)
    return low, min(high, LOUDEST)


def span_of_shares(domain: Range) -> Limits:
    """Between what a value has to lie to have a place in `domain`: below, and beyond a power curve, there is none."""
    return domain.low, domain.high if domain.curve is Curve.POW else math.inf

"""Priors make sense: the right family with the right numbers, and most of what they believe lies in the range."""

from __future__ import annotations

import math
from collections.abc import Iterator

from patchc.graph import spell
from patchc.graph.model import Graph, Value
from patchc.graph.rules.facts import prior_span, range_text
from patchc.graph.rules.ranges import is_sound
from patchc.graph.walk import Slot, places
from patchc.source.codes.learning import (
    CategoricalCount,
    NoProbability,
    PriorMissesRange,
    PriorNumbers,
    PriorOfAnother,
)
from patchc.source.diagnostic import Diagnostic
from patchc.units.domain import Choice, Curve, Domain, Range
from patchc.units.prior import Family, Prior
from patchc.units.unit import UNITS, Dimension

_USAGE = {
    Family.NORMAL: "normal(centre, width)",
    Family.HALFNORMAL: "halfnormal(width)",
    Family.UNIFORM: "uniform(low, high)",
    Family.CATEGORICAL: "categorical(p, ...)",
}
_COUNT = {Family.NORMAL: 2, Family.HALFNORMAL: 1, Family.UNIFORM: 2}
_LITTLE = 0.05


def priors_make_sense(graph: Graph) -> Iterator[Diagnostic]:
    """P502, P503, P504, P508, P509. One message for each prior."""
    for place in places(graph):
        if place.value.prior is not None and place.slot is not Slot.INPUT:
            found = next(_prior(place.value, place.value.prior), None)
            if found is not None:
                yield found


def _prior(value: Value, prior: Prior) -> Iterator[Diagnostic]:
    domain = value.domain
    if domain is not None and (prior.family is Family.CATEGORICAL) is not isinstance(domain, Choice):
        yield _of_another(value, prior, domain)
    elif isinstance(domain, Choice):
        yield from _categorical(value, prior, domain)
    elif isinstance(domain, Range):
        yield from _numbers(value, prior)
        if is_sound(domain) and _dimensions_fit(prior, domain):
            yield from _mass(value, prior, domain)


def _of_another(value: Value, prior: Prior, domain: Domain) -> PriorOfAnother:
    fits = "choices" if prior.family is Family.CATEGORICAL else "ranges"
    what = {"choice": "a choice", "range": "a range"}.get(domain.kind, "a vector that sums to one")
    if isinstance(domain, Choice):
        share = 100 / len(domain.members)
        advice = f"write `categorical({', '.join([f'{share:.3g} %'] * len(domain.members))})`"
    elif isinstance(domain, Range):
        advice = "write `normal(centre, width)`, `halfnormal(width)` or `uniform(low, high)`"
    else:
        advice = "leave it out"
    return PriorOfAnother(span=prior_span(value), family=prior.family.value, fits=fits, what=what, advice=advice)


def _categorical(value: Value, prior: Prior, domain: Choice) -> Iterator[Diagnostic]:
    weights, members = len(prior.numbers), len(domain.members)
    if weights != members:
        missing = abs(members - weights)
        advice = f"{'add' if weights < members else 'take out'} {'one' if missing == 1 else missing}"
        yield CategoricalCount(
            span=prior_span(value),
            weights=f"{weights} weight{'s' if weights != 1 else ''}",
            members=f"{members} choice{'s' if members != 1 else ''}",
            advice=f"{advice}; the choices are {', '.join(domain.members)}",
        )
        return
    for weight, unit in zip(prior.numbers, prior.units or ("",) * weights, strict=False):
        if not 0.0 <= weight <= 1.0 or UNITS[unit].dimension is not Dimension.NUMBER:
            yield NoProbability(span=prior_span(value), given=f"`{spell.rounded(weight, unit)}`")
    if not any(prior.numbers):
        yield _bad_numbers(value, prior, "gives no member any weight")


def _numbers(value: Value, prior: Prior) -> Iterator[Diagnostic]:
    wanted, got = _COUNT[prior.family], len(prior.numbers)
    if got != wanted:
        yield _bad_numbers(value, prior, f"has {got} number{'s' if got != 1 else ''} and takes {wanted}")
    elif prior.family is Family.UNIFORM:
        if prior.numbers[0] >= prior.numbers[1]:
            yield _bad_numbers(value, prior, "is empty or the wrong way round")
    elif prior.numbers[-1] <= 0.0:
        yield _bad_numbers(value, prior, "has a width that is not above zero")


def _bad_numbers(value: Value, prior: Prior, problem: str) -> PriorNumbers:
    return PriorNumbers(
        span=prior_span(value),
        family=prior.family.value,
        written=spell.prior(prior),
        problem=problem,
        usage=_USAGE[prior.family],
    )


def _dimensions_fit(prior: Prior, domain: Range) -> bool:
    """Whether the numbers are in units that can be reckoned with; if not, another rule says so."""
    units = [UNITS[unit].dimension for unit in prior.units if unit in UNITS]
    width = Dimension.INTERVAL if domain.curve is Curve.LOG else domain.dimension
    wanted = {
        Family.NORMAL: [domain.dimension, width],
        Family.HALFNORMAL: [width],
        Family.UNIFORM: [domain.dimension] * 2,
    }
    return units == wanted.get(prior.family)


def _mass(value: Value, prior: Prior, domain: Range) -> Iterator[Diagnostic]:
    share = mass(prior, domain)
    if share < _LITTLE:
        yield PriorMissesRange(span=prior_span(value), share=_percent(share), range=range_text(value, domain))


def _percent(share: float) -> str:
    return "almost nothing" if share < 1e-4 else f"{share * 100:.2g} %"


def mass(prior: Prior, domain: Range) -> float:
    """How much of a prior lies in the range, 0 to 1: in octaves on a `log` range, in base units otherwise."""

    def along(x: float) -> float:
        return math.log2(x / domain.low) if domain.curve is Curve.LOG else x

    if domain.curve is Curve.LOG and prior.family is not Family.HALFNORMAL and prior.numbers[0] / domain.low <= 0.0:
        return 0.0
    low, high = along(domain.low), along(domain.high)
    if prior.family is Family.UNIFORM:
        first, last = (along(number) for number in prior.numbers)
        return max(0.0, min(last, high) - max(first, low)) / (last - first)
    centre = low if prior.family is Family.HALFNORMAL else along(prior.numbers[0])
    width = prior.numbers[-1] * math.sqrt(2)
    inside = (math.erf((high - centre) / width) - math.erf((low - centre) / width)) / 2
    return 2 * inside if prior.family is Family.HALFNORMAL else inside

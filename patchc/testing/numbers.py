"""Values as they stand in a graph: roles, ranges with curves, priors that fit them, expressions over names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from patchc.graph.model import Arith, Const, Expr, Member, NameRef, Role, Value
from patchc.testing.values import constant, constants, constants_in, units_of
from patchc.units.domain import Choice, Curve, Domain, Range
from patchc.units.prior import Family, Prior
from patchc.units.unit import UNITS, Dimension

MOVING = (Role.LEARN, Role.PREDICT)

Names = Mapping[Dimension, Sequence[str]]
"""Params and control inputs that may stand in an expression, by what they measure."""


@st.composite
def ranges(draw: DrawFn, dimension: Dimension) -> Range:
    """A range that is not empty, in one unit, with any curve that its ends allow."""
    unit = draw(units_of(dimension))
    ends = sorted(draw(st.tuples(constants_in(unit), constants_in(unit))), key=lambda end: end.value)
    low, high = ends[0].value, ends[1].value
    if high - low < 1e-3 * UNITS[unit].factor:
        high = constant(high / UNITS[unit].factor + 1.0, unit).value
    curves = [Curve.LIN, Curve.POW] + [Curve.LOG] * (low > 0)
    curve = draw(st.sampled_from(curves))
    power = draw(st.sampled_from((2.0, 3.0, 1.5))) if curve is Curve.POW else 1.0
    return Range(low=low, high=high, curve=curve, power=power, dimension=dimension, unit=unit)


def choices() -> SearchStrategy[Choice]:
    names = st.lists(
        st.sampled_from(("saw", "square", "off", "vibrato", "pwm", "on")), min_size=2, max_size=4, unique=True
    )
    return names.map(lambda members: Choice(members=tuple(members)))


@st.composite
def priors(draw: DrawFn, domain: Domain) -> Prior | None:
    """None, or a prior that gives most of its mass to the domain."""
    if isinstance(domain, Choice):
        weights = draw(st.lists(st.integers(1, 99), min_size=len(domain.members), max_size=len(domain.members)))
        numbers, units = tuple(weight * 0.01 for weight in weights), ("%",) * len(weights)
        return draw(st.none() | st.just(Prior(family=Family.CATEGORICAL, numbers=numbers, units=units)))
    if not isinstance(domain, Range) or draw(st.booleans()):
        return None
    width = 0.5 if domain.curve is Curve.LOG else (domain.high - domain.low) / 3
    width_unit = "oct" if domain.curve is Curve.LOG else domain.unit
    middle = draw(st.sampled_from((domain.low, domain.high)))
    family = draw(st.sampled_from((Family.NORMAL, Family.HALFNORMAL, Family.UNIFORM)))
    numbers, units = {
        Family.NORMAL: ((middle, width), (domain.unit, width_unit)),
        Family.HALFNORMAL: ((width,), (width_unit,)),
        Family.UNIFORM: ((domain.low, domain.high), (domain.unit, domain.unit)),
    }[family]
    return Prior(family=family, numbers=numbers, units=units)


@st.composite
def moving(draw: DrawFn, dimension: Dimension, domain: Domain | None = None) -> Value:
    """A value that is learned, predicted, or fixed with a prior, starting inside its range."""
    domain = domain or draw(ranges(dimension))
    default: Const | Member
    if isinstance(domain, Choice):
        default = Member(name=draw(st.sampled_from(domain.members)))
    elif isinstance(domain, Range):
        end = draw(st.sampled_from((domain.low, domain.high)))
        default = Const(value=end, dimension=domain.dimension, unit=domain.unit)
    else:
        raise TypeError(f"{domain} has no default")
    prior = draw(priors(domain))
    roles = (*MOVING, Role.FIXED) if prior else MOVING
    return Value(role=draw(st.sampled_from(roles)), default=default, domain=domain, prior=prior, dimension=dimension)


@st.composite
def expressions(draw: DrawFn, dimension: Dimension, names: Names) -> Expr:
    """A number, a name, or arithmetic that has `dimension` and names something."""
    known = names.get(dimension, ())
    if not known or draw(st.integers(0, 2)) == 0:
        return draw(constants(dimension))
    expr: Expr = NameRef(name=draw(st.sampled_from(known)))
    for _ in range(draw(st.integers(0, 2))):
        expr = draw(_step(expr, dimension, names))
    return expr


@st.composite
def _step(draw: DrawFn, expr: Expr, dimension: Dimension, names: Names) -> Expr:
    """One more operation on `expr`, on either side of it."""
    scaled = draw(st.booleans())
    bends = dimension in (Dimension.FREQUENCY, Dimension.TIME) and draw(st.booleans())
    other_dimension = Dimension.NUMBER if scaled else Dimension.INTERVAL if bends else dimension
    other: Expr = draw(constants(other_dimension))
    if (known := names.get(other_dimension, ())) and bool(draw(st.booleans())):
        other = NameRef(name=draw(st.sampled_from(known)))
    if scaled and draw(st.booleans()):
        return Arith(op="*", left=other, right=expr)
    return _joined(expr, other, inverse=draw(st.booleans()), scaled=scaled)


def _joined(left: Expr, right: Expr, inverse: bool, scaled: bool) -> Arith:
    if scaled:
        return Arith(op="/" if inverse else "*", left=left, right=right)
    return Arith(op="-" if inverse else "+", left=left, right=right)


def fixed(dimension: Dimension, names: Names) -> SearchStrategy[Value]:
    return expressions(dimension, names).map(lambda expr: Value(default=expr, dimension=dimension))


def numbers(dimension: Dimension, names: Names) -> SearchStrategy[Value]:
    """A fixed value twice as often as one that moves."""
    return fixed(dimension, names) | fixed(dimension, names) | moving(dimension)


@st.composite
def chances(draw: DrawFn) -> Value:
    """A probability, fixed or learned."""
    percent = constant(float(draw(st.integers(0, 100))), "%")
    role = draw(st.sampled_from((Role.FIXED, *MOVING)))
    domain = None if role is Role.FIXED else Range(low=0.0, high=1.0, unit="%")
    return Value(role=role, default=percent, domain=domain)

"""Knobs: every number that can differ between two sounds of one patch, by name, in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass

from patchc.compiler.expr import Number, Scope, constant
from patchc.graph import model
from patchc.graph.walk import Place, Slot, is_knob, places
from patchc.source.error import InternalError
from patchc.source.text import Span
from patchc.units.domain import Choice, Domain, Range
from patchc.units.prior import Prior
from patchc.units.unit import Dimension

_CHANCE = Range(low=0.0, high=1.0, unit="%")


@dataclass(frozen=True)
class Knob:
    """One knob, and where its positions stand in a settings vector.

    `default` is a base-unit number (for every entry of a vector), a choice's member, the numbers of a vector, or None
    for weights that start even. `width` is the number of
    columns: one for a number, one per member of a choice, one per entry of a vector. A `gate` is a `maybe`: its
    position says how far its cable or cell is there (0 or 1 in drawn sounds), and its default is the chance that it is.
    """

    name: str
    role: model.Role
    dimension: Dimension
    unit: str
    domain: Domain
    default: float | str | tuple[float, ...] | None
    prior: Prior | None
    start: int
    width: int
    vector: bool = False
    gate: bool = False
    span: Span | None = None

    @property
    def columns(self) -> slice:
        """Where its positions stand along the last axis of settings `[batch, width]`."""
        return slice(self.start, self.start + self.width)


def knobs_of(graph: model.Graph) -> tuple[Knob, ...]:
    """All knobs: params, cells by layer and channel (each port's value before its cables), the outputs' cables."""
    defaults = defaults_of(graph)
    knobs: list[Knob] = []
    start = 0
    for place in filter(is_knob, places(graph)):
        knobs.append(_knob(place, start, defaults))
        start += knobs[-1].width
    return tuple(knobs)


def _knob(place: Place, start: int, defaults: Scope) -> Knob:
    value, gate = place.value, place.slot is Slot.CHANCE
    domain = _CHANCE if gate else value.domain
    if domain is None:
        raise InternalError(f"`{place.name}` has no range")
    vector = model.is_vector(value)
    return Knob(
        name=place.name,
        role=value.role,
        dimension=value.dimension,
        unit=_unit(value, domain),
        domain=domain,
        default=_default(value.default, domain, vector, defaults),
        prior=value.prior,
        start=start,
        width=len(domain.members) if isinstance(domain, Choice) else value.width,
        vector=vector,
        gate=gate,
        span=value.span,
    )


def _unit(value: model.Value, domain: Domain) -> str:
    if isinstance(value.default, model.Const | model.Vector) and value.default.unit:
        return value.default.unit
    return domain.unit if isinstance(domain, Range) else ""


def _default(
    default: model.Expr | None, domain: Domain, vector: bool, defaults: Scope
) -> float | str | tuple[float, ...] | None:
    if isinstance(default, model.Member):
        return default.name
    if isinstance(default, model.Vector):
        return default.values
    if default is not None:
        return constant(default, defaults).value
    if isinstance(domain, Choice):
        return domain.members[0]
    return None if vector or not isinstance(domain, Range) else float(domain.value(0.5))


def defaults_of(graph: model.Graph) -> dict[str, Number]:
    """What each input and param is when nobody says otherwise, but for choices, vectors, and what has no default."""
    scope: dict[str, Number] = {}
    items: tuple[model.Input | model.Param, ...] = (*graph.inputs, *graph.params)
    for item in items:
        default = item.value.default if item.value is not None else None
        if (
            default is not None
            and not isinstance(default, model.Member | model.Vector)
            and not _names_unknown(default, scope)
        ):
            scope[item.name] = constant(default, scope)
    return scope


def _names_unknown(expr: model.Expr, scope: Scope) -> bool:
    match expr:
        case model.NameRef():
            return expr.name not in scope
        case model.Arith():
            return _names_unknown(expr.left, scope) or _names_unknown(expr.right, scope)
    return False

"""What a cable does to the port it arrives at: the unit of its depth decides the law (docs/language.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from patchc.cells.spec import Kind, Polarity
from patchc.compiler.expr import Expr, Number, Read, in_percent, lower
from patchc.compiler.knobs import Knob
from patchc.graph import model
from patchc.graph.law import Law, law_of
from patchc.graph.walk import labelled
from patchc.source.error import InternalError
from patchc.units.domain import Choice, Domain, Range
from patchc.units.unit import Dimension


@dataclass(frozen=True)
class Origin:
    """Where a cable comes from. `span` is what the source runs over, for scalings, which bring it to 0..1."""

    name: str
    kind: Kind
    span: Range | None


@dataclass(frozen=True)
class Gate:
    """How far a cable or cell is there: the position of a `maybe` knob, or the weight of one member of a choice."""

    knob: str
    member: str | None = None


@dataclass(frozen=True)
class CablePlan:
    """One cable: it contributes `gates * depth * factor * source` to its law."""

    origin: Origin
    law: Law
    depth: Expr
    factor: float  # from the depth's base unit to the law's: octaves, decibels, or the port's own unit
    gates: tuple[Gate, ...]

    @property
    def adds_audio(self) -> bool:
        return self.law is Law.ADD and self.origin.kind is Kind.AUDIO

    @property
    def order(self) -> str:
        """Cables are summed in this order, so that not even the last bit depends on the order of lines."""
        return f"{self.origin.name} {self.law} {self.depth} {self.factor} {self.gates}"


@dataclass(frozen=True)
class Names:
    """Everything a name in a patch can stand for, for the expressions and gates of the plan."""

    numbers: Mapping[str, Expr]
    members: Mapping[str, str]  # fixed choices
    origins: Mapping[str, Origin]
    knobs: Mapping[str, Knob]

    def value(self, name: str, value: model.Value) -> Expr:
        """A value by the name it would have as a knob: read from there if it is one, else written out."""
        if name in self.knobs:
            knob = self.knobs[name]
            return Read(name, knob.dimension, knob.unit, knob.vector)
        if value.default is None:
            raise InternalError(f"`{name}` has no value")
        return lower(value.default, self.numbers)

    def gates(self, where: str, when: Sequence[model.When], maybe: model.Value | None) -> tuple[Gate, ...] | None:
        """The gates of a cable or cell; None if it can never be there."""
        if any(self.members.get(one.param, one.member) != one.member for one in when):
            return None
        chosen = tuple(Gate(one.param, one.member) for one in when if one.param not in self.members)
        return chosen + ((Gate(f"{where}.maybe"),) if maybe is not None else ())


def bipolar(polarity: Polarity) -> Range | None:
    return Range(low=-1.0, high=1.0) if polarity is Polarity.BIPOLAR else None


def plan_cables(
    where: str, cables: Sequence[model.Cable], names: Names, dimension: Dimension, domain: Domain | None
) -> tuple[CablePlan, ...]:
    """The cables of the knob port or audio port `where`, but for those that can never be there, in summing order."""
    plans = []
    for cable, label in labelled(cables):
        gates = names.gates(f"{where}[{label}]", cable.when, cable.maybe)
        if gates is not None:
            plans.append(_plan_cable(f"{where}[{label}]", cable, names, gates, dimension, domain))
    return tuple(sorted(plans, key=lambda plan: plan.order))


def _plan_cable(
    where: str,
    cable: model.Cable,
    names: Names,
    gates: tuple[Gate, ...],
    dimension: Dimension,
    domain: Domain | None,
) -> CablePlan:
    origin = names.origins[cable.source]
    depth: Expr = Number(1.0)
    if cable.depth is not None:
        word = "gain" if cable.verb is model.Verb.FEED else "depth"
        depth = names.value(f"{where}.{word}", cable.depth)
    law, factor = law_of(cable.verb, depth.dimension, in_percent(depth), dimension, domain)
    return CablePlan(origin, law, depth, factor, gates)


def choice_members(domain: Domain | None) -> tuple[str, ...]:
    return domain.members if isinstance(domain, Choice) else ()

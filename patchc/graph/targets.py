"""What a value is for, and what it is made of where nothing is written: its role, where it starts, its range."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from patchc.graph.model import Const, Expr, Fixed, Member, Role, Value, Vector
from patchc.syntax import tree
from patchc.units.domain import Choice, Domain, Range
from patchc.units.unit import Dimension


@dataclass(frozen=True)
class Target:
    """What a value is for, and what it is made of where the value does not say.

    `base` is the value of a definition's param that an instance's value stands in for.
    """

    name: str
    dimension: Dimension | None = None
    domain: Domain | None = None
    default: Fixed | None = None
    width: int = 1
    base: Value | None = None
    usual: Mapping[Dimension, Range] = field(default_factory=dict)  # ranges by the dimension of what is written

    def usual_for(self, default: Expr | None) -> Range | None:
        return self.usual.get(default.dimension) if isinstance(default, Const) else None


def role_of(node: tree.Value, base: Value | None) -> tuple[Role, bool]:
    """The role of a value, and whether it keeps the prior of the definition it stands in for.

    A number without a word is fixed, also where the definition says `learn`: what stands at the instance says it all.
    Only a value that states a range alone leaves the role as it was.
    """
    if node.role is not None:
        role = Role(node.role)
        return role, role is not Role.FIXED
    if node.expr is None and base is not None:
        return base.role, True
    return Role.FIXED, False


def start_of(target: Target, domain: Domain | None) -> Fixed | None:
    """Where a value starts that names no number: the target's usual one, or the middle of a range that excludes it."""
    usual = target.base.default if target.base else target.default
    if isinstance(usual, Fixed) and _holds(domain, usual):
        return usual.model_copy(update={"span": None})
    return middle(domain) if domain is not None else None


def _holds(domain: Domain | None, value: Fixed) -> bool:
    if isinstance(value, Vector):
        return not isinstance(domain, Range) or all(map(domain.holds, value.values))
    if isinstance(domain, Range):
        return isinstance(value, Const) and domain.holds(value.value)
    return not isinstance(domain, Choice) or (isinstance(value, Member) and value.name in domain.members)


def middle(domain: Domain) -> Const | Member | None:
    """Halfway along a range's curve, the first member of a choice, nothing for weights (they start even)."""
    if isinstance(domain, Choice):
        return Member(name=domain.members[0]) if domain.members else None
    if not isinstance(domain, Range):
        return None
    try:
        value = domain.value(0.5)
    except (ArithmeticError, ValueError):
        value = domain.low
    if not math.isfinite(value):
        value = domain.low
    return Const(value=value, dimension=domain.dimension, unit=domain.unit)

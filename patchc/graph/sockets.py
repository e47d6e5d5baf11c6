"""What can be plugged into a cell or an instance: its ports, what they hold or hear, and their usual values."""

from __future__ import annotations

from dataclasses import dataclass

from patchc.cells.spec import CellSpec, InSpec, Kind, KnobSpec
from patchc.graph.body import Body, LocalInput
from patchc.graph.model import Const, Member
from patchc.graph.targets import Target
from patchc.units.domain import Choice, Range
from patchc.units.unit import BASE_UNIT


@dataclass(frozen=True)
class Socket:
    """One port. `target` is set where it holds a number; `kind` says what it hears otherwise."""

    name: str
    target: Target | None = None
    kind: Kind | None = None
    required: bool = False
    of_instance: bool = False
    inner: LocalInput | None = None  # the input of the patch that this is, from inside

    @property
    def holds(self) -> str:
        return (
            "holds a number" if self.target else f"hears {self.kind} signals" if self.kind != "gate" else "hears a gate"
        )

    @property
    def members(self) -> tuple[str, ...]:
        """What it can be set to, where it is a choice."""
        domain = self.target and (self.target.base.domain if self.target.base else self.target.domain)
        return domain.members if isinstance(domain, Choice) else ()

    @property
    def verbs(self) -> tuple[str, ...]:
        if self.target is None:
            return ("<-",)
        if self.of_instance:
            return ("=", "<-") if self.kind else ("=",)
        return ("=", "+=", "*=")


def sockets_of_cell(spec: CellSpec, sizes: dict[str, float]) -> dict[str, Socket]:
    return {
        port.name: Socket(port.name, kind=port.kind, required=port.required)
        if isinstance(port, InSpec)
        else Socket(port.name, target_of(port, spec, sizes))
        for port in spec.ports
    }


def target_of(port: KnobSpec, spec: CellSpec, sizes: dict[str, float], name: str = "") -> Target:
    """What a port's value is made of where the patch does not say; `name` is what messages call it."""
    size = spec.size(port.width) if port.width else None
    width = int(sizes.get(size.name, size.default)) if size else 1
    default: Const | Member | None
    if isinstance(port.default, str):
        default = Member(name=port.default)
    elif port.domain is not None and port.domain.kind == "simplex":
        default = None
    else:
        unit = port.domain.unit if isinstance(port.domain, Range) else BASE_UNIT[port.dimension]
        default = Const(value=port.default, dimension=port.dimension, unit=unit)
    return Target(name or port.name, port.dimension, port.domain, default, width)


def sockets_of_patch(body: Body) -> dict[str, Socket]:
    """The inputs and params of a patch used as a cell type. Its control inputs and params hold numbers."""
    found: dict[str, Socket] = {}
    for name, item in body.inputs.items():
        value = item.value
        target = None
        if item.kind is Kind.CONTROL:
            target = Target(name, value.dimension if value else None, width=value.width if value else 1, base=value)
        found[name] = Socket(name, target, item.kind, of_instance=True, inner=item)
    for name, param in body.params.items():
        target = Target(name, param.value.dimension, width=param.value.width, base=param.value)
        found[name] = Socket(name, target, of_instance=True)
    return found

"""The plan: what a module does for a patch, step by step in layer order, before any tensor exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import NamedTuple

from patchc.cells.cell import Cell as CellType
from patchc.cells.registry import find_cell
from patchc.cells.spec import Absent, InSpec, Kind, KnobSpec
from patchc.compiler.cables import CablePlan, Gate, Names, Origin, bipolar, choice_members, plan_cables
from patchc.compiler.expr import Entries, Expr, Number, Read
from patchc.compiler.knobs import Knob, defaults_of, knobs_of
from patchc.graph import model
from patchc.graph.channels import channel_order
from patchc.graph.law import Law, Target
from patchc.source.error import InternalError
from patchc.source.text import Span
from patchc.units.domain import Choice, Domain, Range
from patchc.units.unit import Dimension


class Rate(IntEnum):
    """How often a number changes. A knob or input is constant unless it is supplied frame by frame."""

    CONSTANT = 0  # [batch, 1]
    CONTROL = 1  # [batch, frames]
    AUDIO = 2  # [batch, samples]


class CutAt(NamedTuple):
    """A size beyond which what a port says is not computed, and what it is in this cell, in base units."""

    size: str
    value: float


@dataclass(frozen=True)
class KnobPort:
    """A number: `base`, then ratios, additions, shares and scalings, then held to the limits."""

    name: str
    dimension: Dimension
    base: Expr
    cables: tuple[CablePlan, ...]
    range: Range | None
    limits: tuple[float, float] | None
    entries: int = 0  # of a vector; 0 for a number
    of_rate: float | None = None  # the share of the sample rate that the cell's formula holds it to
    fades_by: str | None = None  # the frequency that silences it where it nears the Nyquist limit
    cut_at: CutAt | None = None

    def of(self, law: Law) -> tuple[CablePlan, ...]:
        return tuple(cable for cable in self.cables if cable.law is law)

    @property
    def log(self) -> bool:
        """Whether it is brought from frames to samples in octaves."""
        return in_octaves(self)

    @property
    def rate(self) -> Rate:
        kinds = {cable.origin.kind for cable in self.cables}
        return Rate.AUDIO if Kind.AUDIO in kinds else Rate.CONTROL if kinds else Rate.CONSTANT


def in_octaves(port: Target) -> bool:
    """Whether a port is brought from frames to samples in octaves: frequencies that stay above zero are."""
    return port.dimension is Dimension.FREQUENCY and port.limits is not None and port.limits[0] > 0


@dataclass(frozen=True)
class EvenPort:
    """A vector of weights that starts even and that nobody touches."""

    name: str
    entries: int


@dataclass(frozen=True)
class ChoicePort:
    """One weight per member: those of a knob, or a fixed member."""

    name: str
    members: tuple[str, ...]
    chosen: str | None
    knob: str | None = None


@dataclass(frozen=True)
class AudioPort:
    name: str
    cables: tuple[CablePlan, ...]


@dataclass(frozen=True)
class GatePort:
    name: str
    input: str


PortPlan = KnobPort | EvenPort | ChoicePort | AudioPort | GatePort


@dataclass(frozen=True)
class Step:
    """One cell: its ports in the order `forward` takes them, and how far it is there."""

    cell: str
    type: str
    layer: int  # from 0
    channel: int  # from 0
    kind: Kind
    sizes: tuple[tuple[str, float], ...]
    ports: tuple[PortPlan, ...]
    gates: tuple[Gate, ...] | None  # None: it can never be there
    absent: Absent
    span: Span | None = field(default=None, compare=False, repr=False)

    def knob(self, name: str | None) -> KnobPort | None:
        """The number called `name`."""
        return next((port for port in self.ports if isinstance(port, KnobPort) and port.name == name), None)


@dataclass(frozen=True)
class OutputPlan:
    name: str
    cables: tuple[CablePlan, ...]


@dataclass(frozen=True)
class Plan:
    """Steps in layer order, then the outputs. `layers` are the names of the layers."""

    name: str
    knobs: tuple[Knob, ...]
    inputs: tuple[model.Input, ...]
    defaults: Mapping[str, float]  # of control inputs, base units
    layers: tuple[str, ...]
    steps: tuple[Step, ...]
    outputs: tuple[OutputPlan, ...]
    compared: tuple[str, ...]  # what `tap` lines name

    def text(self) -> str:
        """The plan for people."""
        from patchc.compiler.plan_text import plan_text

        return plan_text(self)


def make_plan(graph: model.Graph) -> Plan:
    """The plan of a graph that has passed all checks."""
    knobs = knobs_of(graph)
    names = _names(graph, knobs)
    defaults = defaults_of(graph)
    order = channel_order([output.name for output in graph.outputs])
    return Plan(
        name=graph.name,
        knobs=knobs,
        inputs=graph.inputs,
        defaults={item.name: defaults[item.name].value for item in graph.inputs if item.name in defaults},
        layers=tuple(layer.name for layer in graph.layers),
        steps=tuple(
            _step(cell, names, index, channel)
            for index, layer in enumerate(graph.layers)
            for channel, cell in enumerate(layer.cells)
        ),
        outputs=tuple(
            OutputPlan(output.name, plan_cables(output.name, output.cables, names, Dimension.LEVEL, None))
            for output in sorted(graph.outputs, key=lambda output: order.index(output.name))
        ),
        compared=tuple(dict.fromkeys(name for tap in graph.taps for name in tap.cells)),
    )


def cell_type(name: str) -> type[CellType]:
    found = find_cell(name)
    if found is None:
        raise InternalError(f"no cell type called `{name}`")
    return found


def _names(graph: model.Graph, knobs: tuple[Knob, ...]) -> Names:
    numbers: dict[str, Expr] = {}
    members: dict[str, str] = {}
    names = Names(numbers, members, _origins(graph), {knob.name: knob for knob in knobs})
    for item in graph.inputs:
        if item.kind is Kind.CONTROL:
            dimension = item.value.dimension if item.value else Dimension.NUMBER
            numbers[item.name] = Read(item.name, dimension, _unit(item.value))
    for param in graph.params:
        if param.name not in names.knobs and isinstance(param.value.default, model.Member):
            members[param.name] = param.value.default.name
        elif param.name in names.knobs or param.value.default is not None:
            numbers[param.name] = names.value(param.name, param.value)
    return names


def _unit(value: model.Value | None) -> str:
    return value.default.unit if value is not None and isinstance(value.default, model.Const) else ""


def _origins(graph: model.Graph) -> dict[str, Origin]:
    origins = {}
    for item in graph.inputs:
        domain = item.value.domain if item.value else None
        span = domain if isinstance(domain, Range) else None
        origins[item.name] = Origin(item.name, item.kind, span)
    for cell in graph.cells:
        out = cell_type(cell.type).spec.out
        origins[cell.name] = Origin(cell.name, out.kind, bipolar(out.polarity))
    return origins


def _step(cell: model.Cell, names: Names, layer: int, channel: int) -> Step:
    found = cell_type(cell.type)
    machine = found(**cell.sizes)
    return Step(
        cell=cell.name,
        type=cell.type,
        layer=layer,
        channel=channel,
        kind=found.spec.out.kind,
        sizes=tuple(cell.sizes.items()),
        ports=tuple(_port(cell, spec, names, machine) for spec in found.spec.ports),
        gates=names.gates(cell.name, cell.when, cell.maybe),
        absent=found.absent,
        span=cell.span,
    )


def _port(cell: model.Cell, spec: KnobSpec | InSpec, names: Names, machine: CellType) -> PortPlan:
    port = cell.port(spec.name) or model.Port(name=spec.name)
    where = f"{cell.name}.{spec.name}"
    if isinstance(spec, InSpec):
        if spec.kind is Kind.GATE:
            return GatePort(spec.name, port.cables[0].source)
        return AudioPort(spec.name, plan_cables(where, port.cables, names, Dimension.LEVEL, None))
    if isinstance(spec.domain, Choice):
        return _choice_port(where, spec, port.value, names)
    entries = int(getattr(machine, spec.width)) if spec.width else 0
    domain = port.value.domain if port.value is not None and port.value.domain is not None else spec.domain
    base = _base(where, spec, port.value, names)
    cables = plan_cables(where, port.cables, names, spec.dimension, domain)
    if base is None:
        return EvenPort(spec.name, entries)
    return KnobPort(
        name=spec.name,
        dimension=spec.dimension,
        base=base,
        cables=cables,
        range=domain if isinstance(domain, Range) else None,
        limits=machine.spec.limits_of(spec, cell.sizes, any(cable.adds_audio for cable in cables)),
        entries=entries,
        of_rate=spec.of_rate,
        fades_by=spec.fades_by,
        cut_at=CutAt(spec.cut_at, machine.spec.size_value(spec.cut_at, cell.sizes)) if spec.cut_at else None,
    )


def _base(where: str, spec: KnobSpec, value: model.Value | None, names: Names) -> Expr | None:
    if value is not None and (where in names.knobs or value.default is not None):
        found = names.value(where, value)
        return _scaled(found) if _is_simplex(spec) and isinstance(found, Entries) else found
    if _is_simplex(spec):
        return None
    return Number(float(spec.default), spec.dimension, _usual_unit(spec.domain))


def _is_simplex(spec: KnobSpec) -> bool:
    return spec.domain is not None and spec.domain.kind == "simplex"


def _scaled(weights: Entries) -> Entries:
    """Weights that add up to one."""
    total = sum(weights.values)
    return replace(weights, values=tuple(value / total for value in weights.values))


def _usual_unit(domain: Domain | None) -> str:
    return domain.unit if isinstance(domain, Range) else ""


def _choice_port(where: str, spec: KnobSpec, value: model.Value | None, names: Names) -> ChoicePort:
    members = choice_members(spec.domain)
    if value is None:
        return ChoicePort(spec.name, members, str(spec.default))
    if where in names.knobs:
        return ChoicePort(spec.name, members, None, where)
    if isinstance(value.default, model.Member):
        return ChoicePort(spec.name, members, value.default.name)
    if isinstance(value.default, model.NameRef):
        fixed = names.members.get(value.default.name)
        return ChoicePort(spec.name, members, fixed, None if fixed else value.default.name)
    raise InternalError(f"`{where}` chooses nothing")

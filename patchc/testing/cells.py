"""Random cells of every type there is, with something plugged into whatever needs it."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from patchc.cells.registry import cell_names, find_cell
from patchc.cells.spec import CellSpec, InSpec, Kind, KnobSpec, SizeSpec
from patchc.graph.model import Cable, Cell, Const, Input, Member, Param, Port, Role, Value, Vector, Verb, When
from patchc.testing.numbers import MOVING, Names, chances, fixed, moving, numbers
from patchc.testing.values import values
from patchc.units.domain import Choice, Range, Simplex
from patchc.units.unit import Dimension

_BENDS = (Dimension.FREQUENCY, Dimension.TIME)
_SCALES = (Dimension.LEVEL, Dimension.NUMBER)


class Around:
    """What a new cell can hear and name: inputs, params, and the cells of earlier layers."""

    def __init__(self, inputs: Sequence[Input], params: Sequence[Param]) -> None:
        self.audio = [item.name for item in inputs if item.kind is Kind.AUDIO]
        self.control = [item.name for item in inputs if item.kind is Kind.CONTROL]
        self.gate = next(item.name for item in inputs if item.kind is Kind.GATE)
        self.choices = {p.name: p.value.domain for p in params if isinstance(p.value.domain, Choice)}
        self.names: dict[Dimension, list[str]] = {}
        values = {item.name: item.value for item in inputs if item.value} | {
            param.name: param.value for param in params
        }
        for name, value in values.items():
            if name not in self.choices:
                self.names.setdefault(value.dimension, []).append(name)

    def add(self, cells: Sequence[Cell]) -> None:
        for cell in cells:
            spec = spec_of(cell.type)
            (self.audio if spec.out.kind is Kind.AUDIO else self.control).append(cell.name)


def spec_of(type_: str) -> CellSpec:
    found = find_cell(type_)
    assert found is not None, type_
    return found.spec


@st.composite
def cells(draw: DrawFn, name: str, around: Around, doc: str = "") -> Cell:
    """A cell called `name` that hears only what is `around`."""
    specs = [spec_of(type_) for type_ in cell_names()]
    spec = draw(st.sampled_from([spec for spec in specs if around.audio or not _needs_audio(spec)]))
    sizes = {size.name: draw(_sizes(size)) for size in spec.sizes if draw(st.booleans())}
    ports = []
    for port in spec.ports:
        made = _in(draw, port, around) if isinstance(port, InSpec) else _knob(draw, port, spec, sizes, around)
        ports += [made] if made else []
    maybe = draw(st.none() | st.none() | chances())
    when = draw(_conditions(around))
    return Cell(name=name, type=spec.name, sizes=sizes, ports=tuple(ports), maybe=maybe, when=when, doc=doc)


def _needs_audio(spec: CellSpec) -> bool:
    return any(isinstance(port, InSpec) and port.kind is Kind.AUDIO and port.required for port in spec.ports)


@st.composite
def _sizes(draw: DrawFn, size: SizeSpec) -> float:
    """Small ones, so that what is drawn is quick to hear."""
    if size.whole:
        return float(draw(st.integers(int(size.low), min(int(size.high), int(size.low) + 8))))
    return draw(st.sampled_from((size.low, min(size.high, size.low * 4))))


# --- what a cell hears ------------------------------------------------------------------------------------------------


def _in(draw: DrawFn, port: InSpec, around: Around) -> Port | None:
    if port.kind is Kind.GATE:
        return Port(name=port.name, cables=(Cable(verb=Verb.FEED, source=around.gate),))
    if not around.audio or (not port.required and draw(st.booleans())):
        return None
    return Port(name=port.name, cables=draw(feeds(around)))


@st.composite
def feeds(draw: DrawFn, around: Around) -> tuple[Cable, ...]:
    """One to three cables of sound, each with or without a gain."""
    sources = draw(st.lists(st.sampled_from(around.audio), min_size=1, max_size=3))
    return tuple(_cable(draw, Verb.FEED, source, draw(_gains(around.names)), around) for source in sources)


@st.composite
def _gains(draw: DrawFn, names: Names) -> Value | None:
    return draw(
        st.none() | st.sampled_from(_SCALES).flatmap(lambda dimension: numbers(dimension, _alone(names, dimension)))
    )


def _cable(draw: DrawFn, verb: Verb, source: str, depth: Value | None, around: Around) -> Cable:
    maybe = draw(st.none() | st.none() | st.none() | chances())
    return Cable(verb=verb, source=source, depth=depth, maybe=maybe, when=draw(_conditions(around)))


@st.composite
def _conditions(draw: DrawFn, around: Around) -> tuple[When, ...]:
    if not around.choices or draw(st.integers(0, 3)):
        return ()
    param = draw(st.sampled_from(sorted(around.choices)))
    return (When(param=param, member=draw(st.sampled_from(around.choices[param].members))),)


# --- what a cell holds ------------------------------------------------------------------------------------------------


def _knob(draw: DrawFn, port: KnobSpec, spec: CellSpec, sizes: dict[str, float], around: Around) -> Port | None:
    width = 1
    if port.width:
        size = spec.size(port.width)
        width = int(sizes.get(port.width, size.default if size else 1))
    value = draw(st.none() | _values(port, width, around.names))
    cables: tuple[Cable, ...] = ()
    if width == 1 and not isinstance(port.domain, Choice):
        cables = tuple(
            draw(_modulations(port, around)) for _ in range(draw(st.sampled_from((0, 0, 1, 2)))) if _sources(around)
        )
    return Port(name=port.name, value=value, cables=cables) if value or cables else None


def _sources(around: Around) -> bool:
    return bool(around.audio or around.control)


@st.composite
def _values(draw: DrawFn, port: KnobSpec, width: int, names: Names) -> Value:
    domain = port.domain
    if isinstance(domain, Simplex):
        weights = draw(st.none() | vectors(port, width))
        roles = MOVING if weights is None else (*MOVING, Role.FIXED)
        role = draw(st.sampled_from(roles))
        return Value(role=role, default=weights, domain=None if role is Role.FIXED else domain, width=width)
    if isinstance(domain, Choice):
        fixed_member = st.sampled_from(domain.members).map(lambda name: Value(default=Member(name=name)))
        return draw(fixed_member | moving(Dimension.NUMBER, domain))
    usual = domain if isinstance(domain, Range) and draw(st.booleans()) else None
    value: Value = draw(fixed(port.dimension, names) | moving(port.dimension, usual))
    if width > 1 and draw(st.booleans()):
        entries = draw(vectors(value.domain if isinstance(value.domain, Range) else port, width))
        return value.model_copy(update={"width": width, "default": entries})
    return value.model_copy(update={"width": width})


def vectors(spec: KnobSpec | Range, width: int) -> SearchStrategy[Vector]:
    """Numbers that fit a port or a range, one for each entry."""
    domain = spec.domain if isinstance(spec, KnobSpec) else spec
    unit = domain.unit if isinstance(domain, Range) else ""
    return values(spec, max(width, 2)).map(
        lambda numbers: Vector(
            numbers=tuple(Const(value=n, dimension=spec.dimension, unit=unit) for n in numbers[:width])  # type: ignore[arg-type,index]
        )
    )


@st.composite
def _modulations(draw: DrawFn, port: KnobSpec, around: Around) -> Cable:
    """A `+=` or `*=` whose depth fits the port."""
    source = draw(st.sampled_from(around.audio + around.control))
    if port.dimension in _SCALES and draw(st.booleans()):
        share = draw(st.none() | fixed(Dimension.NUMBER, {}) | moving(Dimension.NUMBER))
        return _cable(draw, Verb.SCALE, source, share, around)
    bends = port.dimension in _BENDS and draw(st.booleans())
    dimension = Dimension.INTERVAL if bends else port.dimension
    depth: Value | None = draw(numbers(dimension, around.names))
    if port.dimension is Dimension.NUMBER:
        depth = draw(st.none() | st.just(depth))
    return _cable(draw, Verb.ADD, source, depth, around)


def _alone(names: Names, dimension: Dimension) -> Names:
    """No names for a gain in dB: it may not be multiplied by a number (P410), which arithmetic over names does."""
    return {} if dimension is Dimension.LEVEL else names

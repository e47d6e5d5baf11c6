"""Random valid graphs, and their texts: layers written or inferred, every role, guard, choice and verb among them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from patchc.cells.spec import Kind
from patchc.graph.model import Cell, Graph, Input, Layer, LossSpec, Moved, Output, Param, Tap, Value
from patchc.graph.write import to_text
from patchc.testing.cells import Around, cells, feeds
from patchc.testing.numbers import choices, moving, ranges
from patchc.testing.values import constants
from patchc.units.unit import Dimension

WORDS = (
    "osc",
    "env",
    "vcf",
    "loss",
    "layer",
    "patch",
    "mod",
    "tone",
    "room",
    "C4",
    "step",
    "when",
    "body",
    "lin",
    "x1",
)
_LETTERS = st.characters(codec="utf-8", exclude_characters='"', exclude_categories=("C", "Z"))


def patches(max_cells: int = 6) -> SearchStrategy[str]:
    """The text of a random patch that checks without errors and is formatted."""
    return graphs(max_cells).map(to_text)


@st.composite
def graphs(draw: DrawFn, max_cells: int = 6) -> Graph:
    """A random graph of at most `max_cells` cells, equal to the one its text is read as."""
    names = draw(st.lists(_names(), min_size=max_cells + 8, max_size=max_cells + 8, unique=True))
    words = iter(draw(st.permutations(WORDS)))
    inputs = _inputs(draw, names)
    params = _params(draw, names)
    around = Around(inputs, params)
    layers, layered = _layers(draw, names, words, around, max_cells)
    if not around.audio:
        return draw(graphs(max_cells))
    return Graph(
        name=next(words),
        doc=draw(_sentences()),
        meta=draw(_metas()),
        inputs=inputs,
        params=params,
        layered=layered,
        layers=layers,
        outputs=(Output(name="main", cables=draw(feeds(around))),),
        taps=draw(_taps(layers)),
        moved=draw(_moves(layers)),
    )


# --- names and texts --------------------------------------------------------------------------------------------------


@st.composite
def _names(draw: DrawFn) -> str:
    """`osc`, `bell[3].osc`, `v[-1].bar[0.5]`: as unrolled patches have them."""
    name = draw(st.sampled_from(WORDS)) + draw(st.sampled_from(("", "", "1", "_2")))
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
        index = draw(st.sampled_from(("", "[3]", "[-1]", "[0.5]", "[left]")))
        name = f"{draw(st.sampled_from(WORDS))}{index}.{name}"
    return name


def _sentences() -> SearchStrategy[str]:
    words = st.text(_LETTERS, min_size=1, max_size=8)
    return st.just("") | st.lists(words, min_size=1, max_size=3).map(" ".join)


def _metas() -> SearchStrategy[dict[str, Any]]:
    one = _sentences() | st.integers(-99, 99) | st.floats(-9, 9, allow_subnormal=False).filter(lambda x: x % 1 != 0)
    entry = one | st.lists(one, min_size=1, max_size=3)
    return st.just({}) | st.dictionaries(st.sampled_from(("author", "license", "tags")), entry, min_size=1)


# --- inputs and params ------------------------------------------------------------------------------------------------


def _inputs(draw: DrawFn, names: list[str]) -> tuple[Input, ...]:
    kinds = [Kind.GATE, *draw(st.lists(st.sampled_from((Kind.AUDIO, Kind.CONTROL, Kind.CONTROL)), max_size=3))]
    return tuple(
        Input(
            name=names.pop(), kind=kind, value=draw(_starts()) if kind is Kind.CONTROL else None, doc=draw(_sentences())
        )
        for kind in kinds
    )


@st.composite
def _starts(draw: DrawFn) -> Value:
    """What a control input holds while nobody sets it, with or without a range."""
    dimension = draw(st.sampled_from(Dimension))
    value: Value = draw(moving(dimension, draw(ranges(dimension))))
    domain = value.domain if draw(st.booleans()) else None
    return Value(default=value.default, domain=domain, dimension=dimension)


def _params(draw: DrawFn, names: list[str]) -> tuple[Param, ...]:
    return tuple(
        Param(name=names.pop(), value=draw(_param_values()), doc=draw(_sentences()), label=draw(_sentences()))
        for _ in range(draw(st.integers(0, 3)))
    )


@st.composite
def _param_values(draw: DrawFn) -> Value:
    if draw(st.booleans()):
        return draw(moving(Dimension.NUMBER, draw(choices())))
    dimension = draw(st.sampled_from(Dimension))
    constant = constants(dimension).map(lambda const: Value(default=const, dimension=dimension))
    return draw(constant | moving(dimension))


# --- layers -----------------------------------------------------------------------------------------------------------


def _layers(
    draw: DrawFn, names: list[str], words: Any, around: Around, max_cells: int
) -> tuple[tuple[Layer, ...], bool]:
    """Layer by layer; where they are not written, each cell stands where the longest path to it says."""
    layered = draw(st.booleans())
    made: list[Cell] = []
    columns: list[list[Cell]] = []
    left = draw(st.integers(1, max_cells))
    while left > 0:
        count = draw(st.integers(1, min(3, left)))
        column = [draw(cells(names.pop(), around, draw(_sentences()))) for _ in range(count)]
        around.add(column)
        made += column
        columns.append(column)
        left -= count
    if layered:
        return tuple(Layer(name=f"{next(words)}_{n}", cells=tuple(column)) for n, column in enumerate(columns)), True
    depth: dict[str, int] = {}
    for cell in made:
        upstream = [depth[c.source] for port in cell.ports for c in port.cables if c.source in depth]
        depth[cell.name] = max(upstream, default=-1) + 1
    inferred = [[cell for cell in made if depth[cell.name] == d] for d in range(max(depth.values()) + 1)]
    return tuple(Layer(name=f"layer_{d + 1}", cells=tuple(column)) for d, column in enumerate(inferred)), False


# --- taps and renames -------------------------------------------------------------------------------------------------


@st.composite
def _taps(draw: DrawFn, layers: tuple[Layer, ...]) -> tuple[Tap, ...]:
    names = [cell.name for layer in layers for cell in layer.cells] + ["main"]
    settings: SearchStrategy[dict[str, Any]] = st.sampled_from(({}, {"fft": [512, 64]}))
    loss = st.builds(LossSpec, name=st.just("mss"), settings=settings, weight=st.sampled_from((1.0, 0.5)))
    some = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True).map(tuple)
    tap = st.builds(Tap, cells=some, losses=st.lists(loss, max_size=2).map(tuple), after=st.sampled_from((0, 0, 200)))
    return tuple(draw(st.lists(tap, max_size=2)))


@st.composite
def _moves(draw: DrawFn, layers: tuple[Layer, ...]) -> tuple[Moved, ...]:
    names = [cell.name for layer in layers for cell in layer.cells]
    new = draw(st.sampled_from(names))
    return draw(st.sampled_from(((), (Moved(old="earlier", new=new),))))

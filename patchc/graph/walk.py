"""Every number of a graph with the name it is known by, in the one order that knobs have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from patchc.graph.model import Cable, Cell, Graph, Output, Port, Role, Value, Verb


class Slot(Enum):
    """What a number is for."""

    INPUT = auto()
    PARAM = auto()
    BASE = auto()
    DEPTH = auto()
    CHANCE = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """One number: `osc1.freq[lfo1].depth`. `cell`, `port` and `cable` say where it is, as far as it is inside them."""

    name: str
    slot: Slot
    value: Value
    cell: Cell | None = None
    port: Port | None = None
    cable: Cable | None = None


def places(graph: Graph) -> Iterator[Place]:
    """Inputs, params, then cells layer by layer (ports as written, a value before its cables), then output cables."""
    for item in graph.inputs:
        if item.value is not None:
            yield Place(item.name, Slot.INPUT, item.value)
    for param in graph.params:
        yield Place(param.name, Slot.PARAM, param.value)
    for layer in graph.layers:
        for cell in layer.cells:
            yield from places_of_cell(cell)
    for output in graph.outputs:
        yield from _of_cables(output, None, None)


def places_of_cell(cell: Cell) -> Iterator[Place]:
    for port in cell.ports:
        if port.value is not None:
            yield Place(f"{cell.name}.{port.name}", Slot.BASE, port.value, cell, port)
        yield from _of_cables(port, cell, port)
    if cell.maybe is not None:
        yield Place(f"{cell.name}.maybe", Slot.CHANCE, cell.maybe, cell)


def _of_cables(into: Port | Output, cell: Cell | None, port: Port | None) -> Iterator[Place]:
    head = f"{cell.name}.{into.name}" if cell else into.name
    for cable, label in labelled(into.cables):
        if cable.depth is not None:
            word = "gain" if cable.verb is Verb.FEED else "depth"
            yield Place(f"{head}[{label}].{word}", Slot.DEPTH, cable.depth, cell, port, cable)
        if cable.maybe is not None:
            yield Place(f"{head}[{label}].maybe", Slot.CHANCE, cable.maybe, cell, port, cable)


def labelled(cables: Iterable[Cable]) -> Iterator[tuple[Cable, str]]:
    """Cables with their labels: the source's name, and for a second one from there `name:2`."""
    seen: dict[str, int] = {}
    for cable in cables:
        count = seen[cable.source] = seen.get(cable.source, 0) + 1
        yield cable, cable.source if count == 1 else f"{cable.source}:{count}"


def is_knob(place: Place) -> bool:
    """Whether the number can differ between two sounds: learned, predicted, drawn from a prior, or a chance."""
    if place.slot is Slot.INPUT:
        return False
    return place.slot is Slot.CHANCE or place.value.role is not Role.FIXED or place.value.prior is not None

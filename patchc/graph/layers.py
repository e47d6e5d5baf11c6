"""Layers: written ones are checked, the others are inferred by the longest path; circles are named cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from patchc.graph.cycles import UpstreamOf, backward_path, components
from patchc.graph.model import Cell, Layer
from patchc.graph.report import MOST_LISTED, listed
from patchc.graph.resolve_cables import Edge
from patchc.graph.scope import Decl, Scope
from patchc.source.codes.layers import FeedbackCycle, HalfLayered, LaterLayer
from patchc.source.diagnostic import Label
from patchc.source.text import Span
from patchc.syntax import tree

# --- one definition: who may hear whom --------------------------------------------------------------------------------


def check_layers(scope: Scope, cells: Sequence[Decl], edges: Sequence[Edge], layers: Sequence[tree.Layer]) -> None:
    """Says which cables of a patch go against its layers, written or inferred. An instance counts as one cell."""
    if not layers:
        _check_order(scope, edges)
        return
    outside = next((decl for decl in cells if decl.layer is None), None)
    if outside is not None:
        label = Label(layers[0].name.span, "this patch writes its layers")
        scope.say(HalfLayered(span=outside.span, cell=outside.name, patch=scope.patch, labels=(label,)))
    for edge in edges:
        if edge.reader.layer is not None and edge.source.layer is not None and edge.reader.layer <= edge.source.layer:
            scope.say(_later(edge, edge.reader.layer, edge.source.layer, layers))


def _later(edge: Edge, reader: int, source: int, layers: Sequence[tree.Layer]) -> LaterLayer:
    name, count = layers[reader].name, len(layers)
    same = reader == source
    hint = "a cell cannot hear itself; for feedback use a cell with its own memory (`delay`)"
    if edge.reader is not edge.source:
        hint = f"put `{edge.source.name}` into a layer of its own above" if same else ""
    return LaterLayer(
        span=edge.span,
        reader=edge.reader.name,
        source=edge.source.name,
        relation="the same" if same else "a later",
        source_layer=layers[source].name.text,
        source_place=source + 1,
        layers=count,
        labels=(Label(name.span, f"`{edge.reader.name}` is in layer `{name.text}` ({reader + 1} of {count})"),),
        hint=hint,
    )


def _check_order(scope: Scope, edges: Sequence[Edge]) -> None:
    """Inferred layers: a circle is named once; any other cable from below comes too early."""
    backward = [edge for edge in edges if edge.source.order >= edge.reader.order]
    if not backward:
        return
    upstream_of: dict[int, list[int]] = {}
    for edge in edges:
        upstream_of.setdefault(edge.reader.order, []).append(edge.source.order)
    part = components(upstream_of)
    inner = {reader: [s for s in upstream if part[s] == part[reader]] for reader, upstream in upstream_of.items()}
    cables = {(edge.source.order, edge.reader.order): edge for edge in reversed(edges)}
    named: set[int] = set()
    for edge in backward:
        circle = part[edge.reader.order]
        if part[edge.source.order] != circle:
            scope.early(edge.span, edge.source)
        elif circle not in named:
            named.add(circle)
            scope.say(_circle(edge, cables, inner))


def _circle(closing: Edge, cables: Mapping[tuple[int, int], Edge], upstream_of: UpstreamOf) -> FeedbackCycle:
    """The circle that `closing` closes, from the cell it arrives at, in the direction of the sound."""
    way = backward_path(upstream_of, closing.source.order, closing.reader.order)
    steps = [cables[step] for step in pairwise(way)]
    names = [closing.reader.name, *(step.reader.name for step in steps), closing.reader.name]
    labels = tuple(Label(step.span, f"`{step.reader.name}` hears `{step.source.name}`") for step in steps[:MOST_LISTED])
    return FeedbackCycle(span=closing.span, circle=listed(names, " -> "), labels=labels)


# --- the flat graph: columns ------------------------------------------------------------------------------------------


def columns(cells: Sequence[tuple[Cell, int]], written: Sequence[tuple[str, Span]]) -> tuple[Layer, ...]:
    """The layers of unrolled cells, each given with the place of the written layer it is in (0 where none are).

    A cell's layer is one more than the latest thing it hears. Within a written layer the same rule makes further
    columns, which instances need: `filter`, `filter_2`, ...
    """
    depth: dict[str, int] = {}
    layer_of = {cell.name: layer for cell, layer in cells}
    grid: list[list[list[Cell]]] = [[] for _ in range(max(1, len(written)))]
    for cell, layer in cells:
        upstream = (cable.source for port in cell.ports for cable in port.cables)
        depth[cell.name] = place = 1 + max(
            (depth[s] for s in upstream if s in depth and layer_of[s] == layer), default=-1
        )
        while len(grid[layer]) <= place:
            grid[layer].append([])
        grid[layer][place].append(cell)
    if not written:
        return tuple(Layer(name=f"layer_{place + 1}", cells=tuple(column)) for place, column in enumerate(grid[0]))
    return tuple(_split(grid, written))


def _split(grid: Sequence[list[list[Cell]]], written: Sequence[tuple[str, Span]]) -> Iterator[Layer]:
    taken = {name for name, _ in written}
    for (name, span), columns in zip(written, grid, strict=True):
        for place, column in enumerate(columns or [[]]):
            yield Layer(name=_free(name, place, taken) if place else name, cells=tuple(column), span=span)


def _free(name: str, place: int, taken: set[str]) -> str:
    number = place + 1
    while f"{name}_{number}" in taken:
        number += 1
    taken.add(f"{name}_{number}")
    return f"{name}_{number}"

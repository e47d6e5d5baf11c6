"""Layers: written ones are checked, the others are inferred by the longest path; circles are named cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from patchc.graph.model import Cell, Layer
from patchc.graph.resolve_cables import Edge
from patchc.graph.scope import Decl, Scope
from patchc.source.codes.layers import Circle, HalfLayered, LaterLayer
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
    heard: dict[int, list[Edge]] = {}
    for edge in edges:
        heard.setdefault(id(edge.reader), []).append(edge)
    part = _components([edge.reader for edge in backward], heard)
    named: set[int] = set()
    for edge in backward:
        circle = part.get(id(edge.reader))
        if circle is None or circle != part.get(id(edge.source)):
            scope.early(edge.span, edge.source)
        elif circle not in named:
            named.add(circle)
            scope.say(_circle(edge, heard, part))


def _circle(closing: Edge, heard: Mapping[int, list[Edge]], part: Mapping[int, int]) -> Circle:
    """The shortest way from the cell that `closing` arrives at back to it, in the direction of the sound."""
    start, goal = closing.source, closing.reader
    way: dict[int, Edge] = {}  # the edge by which a cell was reached, walking against the sound from `closing.source`
    waiting = [start]
    for decl in waiting:
        if decl is goal:
            break
        for edge in heard.get(id(decl), ()):
            if part.get(id(edge.source)) == part[id(goal)] and id(edge.source) not in way and edge.source is not start:
                way[id(edge.source)] = edge
                waiting.append(edge.source)
    names, labels, decl = [goal.name], [], goal
    while decl is not start:
        edge = way[id(decl)]
        labels.append(Label(edge.span, f"`{edge.reader.name}` hears `{edge.source.name}`"))
        decl = edge.reader
        names.append(decl.name)
    return Circle(span=closing.span, circle=" -> ".join([*names, goal.name]), labels=tuple(labels))


def _components(starts: Iterable[Decl], heard: Mapping[int, list[Edge]]) -> dict[int, int]:
    """For each cell on a circle that can be reached from `starts`, the number of its strongly connected component.

    Tarjan's algorithm (1972), with its own stack instead of recursion.
    """
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    found: dict[int, int] = {}
    path: list[Decl] = []
    on_path: set[int] = set()
    for start in starts:
        if id(start) in index:
            continue
        calls: list[tuple[Decl, Iterator[Edge]]] = [(start, iter(()))]
        _enter(start, index, low, path, on_path, calls, heard)
        while calls:
            decl, edges = calls[-1]
            edge = next(edges, None)
            if edge is not None:
                if id(edge.source) not in index:
                    _enter(edge.source, index, low, path, on_path, calls, heard)
                elif id(edge.source) in on_path:
                    low[id(decl)] = min(low[id(decl)], index[id(edge.source)])
                continue
            calls.pop()
            if calls:
                low[id(calls[-1][0])] = min(low[id(calls[-1][0])], low[id(decl)])
            if low[id(decl)] == index[id(decl)]:
                _close(decl, path, on_path, found, heard)
    return found


def _enter(
    decl: Decl,
    index: dict[int, int],
    low: dict[int, int],
    path: list[Decl],
    on_path: set[int],
    calls: list[tuple[Decl, Iterator[Edge]]],
    heard: Mapping[int, list[Edge]],
) -> None:
    if calls and calls[0][0] is decl and id(decl) not in index:
        calls.clear()
    index[id(decl)] = low[id(decl)] = len(index)
    path.append(decl)
    on_path.add(id(decl))
    calls.append((decl, iter(heard.get(id(decl), ()))))


def _close(
    decl: Decl, path: list[Decl], on_path: set[int], found: dict[int, int], heard: Mapping[int, list[Edge]]
) -> None:
    """Takes a finished component off the path; one cell alone is a circle only if it hears itself."""
    members = []
    while not members or members[-1] is not decl:
        members.append(path.pop())
        on_path.discard(id(members[-1]))
    if len(members) > 1 or any(edge.source is decl for edge in heard.get(id(decl), ())):
        for member in members:
            found[id(member)] = len(found) and found.get(id(members[0]), len(found))


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
        heard = (cable.source for port in cell.ports for cable in port.cables)
        depth[cell.name] = place = 1 + max((depth[s] for s in heard if s in depth and layer_of[s] == layer), default=-1)
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

"""A graph as a picture of our own: a column for each layer, a box for each cell, a smooth cable for each connection.

The picture follows the reader's light or dark theme, brings its own background, and needs no script and no font file.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from patchc.graph.draw.letters import shortened, width
from patchc.graph.draw.look import STYLE
from patchc.graph.draw.scene import HEAD, ROW, Box, Column, Scene, scene
from patchc.graph.draw.way import way
from patchc.graph.model import Graph

_EDGE = 28.0  # between the drawing and the edge of the picture
_TOP = 104.0  # for the title and the names of the layers
_FOOT = 46.0  # for the key
_BAND = 16.0  # how far a layer's band reaches beyond its boxes
_LEAST = 560.0


def draw(graph: Graph) -> str:
    """A whole SVG document. Every box and cable has a tooltip that says it in words."""
    return "".join(f"{line}\n" for line in _lines(graph, scene(graph)))


def _lines(graph: Graph, made: Scene) -> Iterator[str]:
    wide = max(made.wide + 2 * (_EDGE + _BAND), _LEAST)
    high = made.high + _TOP + 2 * _BAND + _FOOT
    name = escape(graph.name, quote=True)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="patchc-graph" role="img" viewBox="0 0 {wide:.0f} {high:.0f}"'
        f' width="{wide:.0f}" height="{high:.0f}" aria-labelledby="graph-{name}-title graph-{name}-desc">'
    )
    yield f'<title id="graph-{name}-title">The patch {name}</title>'
    yield f'<desc id="graph-{name}-desc">{escape(_description(graph))}</desc>'
    yield f"<style>{STYLE}</style>"
    yield f'<rect class="ground" width="{wide:.0f}" height="{high:.0f}" rx="14"/>'
    yield from _title(graph, wide)
    left = (wide - made.wide) / 2
    yield f'<g transform="translate({left:.1f} {_TOP + _BAND:.1f})">'
    for column in made.columns:
        yield from _band(column, made.high)
    yield from _cables(made)
    for column in made.columns:
        for box in column.boxes:
            yield from _box(box, column)
    yield "</g>"
    yield from _key(made, wide, high)
    yield "</svg>"


def _description(graph: Graph) -> str:
    columns = "; ".join(
        f"{layer.name}: {', '.join(f'{cell.name} ({cell.type})' for cell in layer.cells)}" for layer in graph.layers
    )
    heard = ", ".join(item.name for item in graph.inputs) or "none"
    return (
        f"Inputs: {heard}. Layers from left to right: {columns}. Outputs: {', '.join(o.name for o in graph.outputs)}."
    )


def _title(graph: Graph, wide: float) -> Iterator[str]:
    yield f'<text class="title" x="{_EDGE:.0f}" y="40">{escape(shortened(graph.name, 60))}</text>'
    first = graph.doc.partition("\n")[0]
    room = int((wide - 2 * _EDGE) / (13 * 0.52))
    if first:
        text = first if len(first) <= room else f"{first[: room - 1]}…"
        yield f'<text class="doc" x="{_EDGE:.0f}" y="61">{escape(text)}</text>'


def _band(column: Column, high: float) -> Iterator[str]:
    """The ground a layer stands on, and its name above."""
    middle = column.x + column.wide / 2
    ends = all(box.end for box in column.boxes) and column.name in ("inputs", "outputs")
    if not ends:
        yield (
            f'<rect class="band" x="{column.x - _BAND:.1f}" y="{-_BAND:.1f}" width="{column.wide + 2 * _BAND:.1f}"'
            f' height="{high + 2 * _BAND:.1f}" rx="14"/>'
        )
    name = shortened(column.name, max(8, int((column.wide + 2 * _BAND) / 7.5)))
    yield f'<text class="layer" x="{middle:.1f}" y="{-_BAND - 9:.1f}">{escape(name)}</text>'


def _cables(made: Scene) -> Iterator[str]:
    """Sound lies on top of control, control on top of gates."""
    places = {id(node): column for column in made.columns for node in [box.node for box in column.boxes]}
    for kind in ("gate", "control", "audio"):
        for wire, source, target, nodes in made.cables:
            if wire.kind.value == kind:
                optional = " optional" if wire.optional else ""
                path = way(made.columns, nodes, places[id(source.node)], target, wire.port)
                yield f'<path class="cable {kind}{optional}" d="{path}"><title>{escape(wire.words)}</title></path>'


# --- boxes ------------------------------------------------------------------------------------------------------------


def _box(box: Box, column: Column) -> Iterator[str]:
    x = column.x + (0.0 if not box.end else (column.wide - box.wide) * (1.0 if column.name == "inputs" else 0.0))
    wide = box.wide if box.end else column.wide
    yield f'<g class="box {box.kind.value}" transform="translate({x:.1f} {box.node.y:.1f})">'
    yield f"<title>{escape(box.words)}</title>"
    yield from _end(box, column, wide) if box.end else _cell(box, wide)
    yield "</g>"


def _end(box: Box, column: Column, wide: float) -> Iterator[str]:
    """An input or output: a pill with its socket on the inner side."""
    is_input = column.name == "inputs"
    socket = wide if is_input else 0.0
    yield f'<rect class="end" width="{wide:.1f}" height="{box.node.height:.1f}" rx="{box.node.height / 2:.1f}"/>'
    x, y = wide / 2, box.node.out + 4.5
    yield f'<text class="name" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(box.name)}</text>'
    yield f'<circle class="socket" cx="{socket:.1f}" cy="{box.node.out:.1f}" r="4.5"/>'
    if box.tap:
        yield f'<circle class="tap" cx="{socket:.1f}" cy="{box.node.out:.1f}" r="8.5"/>'


def _cell(box: Box, wide: float) -> Iterator[str]:
    optional = " optional" if box.optional else ""
    yield f'<rect class="cell{optional}" width="{wide:.1f}" height="{box.node.height:.1f}" rx="10"/>'
    path = f'<tspan class="path">{escape(box.path)}</tspan>' if box.path else ""
    yield f'<text class="name" x="14" y="20">{path}{escape(box.name)}</text>'
    yield f'<text class="type" x="14" y="36">{escape(box.type)}</text>'
    right = wide - 12
    for role, count in reversed(box.pills):
        size = width(str(count), 10.5) + 13
        right -= size
        yield f'<rect class="pill {role}" x="{right:.1f}" y="25.5" width="{size:.1f}" height="14" rx="7"/>'
        yield f'<text class="count" x="{right + size / 2:.1f}" y="36.2">{count}</text>'
        right -= 5
    for place, port in enumerate(box.ports):
        y = HEAD + ROW * place + ROW / 2
        yield f'<circle class="port" cx="0" cy="{y:.1f}" r="3"/>'
        yield f'<text class="type" x="14" y="{y + 3.8:.1f}">{escape(port)}</text>'
    yield f'<circle class="socket" cx="{wide:.1f}" cy="{box.node.out:.1f}" r="4.5"/>'
    if box.tap:
        yield f'<circle class="tap" cx="{wide:.1f}" cy="{box.node.out:.1f}" r="8.5"/>'


# --- the key ----------------------------------------------------------------------------------------------------------


def _key(made: Scene, wide: float, high: float) -> Iterator[str]:
    """What the colours mean, of those that are there."""
    boxes = [box for column in made.columns for box in column.boxes]
    entries = [("line", kind) for kind in ("audio", "control", "gate") if _has_kind(made, kind)]
    entries += [("dash", "optional")] if any(wire.optional for wire, *_ in made.cables) else []
    roles = {role for box in boxes for role, _ in box.pills}
    entries += [("pill", role) for role in ("learn", "predict", "drawn") if role in roles]
    entries += [("ring", "tapped")] if any(box.tap for box in boxes) else []
    x, y = _EDGE, high - 22
    for mark, word in entries:
        yield from _mark(mark, word, x, y)
        yield f'<text class="key" x="{x + 32:.1f}" y="{y + 3.8:.1f}">{word}</text>'
        x += 32 + width(word, 11) + 20


def _has_kind(made: Scene, kind: str) -> bool:
    return any(wire.kind.value == kind for wire, *_ in made.cables)


def _mark(mark: str, word: str, x: float, y: float) -> Iterator[str]:
    match mark:
        case "line":
            yield f'<path class="cable {word}" d="M{x:.1f} {y:.1f}h24"/>'
        case "dash":
            yield f'<path class="cable plain optional" d="M{x:.1f} {y:.1f}h24"/>'
        case "pill":
            yield f'<rect class="pill {word}" x="{x + 3:.1f}" y="{y - 7:.1f}" width="20" height="14" rx="7"/>'
        case _:
            yield f'<circle class="socket plain" cx="{x + 13:.1f}" cy="{y:.1f}" r="4"/>'
            yield f'<circle class="tap" cx="{x + 13:.1f}" cy="{y:.1f}" r="8"/>'

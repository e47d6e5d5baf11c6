"""A graph in the DOT language, for Graphviz."""

from __future__ import annotations

from collections.abc import Iterator

from patchc.cells.spec import Kind
from patchc.graph.draw.cables import tapped, wires
from patchc.graph.model import Graph

_STYLE = {
    Kind.AUDIO: 'color="#3b6fd4"',
    Kind.CONTROL: 'color="#2a9d73"',
    Kind.GATE: 'color="#c2548f", penwidth=2',
}


def draw(graph: Graph) -> str:
    """Layers are columns; cables are coloured by kind, and dashed where they are not always there."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    ids: dict[str, str] = {}
    taps = tapped(graph)
    yield f"digraph {_text(graph.name)} {{"
    yield '  rankdir=LR; ranksep=1; node [shape=box, style=rounded, fontname="sans-serif"];'
    yield '  edge [fontname="sans-serif", fontsize=9];'
    yield "  { rank=source;"
    for number, item in enumerate(graph.inputs):
        ids[item.name] = f"i{number}"
        yield f"    i{number} [shape=plain, label={_text(item.name)}];"
    yield "  }"
    for column, layer in enumerate(graph.layers):
        yield f"  subgraph cluster_{column} {{ label={_text(layer.name)}; color=gray80;"
        for channel, cell in enumerate(layer.cells):
            ids[cell.name] = f"c{column}_{channel}"
            bold = ", penwidth=2.5" if cell.name in taps else ""
            yield f"    {ids[cell.name]} [label={_text(cell.name, cell.type)}{bold}];"
        yield "  }"
    outputs = {}
    yield "  { rank=sink;"
    for number, output in enumerate(graph.outputs):
        outputs[output.name] = f"o{number}"
        yield f"    o{number} [shape=plain, label={_text(output.name)}];"
    yield "  }"
    for wire in wires(graph):
        target = ids.get(wire.target, "") if wire.port else outputs.get(wire.target, "")
        if wire.source in ids and target:
            dashed = ", style=dashed" if wire.optional else ""
            yield f"  {ids[wire.source]} -> {target} [label={_text(wire.port)}, {_STYLE[wire.kind]}{dashed}];"
    yield "}"


def _text(*lines: str) -> str:
    """Lines as a quoted string of DOT."""
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'

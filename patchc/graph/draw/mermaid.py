"""A graph as a Mermaid flowchart, for pages that draw those."""

from __future__ import annotations

from collections.abc import Iterator

from patchc.cells.spec import Kind
from patchc.graph.draw.cables import tapped, wires
from patchc.graph.model import Cell, Graph

_ARROW = {Kind.AUDIO: "-->", Kind.CONTROL: "-.->", Kind.GATE: "==>"}


def draw(graph: Graph) -> str:
    """Layers are subgraphs; sound is a full line, control a dotted one, gates are thick; tapped cells are framed."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    ids: dict[str, str] = {}
    taps = tapped(graph)
    yield "flowchart LR"
    for number, item in enumerate(graph.inputs):
        ids[item.name] = f"i{number}"
        yield f'  i{number}(["{_text(item.name)}<br/><small>{item.kind}</small>"])'
    for column, layer in enumerate(graph.layers):
        yield f'  subgraph layer{column}["{_text(layer.name)}"]'
        for channel, cell in enumerate(layer.cells):
            ids[cell.name] = f"c{column}_{channel}"
            yield f"    {_cell(ids[cell.name], cell, cell.name in taps)}"
        yield "  end"
    outputs = {}
    for number, output in enumerate(graph.outputs):
        outputs[output.name] = f"o{number}"
        yield f'  o{number}(["{_text(output.name)}"])' + (":::tapped" if output.name in taps else "")
    for wire in wires(graph):
        target = ids.get(wire.target, "") if wire.port else outputs.get(wire.target, "")
        if wire.source in ids and target:
            label = "|".join(("", f'"{_text(wire.port)}{"?" * wire.optional}"', "")) if wire.port else ""
            yield f"  {ids[wire.source]} {_ARROW[wire.kind]}{label} {target}"
    yield "  classDef tapped stroke-width:3px"


def _cell(id_: str, cell: Cell, is_tapped: bool) -> str:
    return f'{id_}["{_text(cell.name)}<br/><small>{_text(cell.type)}</small>"]' + (":::tapped" if is_tapped else "")


def _text(text: str) -> str:
    """`text` as Mermaid takes it between quotes."""
    codes = {'"': "#quot;", "#": "#35;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "|": "#124;", "`": "#96;"}
    return "".join(codes.get(char, char) for char in text)

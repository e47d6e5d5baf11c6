"""The layers of a graph as columns of text, and below them what each cell hears."""

from __future__ import annotations

from collections.abc import Sequence

from patchc.graph.draw.table import aligned, table
from patchc.graph.model import Cable, Graph, Verb

_WIDEST = 110


def draw(graph: Graph) -> str:
    """Inputs on the left, a column for each layer, outputs on the right; then the cables, port by port."""
    heads, columns = [], []
    if graph.inputs:
        heads.append("inputs")
        columns.append(aligned([(item.name, item.kind.value) for item in graph.inputs]))
    for layer in graph.layers:
        heads.append(layer.name)
        columns.append(aligned([(cell.name, cell.type) for cell in layer.cells]))
    heads.append("outputs")
    columns.append([output.name for output in graph.outputs])
    return "\n".join([_headline(graph), table(heads, columns, _WIDEST), _cables(graph)])


def _headline(graph: Graph) -> str:
    cells, layers = len(graph.cells), len(graph.layers)
    counts = f"{cells} cell{'s' * (cells != 1)} in {layers} layer{'s' * (layers != 1)}"
    return f"{graph.name}: {counts}\n"


def _cables(graph: Graph) -> str:
    rows = [(f"{cell.name}.{port.name}", port.cables) for cell in graph.cells for port in cell.ports if port.cables]
    rows += [(output.name, output.cables) for output in graph.outputs]
    return "".join(f"{line}\n" for line in aligned([(name, _heard(cables)) for name, cables in rows]))


def _heard(cables: Sequence[Cable]) -> str:
    """`<- osc1, osc2?`: a `?` marks what is not always there."""
    groups = {verb: [_name(cable) for cable in cables if cable.verb is verb] for verb in Verb}
    return "  ".join(f"{verb.value} {', '.join(names)}" for verb, names in groups.items() if names)


def _name(cable: Cable) -> str:
    return cable.source + ("?" if cable.maybe is not None or cable.when else "")

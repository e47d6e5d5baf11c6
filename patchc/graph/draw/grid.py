"""The (channel, layer) matrix of a graph as text: the address of every cell."""

from __future__ import annotations

from itertools import zip_longest

from patchc.graph.draw.table import table
from patchc.graph.model import Graph

_WIDEST = 110


def draw(graph: Graph) -> str:
    """A row for each channel, a column for each layer, both counted from 0; a tap answers to `(channel, layer)`."""
    heads = [f"{place} {layer.name}" for place, layer in enumerate(graph.layers)]
    columns = [[f"{cell.name} ({cell.type})" for cell in layer.cells] for layer in graph.layers]
    rows = list(zip_longest(*columns, fillvalue="."))
    channels = [str(channel) for channel in range(len(rows))]
    filled = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in heads]
    return table(["channel", *heads], [channels, *filled], _WIDEST)

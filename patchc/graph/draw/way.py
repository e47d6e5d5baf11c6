"""The way of one cable as an SVG path: level through columns, a smooth curve between them."""

from __future__ import annotations

from collections.abc import Sequence

from patchc.graph.draw.layered import Node
from patchc.graph.draw.scene import Box, Column


def way(columns: Sequence[Column], nodes: Sequence[Node], start: Column, target: Box, port: str) -> str:
    """From the right side of the first node, through the columns between, to the left side of `target`."""
    x, y = start.x + start.wide, nodes[0].y + nodes[0].out
    parts = [f"M{x:.1f} {y:.1f}"]
    for node in nodes[1:-1]:
        column = columns[node.column]
        parts.append(_bend(x, y, column.x, node.y + node.out))
        x, y = column.x + column.wide, node.y + node.out
        parts.append(f"H{x:.1f}")
    parts.append(_bend(x, y, columns[nodes[-1].column].x, nodes[-1].y + target.port_height(port)))
    return "".join(parts)


def _bend(x: float, y: float, to_x: float, to_y: float) -> str:
    """A curve that leaves and arrives level."""
    if abs(to_y - y) < 0.5:
        return f"L{to_x:.1f} {to_y:.1f}"
    pull = (to_x - x) * 0.5
    return f"C{x + pull:.1f} {y:.1f} {to_x - pull:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"

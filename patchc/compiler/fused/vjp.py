"""Reverse-mode differentiation of an expression graph: gradients of nodes are nodes of the same graph."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from patchc.compiler.fused.nodes import COMPARISONS, Graph, Node, ancestors

Vjp = Callable[[Graph, Node, Node], Iterable[Node | None]]
"""From a node and the gradient for it to the gradients for its arguments."""


def gradients(seeds: Mapping[Node, Node], within: Callable[[Node], bool]) -> dict[Node, Node]:
    """The gradients for every node that is reached from `seeds` (gradients for some nodes) without leaving `within`.

    Nodes at the edge get their gradients, and pass nothing on.
    """
    total: dict[Node, Node] = dict(seeds)
    order = ancestors([node for node in seeds if within(node)], within)
    for node in reversed(order):
        if node in total and node.op in VJPS:
            graph = node.graph
            for arg, part in zip(node.args, VJPS[node.op](graph, node, total[node]), strict=True):
                if part is not None and arg.op != "const" and arg.op not in COMPARISONS:
                    total[arg] = graph.apply("add", total[arg], part) if arg in total else part
    return total


def _product(graph: Graph, node: Node, g: Node) -> list[Node]:
    a, b = node.args
    return [g * b, g * a]


def _quotient(graph: Graph, node: Node, g: Node) -> list[Node]:
    over = g / node.args[1]
    return [over, -(over * node)]


def _extreme(graph: Graph, node: Node, g: Node) -> list[Node]:
    """Where both are equal, each gets half, as in torch."""
    a, b = node.args
    first = graph.apply("lt" if node.op == "min" else "gt", a, b)
    tied = graph.apply("select", graph.apply("eq", a, b), 0.5, 0.0)
    share = graph.apply("select", first, 1.0, tied)
    return [g * share, g * (1.0 - share)]


def _held(graph: Graph, node: Node, g: Node) -> list[Node | None]:
    a, end = node.args
    inside = graph.apply("le" if node.op == "clamp_max" else "ge", a, end)
    return [graph.apply("select", inside, g, 0.0), None]


def _picked(graph: Graph, node: Node, g: Node) -> list[Node | None]:
    condition = node.args[0]
    return [None, graph.apply("select", condition, g, 0.0), graph.apply("select", condition, 0.0, g)]


def _cosine(graph: Graph, a: Node) -> Node:
    """By a sine that is there already, where one is a quarter of a cycle off."""
    ahead, behind = (graph.found("sine", graph.apply("add", a, quarter)) for quarter in (0.25, -0.25))
    if ahead is not None:
        return ahead
    return graph.apply("cosine", a) if behind is None else -behind


VJPS: dict[str, Vjp] = {
    "add": lambda graph, node, g: [g, g],
    "sub": lambda graph, node, g: [g, -g],
    "mul": _product,
    "div": _quotient,
    "min": _extreme,
    "max": _extreme,
    "clamp_max": _held,
    "clamp_min": _held,
    "select": _picked,
    "exp2": lambda graph, node, g: [g * node * math.log(2.0)],
    "log2": lambda graph, node, g: [g / (node.args[0] * math.log(2.0))],
    "sqrt": lambda graph, node, g: [g * 0.5 / node],
    "abs": lambda graph, node, g: [g * graph.apply("sign", node.args[0])],
    "sine": lambda graph, node, g: [g * _cosine(graph, node.args[0]) * (2 * math.pi)],
    "cosine": lambda graph, node, g: [g * graph.apply("sine", node.args[0]) * (-2 * math.pi)],
    "tanpi": lambda graph, node, g: [g * (1.0 + node * node) * math.pi],
    "tanh": lambda graph, node, g: [g * (1.0 - node * node)],
    "fract": lambda graph, node, g: [g],
    "snapped": lambda graph, node, g: [g],
}
"""Gradients of every operation that has one; what is held to a constant end has none for the end."""

"""Reverse-mode differentiation of an expression graph: gradients of nodes are nodes of the same graph."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from patchc.compiler.fused.nodes import COMPARISONS, Graph, Node, ancestors

Pull = Callable[[Graph, Node, Node], Iterable[Node | None]]
"""From a node and the gradient for it to the gradients for its arguments."""


def gradients(seeds: Mapping[Node, Node], within: Callable[[Node], bool]) -> dict[Node, Node]:
    """The gradients for every node that is reached from `seeds` (gradients for some nodes) without leaving `within`.

    Nodes at the edge get their gradients, and pass nothing on.
    """
    total: dict[Node, Node] = dict(seeds)
    order = ancestors([node for node in seeds if within(node)], within)
    for node in reversed(order):
        if node in total and node.op in PULLS:
            graph = node.graph
            for arg, part in zip(node.args, PULLS[node.op](graph, node, total[node]), strict=True):
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
    first = graph.apply("less" if node.op == "smaller" else "more", a, b)
    tied = graph.apply("pick", graph.apply("equal", a, b), 0.5, 0.0)
    share = graph.apply("pick", first, 1.0, tied)
    return [g * share, g * (1.0 - share)]


def _held(graph: Graph, node: Node, g: Node) -> list[Node | None]:
    a, end = node.args
    inside = graph.apply("at_most" if node.op == "hold_below" else "at_least", a, end)
    return [graph.apply("pick", inside, g, 0.0), None]


def _picked(graph: Graph, node: Node, g: Node) -> list[Node | None]:
    condition = node.args[0]
    return [None, graph.apply("pick", condition, g, 0.0), graph.apply("pick", condition, 0.0, g)]


def _cosine(graph: Graph, a: Node) -> Node:
    """By a sine that is there already, where one is a quarter of a cycle off."""
    ahead, behind = (graph.found("sine", graph.apply("add", a, quarter)) for quarter in (0.25, -0.25))
    if ahead is not None:
        return ahead
    return graph.apply("cosine", a) if behind is None else -behind


PULLS: dict[str, Pull] = {
    "add": lambda graph, node, g: [g, g],
    "sub": lambda graph, node, g: [g, -g],
    "mul": _product,
    "div": _quotient,
    "smaller": _extreme,
    "larger": _extreme,
    "hold_below": _held,
    "hold_above": _held,
    "pick": _picked,
    "exp2": lambda graph, node, g: [g * node * math.log(2.0)],
    "log2": lambda graph, node, g: [g / (node.args[0] * math.log(2.0))],
    "root": lambda graph, node, g: [g * 0.5 / node],
    "magnitude": lambda graph, node, g: [g * graph.apply("sign", node.args[0])],
    "sine": lambda graph, node, g: [g * _cosine(graph, node.args[0]) * (2 * math.pi)],
    "cosine": lambda graph, node, g: [g * graph.apply("sine", node.args[0]) * (-2 * math.pi)],
    "tangent": lambda graph, node, g: [g * (1.0 + node * node) * math.pi],
    "hyperbolic": lambda graph, node, g: [g * (1.0 - node * node)],
    "wrapped": lambda graph, node, g: [g],
    "snapped": lambda graph, node, g: [g],
}
"""Gradients of every operation that has one; what is held to a constant end has none for the end."""

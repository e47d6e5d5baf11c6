"""Circles in a graph: which nodes can reach each other, and the shortest way round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

UpstreamOf = Mapping[int, Sequence[int]]
"""For each node the nodes it hears."""


def components(hears: UpstreamOf) -> dict[int, int]:
    """A number for each node, equal for nodes that reach each other.

    The strongly connected components by Tarjan (1972), in linear time, with a list in place of recursion.
    """
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    part: dict[int, int] = {}
    path: list[int] = []
    for root in hears:
        work = [(root, 0)] if root not in index else []
        while work:
            node, seen = work.pop()
            if seen == 0:
                index[node] = low[node] = len(index)
                path.append(node)
            after = _next(node, seen, hears.get(node, ()), index, low, part)
            if after is not None:
                work += [(node, after), (hears[node][after - 1], 0)]
            elif low[node] == index[node]:
                _close(node, path, part)
    return part


def _next(
    node: int, seen: int, upstream: Sequence[int], index: dict[int, int], low: dict[int, int], part: dict[int, int]
) -> int | None:
    """One more than the place of the next child of `node` to visit; None when all are done."""
    for place in range(max(seen - 1, 0), len(upstream)):
        child = upstream[place]
        if child not in index:
            return place + 1
        if child not in part:
            low[node] = min(low[node], low[child])
    return None


def _close(node: int, path: list[int], part: dict[int, int]) -> None:
    number = len(part)
    while node not in part:
        part[path.pop()] = number


def backward_path(hears: UpstreamOf, start: int, goal: int) -> list[int]:
    """The shortest way from `goal` along the sound to `start`, both ends included; `start` must hear `goal` somehow."""
    towards: dict[int, int] = {start: start}
    waiting = [start]
    for node in waiting:
        if node == goal:
            break
        for child in hears.get(node, ()):
            if child not in towards:
                towards[child] = node
                waiting.append(child)
    way = [goal]
    while way[-1] != start:
        way.append(towards[way[-1]])
    return way

"""Places the boxes of a layered drawing: few crossings (barycentres), straight cables (least squares).

After Sugiyama, Tagawa and Toda 1981; the y-coordinates are isotonic regressions, column by column, until they settle.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

_SWEEPS = 12
_SETTLING = 48
_LANE = 14.0  # height that a cable passing through a column keeps free


@dataclass(eq=False)
class Node:
    """A box, or (`box` False) where a cable passes through a column. `out` is the height at which its cable leaves."""

    column: int
    height: float
    out: float = 0.0
    box: bool = True
    y: float = 0.0  # of the top
    before: list[tuple[Node, float]] = field(default_factory=list)  # left neighbours, and where their cable arrives
    after: list[tuple[Node, float]] = field(default_factory=list)  # right neighbours, and where the cable arrives there
    rank: int = 0

    @property
    def gap(self) -> float:
        return 18.0 if self.box else 6.0


@dataclass
class Drawing:
    """Columns of nodes, top to bottom, and for every cable the nodes it goes through."""

    columns: list[list[Node]]
    routes: list[list[Node]] = field(default_factory=list)
    _lanes: dict[tuple[int, int], Node] = field(default_factory=dict)

    def route(self, source: Node, target: Node, arrives: float) -> list[Node]:
        """Leads a cable from `source` to the height `arrives` of `target`; cables of one source share their way."""
        way = [source]
        for column in range(source.column + 1, target.column):
            lane = self._lanes.get((id(source), column))
            if lane is None:
                lane = Node(column, _LANE, _LANE / 2, box=False)
                self._lanes[(id(source), column)] = lane
                self.columns[column].append(lane)
                _join(way[-1], lane, lane.out)
            way.append(lane)
        _join(way[-1], target, arrives)
        way.append(target)
        self.routes.append(way)
        return way


def _join(left: Node, right: Node, arrives: float) -> None:
    left.after.append((right, arrives))
    right.before.append((left, arrives))


# --- order ------------------------------------------------------------------------------------------------------------


def order(drawing: Drawing) -> None:
    """Sorts every column so that few cables cross: sweeps to and fro, and the best order seen is kept."""
    columns = drawing.columns
    _number(columns)
    best, fewest = [list(column) for column in columns], crossings(columns)
    for sweep in range(_SWEEPS):
        forwards = sweep % 2 == 0
        for column in columns if forwards else reversed(columns):
            column.sort(key=lambda node: _barycentre(node, forwards))
            _number([column])
        _exchange(columns)
        count = crossings(columns)
        if count < fewest:
            best, fewest = [list(column) for column in columns], count
    drawing.columns[:] = best
    _number(drawing.columns)


def _number(columns: Sequence[Sequence[Node]]) -> None:
    for column in columns:
        for rank, node in enumerate(column):
            node.rank = rank


def _barycentre(node: Node, forwards: bool) -> float:
    near = node.before if forwards else node.after
    if not near:
        return float(node.rank)
    return sum(other.rank + (0.0 if forwards else 0.01 * height) for other, height in near) / len(near)


def _exchange(columns: Sequence[list[Node]]) -> None:
    """Swaps neighbours while that removes crossings; very tall columns are left as they are."""
    for column in columns:
        if len(column) > 60:
            continue
        for place in range(len(column) - 1):
            upper, lower = column[place], column[place + 1]
            if _between(lower, upper) < _between(upper, lower):
                column[place], column[place + 1] = lower, upper
                upper.rank, lower.rank = lower.rank, upper.rank


def _between(upper: Node, lower: Node) -> int:
    """Crossings of the cables of two neighbours in this order."""
    count = 0
    for near, far in ((upper.before, lower.before), (upper.after, lower.after)):
        count += sum(_end(a) > _end(b) for a in near for b in far)
    return count


def _end(end: tuple[Node, float]) -> tuple[int, float]:
    return end[0].rank, end[1]


def crossings(columns: Sequence[Sequence[Node]]) -> int:
    """How many pairs of cables cross between neighbouring columns."""
    count = 0
    for column in columns:
        ends: list[tuple[int, float]] = []
        for node in column:
            leaving = sorted((other.rank, height) for other, height in node.after)
            for end in leaving:
                count += len(ends) - bisect_left(ends, (end[0], end[1] + 1e-9))
            for end in leaving:
                ends.insert(bisect_left(ends, end), end)
    return count


# --- heights ----------------------------------------------------------------------------------------------------------


def settle(drawing: Drawing) -> float:
    """Gives every node its `y`, so that cables run straight where they can; the height of it all."""
    for column in drawing.columns:
        _stack(column)
    for sweep in range(_SETTLING):
        forwards = sweep % 2 == 0
        for column in drawing.columns if forwards else reversed(drawing.columns):
            preferred = [_preferred_place(node, forwards, sweep >= _SETTLING // 2) for node in column]
            _place(column, preferred)
    nodes = [node for column in drawing.columns for node in column]
    top = min((node.y for node in nodes), default=0.0)
    for node in nodes:
        node.y -= top
    return max((node.y + node.height for node in nodes), default=0.0)


def _stack(column: Sequence[Node]) -> None:
    """Boxes under each other, centred on zero."""
    total = sum(node.height + node.gap for node in column)
    y = -total / 2
    for node in column:
        node.y = y
        y += node.height + node.gap


def _preferred_place(node: Node, forwards: bool, both: bool) -> tuple[float, float]:
    """Where `node` would like to be, and how much it matters: passing cables insist, boxes give way."""
    ends = [(other.y + other.out - height, other.box) for other, height in node.before]
    behind = [(other.y + height - node.out, other.box) for other, height in node.after]
    used = ends + behind if both else (ends if forwards else behind) or ends or behind
    if not used:
        return node.y, 0.01
    weights = [1.0 if box or node.box else 8.0 for _, box in used]
    return sum(y * w for (y, _), w in zip(used, weights, strict=True)) / sum(weights), sum(weights)


def _place(column: Sequence[Node], preferred: Sequence[tuple[float, float]]) -> None:
    """The nearest places to the preferred ones that keep order and gaps: isotonic regression by pooling neighbours."""
    offsets, y = [], 0.0
    for node in column:
        offsets.append(y)
        y += node.height + node.gap
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for (wish, weight), offset in zip(preferred, offsets, strict=True):
        mean, total, count = wish - offset, weight, 1
        while pools and pools[-1][0] > mean:
            other, more, members = pools.pop()
            mean = (mean * total + other * more) / (total + more)
            total, count = total + more, count + members
        pools.append((mean, total, count))
    means = (mean for mean, _, count in pools for _ in range(count))
    for node, offset, mean in zip(column, offsets, means, strict=True):
        node.y = mean + offset

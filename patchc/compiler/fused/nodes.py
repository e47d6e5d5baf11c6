"""The expression graph a patch is traced into: nodes that do arithmetic, made once each, simplified as they are made.

A node is what a cell's `forward` computes with, in place of a tensor. It knows how often it changes: never
(`Rate.CONSTANT`), every control frame, or every sample.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from patchc.compiler.fused.simplify import FOLDS, SIMPLER
from patchc.compiler.plan import Rate

COMPARISONS = frozenset({"lt", "le", "gt", "ge", "eq"})

Number = float | int


class Untraceable(Exception):
    """A formula did something with a signal that cannot be put into a kernel; the message says what."""


@dataclass(eq=False)
class Node:
    """`op` of `args`. `value` is a constant's number, or which column, input or state a leaf stands for."""

    graph: Graph = field(repr=False)
    number: int
    op: str
    args: tuple[Node, ...]
    value: Any
    rate: Rate
    origin: str  # the cell it was first needed for

    # --- what a formula may do with a signal

    def __add__(self, other: Node | Number) -> Node:
        return self.graph.apply("add", self, other)

    def __radd__(self, other: Number) -> Node:
        return self.graph.apply("add", other, self)

    def __sub__(self, other: Node | Number) -> Node:
        return self.graph.apply("sub", self, other)

    def __rsub__(self, other: Number) -> Node:
        return self.graph.apply("sub", other, self)

    def __mul__(self, other: Node | Number) -> Node:
        return self.graph.apply("mul", self, other)

    def __rmul__(self, other: Number) -> Node:
        return self.graph.apply("mul", other, self)

    def __truediv__(self, other: Node | Number) -> Node:
        return self.graph.apply("div", self, other)

    def __rtruediv__(self, other: Number) -> Node:
        return self.graph.apply("div", other, self)

    def __neg__(self) -> Node:
        return self.graph.apply("mul", -1.0, self)

    def __lt__(self, other: Node | Number) -> Node:
        return self.graph.apply("lt", self, other)

    def __le__(self, other: Node | Number) -> Node:
        return self.graph.apply("le", self, other)

    def __gt__(self, other: Node | Number) -> Node:
        return self.graph.apply("gt", self, other)

    def __ge__(self, other: Node | Number) -> Node:
        return self.graph.apply("ge", self, other)

    def __eq__(self, other: object) -> Any:
        """With a number, sample by sample; between nodes, whether they are the same one."""
        return self.graph.apply("eq", self, other) if isinstance(other, int | float) else self is other

    __hash__ = object.__hash__

    def clamp(self, low: float | None = None, high: float | None = None, /, **ends: float) -> Node:
        """As torch's `clamp`."""
        low, high = ends.get("min", low), ends.get("max", high)
        held = self if low is None or low == -math.inf else self.graph.apply("clamp_min", self, low)
        return held if high is None or high == math.inf else self.graph.apply("clamp_max", held, high)

    def __bool__(self) -> bool:
        raise Untraceable("asks whether a signal is true; use `dsp.where`, which chooses sample by sample")

    def __float__(self) -> float:
        raise Untraceable("turns a signal into one number; a signal has a value for every sample")

    def __iter__(self) -> Iterator[Node]:
        raise Untraceable("goes through a signal sample by sample; memory belongs to primitives such as `dsp.onepole`")

    def __getitem__(self, place: object) -> Node:
        raise Untraceable("takes samples out of a signal; memory belongs to primitives such as `dsp.delay`")

    def __pow__(self, power: object) -> Node:
        raise Untraceable("raises a signal to a power; write `dsp.exp(power * dsp.log(x))`, or multiply")

    def __mod__(self, other: object) -> Node:
        raise Untraceable("takes a remainder; use `dsp.wrap`")

    def __getattr__(self, name: str) -> Any:
        raise Untraceable(f"uses `.{name}` of a signal, which only a tensor has")


@dataclass
class State:
    """A number a loop carries from tick to tick. It starts at zero, or in every frame at what `start` is there.

    A phase counts cycles: what comes next is the state plus `step`, and whole cycles do not count. A `finite` one is
    of a chain that forgets: it does not read itself.
    """

    rate: Rate
    node: Node
    following: Node | None = None
    step: Node | None = None
    start: Node | None = None
    finite: bool = False

    @property
    def is_phase(self) -> bool:
        return self.step is not None


class Graph:
    """All nodes of one region, each of which exists once, and the states its loops carry."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.states: list[State] = []
        self.precise: set[int] = set()  # nodes that float32 would not hold well enough
        self.origin = ""
        self.settled = False  # once loops are laid out, no new way from frames to samples may appear
        self._known: dict[tuple[Any, ...], Node] = {}

    # --- leaves

    def const(self, value: float) -> Node:
        return self._node("const", (), float(value), Rate.CONSTANT)

    def leaf(self, op: str, value: Any, rate: Rate) -> Node:
        return self._node(op, (), value, rate)

    def state(self, rate: Rate) -> State:
        made = State(rate, self._node("state", (), len(self.states), rate))
        self.states.append(made)
        return made

    # --- operations

    def apply(self, op: str, *operands: Node | Number) -> Node:
        """The node that does `op`, simplified. Raises `Untraceable` for an operand that is neither node nor number."""
        args = tuple(self._operand(one) for one in operands)
        if all(arg.op == "const" for arg in args) and op in FOLDS:
            return self.const(FOLDS[op](*(arg.value for arg in args)))
        simpler = SIMPLER[op](self, *args) if op in SIMPLER else None
        return simpler if simpler is not None else self.raw(op, *args)

    def raw(self, op: str, *args: Node) -> Node:
        """The node that does `op`, as it is."""
        rate = max((arg.rate for arg in args), default=Rate.CONSTANT)
        return self._node(op, args, None, Rate.AUDIO if op in ("line", "curve") else rate)

    def placed(self, frames: Node, marked: Node, exact: Node) -> Node:
        """`exact`, sample by sample, in frames that are `marked`, and in others lines between `frames`."""
        if exact.op == "line" and exact.args[0] is frames:
            return exact
        return self._node("placed", (frames, marked), exact.number, Rate.AUDIO)

    def found(self, op: str, *args: Node) -> Node | None:
        """The node that does `op`, if there is one."""
        rate = max(arg.rate for arg in args)
        return self._known.get((op, rate, None, *(arg.number for arg in args)))

    def _operand(self, operand: Any) -> Node:
        if isinstance(operand, Node):
            return operand
        if isinstance(operand, int | float):
            return self.const(operand)
        raise Untraceable(f"combines a signal with a {type(operand).__name__}")

    def _node(self, op: str, args: tuple[Node, ...], value: Any, rate: Rate) -> Node:
        key = (op, rate, value if op != "const" else repr(value), *(arg.number for arg in args))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Node(self, len(self.nodes), op, args, value, rate, self.origin)
            self.nodes.append(found)
        return found


def ancestors(roots: Iterable[Node], within: Callable[[Node], bool] = lambda _: True) -> list[Node]:
    """What `roots` are computed from, themselves included, in an order in which it can be computed.

    Nodes that are not `within` are left out, with all that only they need.
    """
    seen: set[int] = set()
    waiting = [node for node in roots if within(node)]
    while waiting:
        node = waiting.pop()
        if node.number not in seen:
            seen.add(node.number)
            waiting.extend(arg for arg in node.args if arg.number not in seen and within(arg))
    graph = next(iter(roots)).graph if seen else None
    return [graph.nodes[number] for number in sorted(seen)] if graph is not None else []

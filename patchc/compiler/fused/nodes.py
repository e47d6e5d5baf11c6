"""The expression graph a patch is traced into: nodes that do arithmetic, made once each, simplified as they are made.

A node is what a cell's `forward` computes with, in place of a tensor. It knows how often it changes: never
(`Rate.CONSTANT`), every control frame, or every sample.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from patchc.compiler.plan import Rate
from patchc.dsp.moments import NEAR

COMPARISONS = frozenset({"less", "at_most", "more", "at_least", "equal"})

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
        return self.graph.apply("less", self, other)

    def __le__(self, other: Node | Number) -> Node:
        return self.graph.apply("at_most", self, other)

    def __gt__(self, other: Node | Number) -> Node:
        return self.graph.apply("more", self, other)

    def __ge__(self, other: Node | Number) -> Node:
        return self.graph.apply("at_least", self, other)

    def __eq__(self, other: object) -> Any:
        """With a number, sample by sample; between nodes, whether they are the same one."""
        return self.graph.apply("equal", self, other) if isinstance(other, int | float) else self is other

    __hash__ = object.__hash__

    def clamp(self, low: float | None = None, high: float | None = None, /, **ends: float) -> Node:
        """As torch's `clamp`."""
        low, high = ends.get("min", low), ends.get("max", high)
        held = self if low is None or low == -math.inf else self.graph.apply("hold_above", self, low)
        return held if high is None or high == math.inf else self.graph.apply("hold_below", held, high)

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
        if name.startswith("__"):  # asked by Python itself, as when something is copied
            raise AttributeError(name)
        raise Untraceable(f"uses `.{name}` of a signal, which only a tensor has")


@dataclass
class State:
    """A number a loop carries from tick to tick. It starts at zero, or in every frame at what `start` is there.

    A `turn` counts cycles: what comes next is the state plus `step`, and whole cycles do not count. A `finite` one is
    of a chain that forgets: it does not hear itself.
    """

    rate: Rate
    node: Node
    following: Node | None = None
    step: Node | None = None
    start: Node | None = None
    finite: bool = False

    @property
    def turns(self) -> bool:
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


# --- constants, and rules that make a node simpler


def _quotient(a: float, b: float) -> float:
    return a / b if b else math.copysign(math.inf, a) if a else math.nan


def _exp2(x: float) -> float:
    return math.exp2(x) if x < 1024 else math.inf


FOLDS: dict[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": _quotient,
    "smaller": min,
    "larger": max,
    "hold_below": min,
    "hold_above": max,
    "exp2": _exp2,
    "log2": lambda x: math.log2(x) if x > 0 else -math.inf if x == 0 else math.nan,
    "sine": lambda x: math.sin(2 * math.pi * (x - round(x))),
    "cosine": lambda x: math.cos(2 * math.pi * (x - round(x))),
    "tangent": lambda x: math.tan(math.pi * x),
    "hyperbolic": math.tanh,
    "magnitude": abs,
    "root": lambda x: math.sqrt(x) if x >= 0 else math.nan,
    "wrapped": lambda x: x - math.floor(x),
    "snapped": lambda x: float(round(x)) if abs(x - round(x)) <= abs(round(x)) * NEAR else x,
    "sign": lambda x: float((x > 0) - (x < 0)),
}


def _is(node: Node, value: float) -> bool:
    return node.op == "const" and node.value == value


def _add(graph: Graph, a: Node, b: Node) -> Node | None:
    if _is(a, 0.0):
        return b
    if _is(b, 0.0):
        return a
    if b.op == "const" and a.op == "add" and a.args[1].op == "const":
        return graph.apply("add", a.args[0], a.args[1].value + b.value)
    if a.op == "const":
        return graph.apply("add", b, a)
    return _through_lines(graph, "add", a, b)


def _sub(graph: Graph, a: Node, b: Node) -> Node | None:
    if _is(b, 0.0):
        return a
    if a is b:
        return graph.const(0.0)
    if b.op == "const":
        return graph.apply("add", a, -b.value)
    return _through_lines(graph, "sub", a, b)


def _mul(graph: Graph, a: Node, b: Node) -> Node | None:
    if a.op == "const":
        a, b = b, a
    if b.op != "const":
        return _through_lines(graph, "mul", a, b) if Rate.CONSTANT in (a.rate, b.rate) else None
    if b.value == 1.0:
        return a
    if a.op == "mul" and a.args[1].op == "const":
        return graph.apply("mul", a.args[0], _whole(a.args[1].value * b.value))
    simpler = _through_lines(graph, "mul", a, b)
    return graph.raw("mul", a, b) if simpler is None else simpler


def _whole(factor: float) -> float:
    """A factor that only rounding keeps from a whole number, as that number."""
    near = math.isfinite(factor) and abs(factor - round(factor)) < 1e-15
    return float(round(factor)) if near else factor


def _div(graph: Graph, a: Node, b: Node) -> Node | None:
    if b.op == "const":
        return graph.apply("mul", a, 1.0 / b.value) if b.value not in (0.0, math.inf) else None
    if _is(a, 1.0):
        return None
    return graph.apply("mul", a, graph.apply("div", 1.0, b))  # once, however often something is divided by it


def _wrapped(graph: Graph, a: Node) -> Node | None:
    """A turn is wrapped already."""
    turns = a.op == "state" and graph.states[a.value].turns
    return a if turns or a.op == "wrapped" else None


def _through_lines(graph: Graph, op: str, a: Node, b: Node) -> Node | None:
    """What is done to straight lines between frames is done to their ends."""
    if graph.settled:
        return None
    if _straight(a) and _straight(b) and "line" in (a.op, b.op):
        ends = [one.args[0] if one.op == "line" else one for one in (a, b)]
        if op != "mul" or Rate.CONSTANT in (ends[0].rate, ends[1].rate):
            return graph.apply("line", graph.apply(op, *ends))
    return None


def _log2(graph: Graph, a: Node) -> Node | None:
    """A curve's logarithm is a line, and what is held to an end before is held to the end's logarithm after."""
    if graph.settled:
        return None
    if a.op == "curve":
        return graph.apply("line", graph.apply("log2", a.args[0]))
    if a.op in ("hold_above", "hold_below") and a.args[0].op == "curve" and a.args[1].value > 0:
        return graph.apply(a.op, graph.apply("log2", a.args[0]), math.log2(a.args[1].value))
    return None


def _straight(node: Node) -> bool:
    return node.op == "line" or node.rate is Rate.CONSTANT


def _held_rate(_: Graph, a: Node) -> Node | None:
    """What never changes needs no bringing to samples."""
    return a if a.rate is Rate.CONSTANT else None


def _where(_: Graph, condition: Node, a: Node, b: Node) -> Node | None:
    if condition.op == "const":
        return a if condition.value else b
    return a if a is b else None


SIMPLER: dict[str, Callable[..., Node | None]] = {
    "add": _add,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "line": _held_rate,
    "curve": _held_rate,
    "log2": _log2,
    "pick": _where,
    "wrapped": _wrapped,
}

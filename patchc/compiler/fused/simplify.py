"""What constants fold to, and the rules that make a node simpler as it is made."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from patchc.compiler.plan import Rate
from patchc.dsp.moments import NEAR

if TYPE_CHECKING:
    from patchc.compiler.fused.nodes import Graph, Node


def _quotient(a: float, b: float) -> float:
    return a / b if b else math.copysign(math.inf, a) if a else math.nan


def _exp2(x: float) -> float:
    return math.exp2(x) if x < 1024 else math.inf


FOLDS: dict[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": _quotient,
    "min": min,
    "max": max,
    "clamp_max": min,
    "clamp_min": max,
    "exp2": _exp2,
    "log2": lambda x: math.log2(x) if x > 0 else -math.inf if x == 0 else math.nan,
    "sine": lambda x: math.sin(2 * math.pi * (x - round(x))),
    "cosine": lambda x: math.cos(2 * math.pi * (x - round(x))),
    "tanpi": lambda x: math.tan(math.pi * x),
    "tanh": math.tanh,
    "abs": abs,
    "sqrt": lambda x: math.sqrt(x) if x >= 0 else math.nan,
    "fract": lambda x: x - math.floor(x),
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
    """A phase is wrapped already."""
    is_phase = a.op == "state" and graph.states[a.value].is_phase
    return a if is_phase or a.op == "fract" else None


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
    if a.op in ("clamp_min", "clamp_max") and a.args[0].op == "curve" and a.args[1].value > 0:
        return graph.apply(a.op, graph.apply("log2", a.args[0]), math.log2(a.args[1].value))
    return None


def _straight(node: Node) -> bool:
    return node.op == "line" or node.rate is Rate.CONSTANT


def _held_rate(_: Graph, a: Node) -> Node | None:
    """What never changes needs no bringing to samples."""
    return a if a.rate is Rate.CONSTANT else None


def _magnitude(_: Graph, a: Node) -> Node | None:
    """A curve, and what is held above zero, is its own magnitude."""
    held = a.op == "clamp_min" and a.args[1].op == "const" and a.args[1].value >= 0
    return a if a.op == "curve" or held else None


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
    "abs": _magnitude,
    "select": _where,
    "fract": _wrapped,
}

"""The machine of cells, and the clock of wirings, on nodes in place of tensors: playing a patch writes its graph."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from patchc.compiler.expr import Op
from patchc.compiler.fused.hops import hop_sum
from patchc.compiler.fused.nodes import Graph, Node, Untraceable
from patchc.compiler.plan import Rate
from patchc.compiler.timed import LN_2, Clock, Timed
from patchc.dsp.machine import Dsp, Signal

TWO_PI = 2 * math.pi
LOG2_E = 1 / LN_2


class BlockCell(Exception):
    """The cell works on blocks of sound by nature: it is run by itself, between two kernels."""


class TraceDsp(Dsp):
    """One cell's view of a run that is being written down.

    `rate` in ticks a second, `hop` samples to a frame, `span` samples from tick to tick.
    """

    def __init__(self, graph: Graph, clock: Rate, rate: float, hop: int, key: int, span: int = 1) -> None:
        self.graph = graph
        self.clock = clock
        self.rate = rate
        self.hop = hop
        self.key = key
        self.span = span

    def tensor(self, x: Signal) -> Node:
        """A node as it is; a number as a constant."""
        if isinstance(x, Node):
            return x
        if isinstance(x, int | float):
            return self.graph.const(x)
        raise Untraceable(f"gives a {type(x).__name__} where a signal is wanted")

    # --- functions

    def sin(self, x: Signal) -> Node:
        return self.graph.apply("sine", self.tensor(x) * (1 / TWO_PI))

    def cos(self, x: Signal) -> Node:
        return self.graph.apply("cosine", self.tensor(x) * (1 / TWO_PI))

    def tan(self, x: Signal) -> Node:
        return self.graph.apply("tangent", self.tensor(x) * (1 / math.pi))

    def tanh(self, x: Signal) -> Node:
        return self.graph.apply("hyperbolic", x)

    def exp(self, x: Signal) -> Node:
        return self.graph.apply("exp2", self.tensor(x) * LOG2_E)

    def log(self, x: Signal) -> Node:
        return self.graph.apply("log2", x) * LN_2

    def sqrt(self, x: Signal) -> Node:
        return self.graph.apply("root", x)

    def abs(self, x: Signal) -> Node:
        return self.graph.apply("magnitude", x)

    def minimum(self, a: Signal, b: Signal) -> Node:
        return self.graph.apply("smaller" if isinstance(b, Node) else "hold_below", self.tensor(a), b)

    def maximum(self, a: Signal, b: Signal) -> Node:
        return self.graph.apply("larger" if isinstance(b, Node) else "hold_above", self.tensor(a), b)

    def where(self, condition: Signal, a: Signal, b: Signal) -> Node:
        return self.graph.apply("pick", condition, a, b)

    def wrap(self, x: Signal) -> Node:
        return self.graph.apply("wrapped", x)

    def sine(self, turn: Signal) -> Node:
        return self.graph.apply("sine", turn)

    # --- primitives

    def time(self) -> Node:
        return self.graph.leaf("tick", None, self.clock) * (1 / self.rate)

    def since(self, moment: Signal) -> Node:
        rate = self.rate * self.span
        begun = self.graph.apply("snapped", self.tensor(moment) * rate)
        passed = (self.graph.leaf("tick", None, self.clock) * float(self.span) - begun) * (1 / rate)
        self.graph.precise.add(passed.number)
        return passed

    def phase(self, freq: Signal) -> Node:
        """A turn that is counted from frame to frame where its frequency allows, so that no frame waits for another."""
        step = self.tensor(freq) * (1 / self.rate)
        if step.rate is Rate.CONSTANT:
            return self._steady(step)
        travelled = None if self.clock is Rate.CONTROL else hop_sum(self.graph, step, self.hop)
        start = None if travelled is None else self._turn_of(travelled, Rate.CONTROL, None)
        return self._turn(step, start)

    def _steady(self, step: Node) -> Node:
        hop = self.hop if self.clock is Rate.AUDIO else 1
        start = self.graph.apply("wrapped", self.graph.leaf("tick", None, Rate.CONTROL) * (step * float(hop)))
        self.graph.precise.add(start.number)
        return start if self.clock is Rate.CONTROL else self._turn(step, start)

    def _turn(self, step: Node, start: Node | None) -> Node:
        return self._turn_of(step, self.clock, start)

    def _turn_of(self, step: Node, clock: Rate, start: Node | None) -> Node:
        for state in self.graph.states:
            if (state.rate, state.step, state.start) == (clock, step, start):
                return state.node
        state = self.graph.state(clock)
        state.step, state.start = step, start
        return state.node

    def noise(self) -> Node:
        return self.graph.leaf("noise", self.key, self.clock)

    def onepole(self, x: Signal, pole: Signal) -> Node:
        x, away, state = self.tensor(x), self.graph.apply("sub", 1.0, pole), self.graph.state(self.clock)
        self.graph.precise.add(away.number)  # one minus nearly one
        state.following = state.node + away * (x - state.node)
        return state.following

    def svf(self, x: Signal, g: Signal, k: Signal) -> tuple[Node, Node, Node]:
        x, g, k = self.tensor(x), self.tensor(g), self.tensor(k)
        one, two = self.graph.state(self.clock), self.graph.state(self.clock)
        damping, whole = g * (g + k), one.node + g * (x - two.node)
        share = 1 / (1 + damping)
        slow = damping < 1.0  # a factor near one, rounded, would detune low cutoffs: what it takes away is subtracted
        band = self.where(slow, whole, 0.0) + self.where(slow, -(damping * share), share) * whole
        move = g * band
        low = two.node + move
        one.following = band + band - one.node
        two.following = low + move
        return low, band, x - k * band - low

    def delay(self, *_: Any, **__: Any) -> Node:
        raise BlockCell

    def partials(self, *_: Any) -> Node:
        raise BlockCell

    def shaped_noise(self, *_: Any) -> Node:
        raise BlockCell

    def reverberate(self, *_: Any) -> Node:
        raise BlockCell


class Algebra:
    """`exp` and `log` as ranges and choices ask them of `math` or `torch`."""

    @staticmethod
    def exp(x: Node) -> Node:
        return x.graph.apply("exp2", x * LOG2_E)

    @staticmethod
    def log(x: Node) -> Node:
        return x.graph.apply("log2", x) * LN_2


@dataclass(frozen=True)
class TraceClock(Clock):
    """A clock whose signals are nodes of `graph`. How long the sound is, a kernel learns when it is called."""

    graph: Graph

    @property
    def lib(self) -> Any:
        return Algebra

    def tensor(self, value: Timed) -> Any:
        return value.data if isinstance(value.data, Node) else self.graph.const(float(value.data))

    def at(self, value: Timed, rate: Rate, log: bool = False) -> Timed:
        if value.rate in (Rate.CONSTANT, rate) or not isinstance(value.data, Node):
            return value
        if rate is Rate.CONTROL:
            raise BlockCell  # reads samples of a sound
        return value._replace(data=self.graph.apply("curve" if log else "line", value.data), rate=rate)

    def arithmetic(self, op: Op, left: Any, right: Any) -> Any:
        match op:
            case Op.RAISE:
                return left * self.exp(right, LN_2)
            case Op.LOWER:
                return left * self.exp(right, -LN_2)
        return super().arithmetic(op, left, right)

    def exp(self, value: Any, scale: float) -> Any:
        return Algebra.exp(value * scale) if isinstance(value, Node) else super().exp(value, scale)


def normalised(weights: Sequence[Node]) -> list[Node]:
    """As `patchc.compiler.settings.normalised`, one node a weight."""
    graph = weights[0].graph
    positive = [weight.clamp(0.0) for weight in weights]
    total = positive[0]
    for one in positive[1:]:
        total = total + one
    some = total > 0.0
    safe = graph.apply("pick", some, total, 1.0)
    return [graph.apply("pick", some, one / safe, 1.0 / len(weights)) for one in positive]

"""The `Dsp` of cells, and the run context of wirings, on nodes in place of tensors: playing a patch writes its
graph."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from patchc.compiler.between import BENDS, LEAST, Between
from patchc.compiler.expr import Op
from patchc.compiler.fused.hops import hop_sum
from patchc.compiler.fused.nodes import Graph, Node, Untraceable
from patchc.compiler.plan import Rate
from patchc.compiler.signals import LN_2, RatedSignal, RunContext
from patchc.dsp.dsp import Dsp, Signal
from patchc.dsp.timekeeping import Timekeeping

TWO_PI = 2 * math.pi
LOG2_E = 1 / LN_2


class BlockCell(Exception):
    """The cell works on blocks of sound by nature: it is run by itself, between two kernels."""


class TraceDsp(Dsp):
    """One cell's view of a run that is being written down.

    Its ticks are those of `clock`, at `sample_rate` with a frame every `hop` samples. `rate` is the cell's own: that of
    frames for control cells, though they may be written down for every sample.
    """

    def __init__(self, graph: Graph, clock: Rate, rate: float, sample_rate: float, hop: int, key: int) -> None:
        self.graph = graph
        self.clock = clock
        self.rate = rate
        self.hop = hop
        self.key = key
        self.sample_rate = sample_rate
        self.span = 1 if clock is Rate.AUDIO else hop

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
        return self.graph.apply("tanpi", self.tensor(x) * (1 / math.pi))

    def tanh(self, x: Signal) -> Node:
        return self.graph.apply("tanh", x)

    def exp(self, x: Signal) -> Node:
        return self.graph.apply("exp2", self.tensor(x) * LOG2_E)

    def log(self, x: Signal) -> Node:
        return self.graph.apply("log2", x) * LN_2

    def sqrt(self, x: Signal) -> Node:
        return self.graph.apply("sqrt", x)

    def abs(self, x: Signal) -> Node:
        return self.graph.apply("abs", x)

    def minimum(self, a: Signal, b: Signal) -> Node:
        return self.graph.apply("min" if isinstance(b, Node) else "clamp_max", self.tensor(a), b)

    def maximum(self, a: Signal, b: Signal) -> Node:
        return self.graph.apply("max" if isinstance(b, Node) else "clamp_min", self.tensor(a), b)

    def where(self, condition: Signal, a: Signal, b: Signal) -> Node:
        return self.graph.apply("select", condition, a, b)

    def wrap(self, x: Signal) -> Node:
        return self.graph.apply("fract", x)

    def sine(self, phase: Signal) -> Node:
        return self.graph.apply("sine", phase)

    # --- primitives

    def time(self) -> Node:
        return self.graph.leaf("tick", None, self.clock) * (self.span / self.sample_rate)

    def since(self, moment: Signal) -> Node:
        begun = self.graph.apply("snapped", self.tensor(moment) * self.sample_rate)
        passed = (self.graph.leaf("tick", None, self.clock) * float(self.span) - begun) * (1 / self.sample_rate)
        self.graph.precise.add(passed.number)
        return passed

    def phase(self, freq: Signal) -> Node:
        """A phase that is counted from frame to frame where its frequency allows, so that no frame waits for
        another."""
        step = self.tensor(freq) * (1 / self.rate)
        if step.rate is Rate.CONSTANT:
            return self._steady(step)
        travelled = None if self.clock is Rate.CONTROL else hop_sum(self.graph, step, self.hop)
        start = None if travelled is None else self._phase_of(travelled, Rate.CONTROL, None)
        return self._phase_state(step, start)

    def _steady(self, step: Node) -> Node:
        hop = self.hop if self.clock is Rate.AUDIO else 1
        start = self.graph.apply("fract", self.graph.leaf("tick", None, Rate.CONTROL) * (step * float(hop)))
        self.graph.precise.add(start.number)
        return start if self.clock is Rate.CONTROL else self._phase_state(step, start)

    def _phase_state(self, step: Node, start: Node | None) -> Node:
        return self._phase_of(step, self.clock, start)

    def _phase_of(self, step: Node, clock: Rate, start: Node | None) -> Node:
        for state in self.graph.states:
            if (state.rate, state.step, state.start) == (clock, step, start):
                return state.node
        state = self.graph.state(clock)
        state.step, state.start = step, start
        return state.node

    def noise(self) -> Node:
        return self.graph.leaf("noise", self.key, self.clock)

    def before(self, x: Signal) -> Node:
        for known in self.graph.states:
            if known.following is x and known.rate is self.clock:
                return known.node  # what a filter remembers is not remembered twice
        state = self.graph.state(self.clock)
        state.following, state.finite = self.tensor(x), True
        return state.node

    def onepole(self, x: Signal, pole: Signal) -> Node:
        x, away, state = self.tensor(x), self.graph.apply("sub", 1.0, pole), self.graph.state(self.clock)
        self.graph.precise.add(away.number)  # one minus nearly one
        state.following = state.node + away * (x - state.node)
        return state.following

    def svf(self, x: Signal, g: Signal, k: Signal) -> tuple[Node, Node, Node]:
        x, g, k = self.tensor(x), self.tensor(g), self.tensor(k)
        one, two = self.graph.state(self.clock), self.graph.state(self.clock)
        damping = g * (g + k)
        slow = damping < 1.0
        # States move by little at low cutoffs: what moves them is added last, so that each is rounded once a sample.
        kept, taken = self.where(slow, 1.0, 0.0), self.where(slow, -damping, 1.0)
        rise = (g * (x - two.node) + taken * one.node) * (1 / (1 + damping))
        band = kept * one.node + rise
        move = g * band
        low = two.node + move
        one.following = (kept + kept - 1) * one.node + (rise + rise)
        two.following = two.node + (move + move)
        return low, band, x - k * band - low

    def delay(self, *_: Any, **__: Any) -> Node:
        raise BlockCell

    def partials(self, *_: Any) -> Node:
        raise BlockCell

    def shaped_noise(self, *_: Any) -> Node:
        raise BlockCell

    def reverberate(self, *_: Any) -> Node:
        raise BlockCell


class FrameTrace(Timekeeping, TraceDsp):
    """The machine of control cells.

    Between frames, what an envelope does next is decided in double precision: at the same sample as in plain torch.
    """

    def minimum(self, a: Signal, b: Signal) -> Node:
        self._decide(self.tensor(a) < b)
        return super().minimum(a, b)

    def maximum(self, a: Signal, b: Signal) -> Node:
        self._decide(self.tensor(a) > b)
        return super().maximum(a, b)

    def where(self, condition: Signal, a: Signal, b: Signal) -> Node:
        self._decide(condition)
        return super().where(condition, a, b)

    def _decide(self, condition: Signal) -> None:
        if self.timed and self.clock is Rate.AUDIO and isinstance(condition, Node):
            self.graph.precise.add(condition.number)


class Algebra:
    """`exp` and `log` as ranges and choices ask them of `math` or `torch`."""

    @staticmethod
    def exp(x: Node) -> Node:
        return x.graph.apply("exp2", x * LOG2_E)

    @staticmethod
    def log(x: Node) -> Node:
        return x.graph.apply("log2", x) * LN_2


@dataclass(frozen=True)
class TraceContext(RunContext):
    """A clock whose signals are nodes of `graph`. How long the sound is, a kernel learns when it is called."""

    graph: Graph

    @property
    def lib(self) -> Any:
        return Algebra

    def tensor(self, value: RatedSignal) -> Any:
        return value.data if isinstance(value.data, Node) else self.graph.const(float(value.data))

    def frames_of(self, signal: Any) -> Any:
        if signal.rate is Rate.CONSTANT:
            return signal
        raise BlockCell  # reads samples of a sound

    def lines(self, frames: Any, log: bool = False) -> Any:
        return self.graph.apply("curve" if log else "line", frames)

    def placed(self, frames: Any, between: Between) -> Any:
        marks = sorted(between.marks, key=lambda mark: int(mark.number))
        marked = reduce(lambda one, other: self.graph.apply("max", one, other), marks)
        return self.graph.placed(frames, marked, between.samples)

    def mark(self, moments: Sequence[Any], signal: Any) -> Any:
        """One where a frame is marked, else zero; in double precision, so that it is as in plain torch."""
        looks = ("behind", "ahead", "beyond")
        before, after, beyond = (self.graph.leaf(op, signal.number, Rate.CONTROL) for op in looks)
        marked = self._bending(before, signal, after, self._bending(signal, after, beyond, self.graph.const(0.0)))
        for moment in moments:
            marked = self._holds(moment, marked)
        self.graph.precise.add(marked.number)
        return marked

    def _bending(self, before: Node, here: Node, after: Node, other: Node) -> Node:
        """One where a signal bends too far, else `other`."""
        bent = self._size(before + after - here * 2.0) > self._size(here) * BENDS + LEAST
        return self.graph.apply("select", bent, 1.0, other)

    def _holds(self, moment: Any, other: Node) -> Node:
        """One where a moment lies between a frame and the next one, else `other`."""
        seconds = moment if isinstance(moment, Node) else self.graph.const(moment)
        begun = self.graph.apply("snapped", seconds * self.sample_rate)
        ahead = begun - self.graph.leaf("tick", None, Rate.CONTROL) * float(self.hop)
        near = self.graph.apply("select", ahead <= float(self.hop), 1.0, other)
        return self.graph.apply("select", ahead > 0.0, near, other)

    def _size(self, x: Node) -> Node:
        return self.graph.apply("abs", x)

    def rate_of(self, signal: Any, rate: Rate) -> Rate:
        return Rate.CONSTANT if signal.rate is Rate.CONSTANT else rate

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
    safe = graph.apply("select", some, total, 1.0)
    return [graph.apply("select", some, one / safe, 1.0 / len(weights)) for one in positive]

"""Parts of a plan that become one kernel each, and how they are traced: cells between cells that work on blocks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from patchc.cells.cell import Cell
from patchc.cells.spec import Kind
from patchc.compiler.fused.nodes import Graph, Node
from patchc.compiler.fused.program import Program
from patchc.compiler.fused.refusal import refused
from patchc.compiler.fused.tracing import Algebra, BlockCell, FrameTrace, TraceContext, TraceDsp, normalised
from patchc.compiler.knobs import Knob
from patchc.compiler.plan import EvenPort, KnobPort, OutputPlan, Plan, Rate, Step
from patchc.compiler.player import run_step
from patchc.compiler.ports import Wiring
from patchc.compiler.signals import RatedSignal
from patchc.dsp.dsp import Gate
from patchc.units.domain import Choice

Place = tuple[Any, ...]
"""Where a leaf's number comes from: `("settings", column)`, `("given", name, entry)`, `("gate", name, "on")`, ..."""


@dataclass(frozen=True)
class Form:
    """What a call hands over, apart from the numbers themselves: a kernel is made for one form.

    `settings` says how knobs that nobody names come: not at all (each is where it starts), as learned numbers, or as a
    matrix, constant or at control rate. `given` are names with the rate they come at.
    """

    settings: str  # "none", "learned", "constant" or "control"
    given: tuple[tuple[str, Rate], ...] = ()
    audio: tuple[str, ...] = ()

    @property
    def rates(self) -> dict[str, Rate]:
        return dict(self.given)


@dataclass
class Sources:
    """The leaves of one region: which numbers of a call stand in which column or row."""

    graph: Graph
    rows: dict[str, dict[Place, int]] = field(default_factory=lambda: {"column": {}, "control_in": {}, "audio_in": {}})

    def leaf(self, op: str, place: Place, rate: Rate) -> Node:
        rows = self.rows[op]
        return self.graph.leaf(op, rows.setdefault(place, len(rows)), rate)

    def number(self, place: Place, rate: Rate) -> Node:
        return self.leaf("column" if rate is Rate.CONSTANT else "control_in", place, rate)

    def settle(self) -> None:
        """Puts columns in the order in which they lie where they come from: then they are handed on as they are."""
        met = list(self.rows["column"])
        self.rows["column"] = {place: column for column, place in enumerate(sorted(met))}
        for node in self.graph.nodes:
            if node.op == "column":
                node.value = self.rows["column"][met[node.value]]

    def places(self, op: str) -> tuple[Place, ...]:
        return tuple(self.rows[op])


class TracedNumbers:
    """The numbers of a call as leaves: by name, else from the settings, else learned, else the default."""

    def __init__(self, plan: Plan, learned: Collection[str], form: Form, sources: Sources) -> None:
        self._knobs: Mapping[str, Knob] = {knob.name: knob for knob in plan.knobs}
        self._defaults = plan.defaults
        self._learned = learned
        self._form = form
        self._sources = sources
        self._known: dict[str, RatedSignal] = {}
        self._weights: dict[str, tuple[list[Node], Rate]] = {}

    def number(self, name: str) -> RatedSignal:
        if name not in self._known:
            self._known[name] = self._number(name)
        return self._known[name]

    def weight(self, name: str, member: str) -> RatedSignal:
        domain = self._knobs[name].domain
        assert isinstance(domain, Choice)
        if member not in domain.members:
            return RatedSignal(0.0)
        if name not in self._weights:
            self._weights[name] = self._choice(self._knobs[name])
        weights, rate = self._weights[name]
        return RatedSignal(weights[domain.members.index(member)], rate)

    def _number(self, name: str) -> RatedSignal:
        if name in self._form.rates:
            rate = self._form.rates[name]
            return RatedSignal(self._sources.number(("given", name, 0), rate), rate)
        if name not in self._knobs:
            if name not in self._defaults:  # has to be given; only a trial does without
                return RatedSignal(self._sources.number(("given", name, 0), Rate.CONSTANT))
            return RatedSignal(self._defaults[name])
        knob = self._knobs[name]
        if knob.vector or isinstance(knob.domain, Choice):
            raise BlockCell  # a vector belongs to a cell that works on blocks
        return self._knob(knob)

    def _knob(self, knob: Knob) -> RatedSignal:
        positions, rate = self._positions(knob)
        value = natural_node(knob, positions[0])
        return RatedSignal(value, rate)

    def _choice(self, knob: Knob) -> tuple[list[Node], Rate]:
        if knob.name in self._form.rates:
            rate = self._form.rates[knob.name]
            return [self._sources.number(("given", knob.name, k), rate) for k in range(knob.width)], rate
        positions, rate = self._positions(knob)
        return normalised(positions), rate

    def _stays(self, knob: Knob) -> bool:
        return self._form.settings == "none" or (self._form.settings == "learned" and knob.name not in self._learned)

    def _positions(self, knob: Knob) -> tuple[list[Node], Rate]:
        if self._stays(knob):
            places: list[Place] = [("start", column) for column in range(knob.start, knob.start + knob.width)]
            return [self._sources.number(place, Rate.CONSTANT) for place in places], Rate.CONSTANT
        rate = Rate.CONTROL if self._form.settings == "control" else Rate.CONSTANT
        columns = range(knob.start, knob.start + knob.width)
        return [self._sources.number(("settings", column), rate) for column in columns], rate


def natural_node(knob: Knob, position: Node) -> Node:
    """As `patchc.compiler.settings.natural`, for one number."""
    domain: Any = knob.domain
    held = position.clamp(0.0) if domain.curve == "pow" else position
    value: Node = domain.value(held, Algebra)
    return value


@dataclass(frozen=True)
class Region:
    """Cells that one kernel plays, and what it hands on: signals of `audio` and `control` cells, and of outputs."""

    steps: tuple[Step, ...]
    audio: tuple[str, ...]
    control: tuple[str, ...]
    outputs: tuple[OutputPlan, ...] = ()


Chunk = tuple[Place, int, int]
"""Neighbouring columns of one tensor: which, the first, and the one after the last."""


@dataclass(frozen=True)
class Traced:
    """A region written down: its program, and where the numbers of its leaves come from."""

    program: Program
    columns: tuple[Chunk, ...]
    control_in: tuple[Place, ...]
    audio_in: tuple[Place, ...]


def chunks(places: Sequence[Place]) -> tuple[Chunk, ...]:
    """Places of columns in chunks: `("settings", 3), ("settings", 4)` is one of `("settings",)`."""
    found: list[Chunk] = []
    for place in places:
        source, column = (place, 0) if place[0] == "gate" else (place[:-1], place[-1])
        if found and found[-1][0] == source and found[-1][2] == column:
            found[-1] = (source, found[-1][1], column + 1)
        else:
            found.append((source, column, column + 1))
    return tuple(found)


class Tracer:
    """Plays regions of a plan on nodes."""

    def __init__(
        self, plan: Plan, cells: Mapping[str, Cell], keys: Mapping[str, int], learned: Collection[str]
    ) -> None:
        self._plan = plan
        self._cells = cells
        self._keys = keys
        self._learned = learned
        self.between: frozenset[str] = frozenset()  # control cells that are more than their frames: see `blocks`

    def upstream(self, direct: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
        """Which cells a cell is made of where those that are more than their frames are written down once more."""
        found: dict[str, frozenset[str]] = {}
        for step in self._plan.steps:
            behind = (found[name] for name in direct[step.cell] if name in self.between)
            found[step.cell] = direct[step.cell].union(*behind)
        return found

    def trace(self, region: Region, form: Form, sample_rate: int, hop: int) -> Traced:
        """Raises `PatchError` if a formula cannot be traced, and `BlockCell` if a cell works on blocks."""
        graph = Graph()
        sources = Sources(graph)
        wiring = self._wiring(graph, sources, form, sample_rate, hop)
        here = {step.cell for step in region.steps}
        for step in self._plan.steps:
            if step.cell in here:
                graph.origin = f"{step.cell} : {step.type}"
                wiring.signals[step.cell] = self._run(step, graph, wiring, sources)
        graph.origin = "outputs"
        audio = [self._node(wiring, name) for name in region.audio]
        audio += [wiring.context.tensor(wiring.mix(output.cables)) for output in region.outputs]
        control = [self._node(wiring, name) for name in region.control]
        return self._written(graph, sources, audio, control, hop)

    def blocks(self, sample_rate: int, hop: int) -> frozenset[str]:
        """The cells that work on blocks; which are `between` is found out too.

        Raises `PatchError` if a formula cannot be traced.
        """
        graph = Graph()
        sources = Sources(graph)
        wiring = self._wiring(graph, sources, Form("none"), sample_rate, hop)
        found, between = set(), set()
        for step in self._plan.steps:
            try:
                wiring.signals[step.cell] = self._run(step, graph, wiring, sources)
                if wiring.signals[step.cell].between is not None:
                    between.add(step.cell)
            except BlockCell:
                found.add(step.cell)
        self.between = frozenset(between)
        return frozenset(found)

    def _written(
        self, graph: Graph, sources: Sources, audio: Sequence[Node], control: Sequence[Node], hop: int
    ) -> Traced:
        sources.settle()
        columns, control_in, audio_in = (sources.places(op) for op in ("column", "control_in", "audio_in"))
        program = Program(graph, tuple(audio), tuple(control), hop, len(columns))
        graph.settled = True
        return Traced(program, chunks(columns), control_in, audio_in)

    def _node(self, wiring: Wiring, name: str) -> Node:
        node: Node = wiring.context.tensor(wiring.signals[name])
        return node

    def _wiring(self, graph: Graph, sources: Sources, form: Form, sample_rate: int, hop: int) -> Wiring:
        context = TraceContext(
            samples=0,
            frames=0,
            hop=hop,
            sample_rate=sample_rate,
            dtype=torch.float32,
            device=torch.device("cpu"),
            graph=graph,
        )
        numbers = TracedNumbers(self._plan, self._learned, form, sources)
        signals = _Signals(self._plan, sources)
        wiring = Wiring(context, numbers, signals)
        again = {step.cell: step for step in self._plan.steps if step.cell in self.between}
        signals.play = lambda name: self._run(again[name], graph, wiring, sources) if name in again else None
        for item in self._plan.inputs:
            if item.kind is Kind.AUDIO:
                given = item.name in form.audio
                audio_in = sources.leaf("audio_in", ("audio", item.name), Rate.AUDIO) if given else 0.0
                signals[item.name] = RatedSignal(audio_in, Rate.AUDIO if given else Rate.CONSTANT)
            elif item.kind is Kind.CONTROL:
                signals[item.name] = numbers.number(item.name)
        return wiring

    def _run(self, step: Step, graph: Graph, wiring: Wiring, sources: Sources) -> RatedSignal:
        if any(isinstance(port, EvenPort) or (isinstance(port, KnobPort) and port.entries) for port in step.ports):
            raise BlockCell
        context = wiring.context

        def dsp(samples: bool) -> TraceDsp:
            rate = context.sample_rate if step.kind is Kind.AUDIO else context.control_rate
            ticks = Rate.AUDIO if samples else Rate.CONTROL
            made = TraceDsp if step.kind is Kind.AUDIO else FrameTrace
            return made(graph, ticks, rate, context.sample_rate, context.hop, self._keys[step.cell])

        gates = _Gates(sources)
        try:
            return run_step(step, self._cells[step.cell], dsp, wiring, gates)
        except BlockCell:
            raise
        except Exception as error:
            refusal = refused(self._cells[step.cell], error)
            if refusal is error:
                raise
            raise refusal from error


class _Signals(dict[str, RatedSignal]):
    """Signals by name; those of cells that an earlier kernel, or a cell on blocks, has made are leaves.

    Those that are more than their frames are written down once more, by `play`.
    """

    play: Callable[[str], RatedSignal | None]

    def __init__(self, plan: Plan, sources: Sources) -> None:
        super().__init__()
        self._kinds = {step.cell: step.kind for step in plan.steps}
        self._sources = sources

    def __missing__(self, name: str) -> RatedSignal:
        written = self.play(name)
        if written is not None:
            self[name] = written
            return written
        op, rate = ("audio_in", Rate.AUDIO) if self._kinds[name] is Kind.AUDIO else ("control_in", Rate.CONTROL)
        return RatedSignal(self._sources.leaf(op, ("cell", name), rate), rate)


class _Gates(dict[str, Gate]):
    """Note-on and note-off times as leaves."""

    def __init__(self, sources: Sources) -> None:
        super().__init__()
        self._sources = sources

    def __missing__(self, name: str) -> Gate:
        on, off = (self._sources.number(("gate", name, end), Rate.CONSTANT) for end in ("on", "off"))
        return Gate(on, off)

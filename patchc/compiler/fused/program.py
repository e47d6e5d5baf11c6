"""What a kernel does, and in which order: control stages with the sums between them, then one pass over the samples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from patchc.compiler.fused.nodes import Graph, Node, State, ancestors
from patchc.compiler.plan import Rate

CARRIES_PRECISION = frozenset(
    {"add", "sub", "mul", "div", "min", "max", "clamp_max", "clamp_min", "select", "exp2", "log2", "sqrt"}
    | {"fract", "snapped", "line", "curve", "behind", "ahead", "beyond", "abs"}
    | {"lt", "le", "gt", "ge", "eq"}
)
"""What a frequency is made of is worked out in double precision, back to where a wave or a filter comes in."""

LOOKS = {"behind": -1, "ahead": 1, "beyond": 2}
"""Leaves that are what another node is so many frames later."""


@dataclass(frozen=True)
class Root:
    """A signal that is wanted: `place` is its number among those of its rate."""

    node: Node
    place: int


@dataclass(frozen=True)
class Stage:
    """A loop over control frames, none of which needs another.

    `stored` go into slots, `sums` are the phases whose steps it leaves in their slots, to be summed up afterwards.
    """

    level: int
    stored: tuple[Node, ...]
    sums: tuple[State, ...]
    outputs: tuple[Root, ...]
    states: tuple[State, ...]  # memory of control cells, which makes frames wait for each other

    @property
    def roots(self) -> list[Node]:
        steps = [state.step for state in self.sums if state.step is not None]
        carried = [state.following for state in self.states if state.following is not None]
        return [*self.stored, *steps, *(root.node for root in self.outputs), *carried]


@dataclass(frozen=True)
class Placement:
    """Signals that are more than lines between the same marked frames. `marked` is not zero there."""

    marked: Node
    nodes: tuple[Node, ...]


@dataclass
class Program:
    """The loops of a region whose wanted signals are `audio` and `control`, in the order of their rows."""

    graph: Graph
    audio: Sequence[Node]
    control: Sequence[Node]
    hop: int
    columns: int  # of what was call_inputs in and never changes
    slots: dict[Node, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._size = len(self.graph.nodes)
        self._gradients: dict[Node, bool] = {}  # of nodes that came later, for gradients: whether in double precision
        for node in self._slotted():
            self.slots[node] = len(self.slots)

    # --- the pass over the samples

    @cached_property
    def audio_nodes(self) -> list[Node]:
        """What is worked out for every sample, in order."""
        return ancestors(self._audio_roots(), lambda node: node.rate is Rate.AUDIO)

    @cached_property
    def audio_states(self) -> list[State]:
        """The states of the pass over the samples, those that start afresh in every frame included."""
        used = {node.value for node in self.audio_nodes if node.op == "state"}
        return [state for number, state in enumerate(self.graph.states) if number in used]

    @cached_property
    def lasting(self) -> list[State]:
        """Those of `audio_states` that go on from frame to frame."""
        return [state for state in self.audio_states if state.start is None]

    @cached_property
    def lasting_levels(self) -> list[list[State]]:
        """`lasting` in the order in which they can be known: each level hears only the ones before it, and itself.

        Finite states that hear each other share a level: at the end of a chunk they have forgotten how it began.
        """
        reads = [self._states_read(state) for state in self.lasting]
        finite = [state.finite for state in self.lasting]
        level: list[int] = [0] * len(reads)
        for _ in reads:
            for one, others in enumerate(reads):
                waits = (level[k] + (one not in reads[k] and not (finite[one] and finite[k])) for k in others)
                level[one] = max(waits, default=0)
        return [
            [s for s, own in zip(self.lasting, level, strict=True) if own == n]
            for n in range(max(level, default=-1) + 1)
        ]

    @property
    def memory(self) -> int:
        """Samples after which finite states have forgotten everything."""
        return sum(state.finite for state in self.lasting)

    def _states_read(self, state: State) -> set[int]:
        """The lasting states that a state hears, directly or through others, by their place in `lasting`."""
        places = {one.node: place for place, one in enumerate(self.lasting)}
        found: set[int] = set()
        waiting = [state]
        while waiting:
            goals = [node for node in (waiting[-1].step, waiting.pop().following) if node is not None]
            nodes = ancestors(goals, lambda node: node.rate is Rate.AUDIO) if goals else []
            fresh = {places[node] for node in nodes if node in places} - found
            found |= fresh
            waiting += [self.lasting[place] for place in fresh]
        return found

    @cached_property
    def audio_in(self) -> frozenset[int]:
        """The rows of sound from elsewhere that samples are made of."""
        return frozenset(node.value for node in self.audio_nodes if node.op == "audio_in")

    @cached_property
    def bridges(self) -> list[Node]:
        """Lines and curves from frames to samples, and signals that are lines but for some frames."""
        return [node for node in self.audio_nodes if node.op in ("line", "curve", "placed")]

    @cached_property
    def placements(self) -> list[Placement]:
        """Signals that are placed exactly in some frames, by what marks the frames."""
        found: dict[Node, list[Node]] = {}
        for node in self.audio_nodes:
            if node.op == "placed":
                found.setdefault(node.args[1], []).append(node)
        return [Placement(marked, tuple(nodes)) for marked, nodes in found.items()]

    def _bridged(self) -> list[Node]:
        """What is kept for every frame for the sake of the samples."""
        exact = [self.graph.nodes[node.value] for one in self.placements for node in one.nodes]
        inner = ancestors(exact, lambda node: node.rate is Rate.AUDIO)
        lines = [node for node in inner if node.op == "line"]
        return [arg for bridge in [*self.bridges, *lines] for arg in bridge.args]

    def _audio_roots(self) -> list[Node]:
        roots = [node for node in self.audio if node.rate is Rate.AUDIO]
        while True:
            nodes = ancestors(roots, lambda node: node.rate is Rate.AUDIO)
            states = [self.graph.states[node.value] for node in nodes if node.op == "state"]
            more = [one for state in states for one in (state.following, state.step) if one is not None]
            fresh = [one for one in more if one.rate is Rate.AUDIO and one not in roots]
            if not fresh:
                return roots
            roots += dict.fromkeys(fresh)

    # --- precision

    @cached_property
    def doubles(self) -> frozenset[Node]:
        """Nodes worked out in double precision: all constants, and what frequencies are made of."""
        waiting = [node for node in self.graph.nodes if node.op == "curve"]
        waiting += [one for state in self.graph.states for one in (state.step, state.start) if one is not None]
        waiting += [self.graph.nodes[number] for number in self.graph.precise]
        found: set[Node] = set()
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                if node.op in LOOKS:
                    waiting.append(self.graph.nodes[node.value])
                elif node.op in CARRIES_PRECISION:
                    waiting.extend(node.args)
        ticks = [node for node in self.graph.nodes if node.op == "tick" and node.rate is Rate.CONTROL]
        is_phase = [state.node for state in self.graph.states if state.is_phase and state.rate is Rate.CONTROL]
        return frozenset(found) | set(ticks) | set(is_phase)

    def double(self, node: Node) -> bool:
        """Whether `node` is worked out in double precision. Gradients at control rate are where what they belong to is:
        going from one precision to the other costs more than the work."""
        if node.rate is Rate.CONSTANT or node in self.doubles:
            return True
        if node.number < self._size or node.rate is not Rate.CONTROL:
            return False
        if node not in self._gradients:
            self._gradients[node] = any(self.double(arg) for arg in node.args if arg.rate is Rate.CONTROL)
        return self._gradients[node]

    # --- control stages

    @cached_property
    def stages(self) -> list[Stage]:
        """Sums of one stage are known in the next, and so is what another frame holds."""
        outputs = [Root(node, place) for place, node in enumerate(self.control)]
        sums = [state for state in self._control_states if state.is_phase]
        filters = [state for state in self._control_states if not state.is_phase]
        depth = 1 + max([self.level(one) for one in [*self.slots, *self.control]], default=-1)
        found = []
        for level in range(depth):
            stored = tuple(n for n in self.slots if self.level(n) == level and not self._is_sum(n))
            stage = Stage(
                level=level,
                stored=stored,
                sums=tuple(state for state in sums if self.level(_step(state)) == level),
                outputs=tuple(root for root in outputs if self.level(root.node) == level),
                states=tuple(state for state in filters if self.level(state.node) == level),
            )
            if stage.roots:
                found.append(stage)
        return found

    def stage_nodes(self, stage: Stage) -> list[Node]:
        """What is worked out for every frame of a stage, in order; what stands in slots already is read from there."""
        return ancestors(stage.roots, lambda node: node.rate is Rate.CONTROL and not self.read_in(stage, node))

    def read_in(self, stage: Stage, node: Node) -> bool:
        return (node in self.slots and self.level(node) < stage.level) or self._is_sum(node)

    def level(self, node: Node) -> int:
        """The stage in which a node of control rate is known."""
        return self._levels[node.number]

    @cached_property
    def _levels(self) -> list[int]:
        levels = [0] * len(self.graph.nodes)
        before: list[int] = []
        while levels != before:  # a filter's input was written down after it
            before = list(levels)
            for node in self.graph.nodes:
                levels[node.number] = self._known_at(node, levels)
        return levels

    def _known_at(self, node: Node, levels: Sequence[int]) -> int:
        """The stage a node is known in, if the others are known in `levels`: filters all go in step."""
        if node.op in LOOKS or self._is_sum(node):
            before = self.graph.nodes[node.value] if node.op in LOOKS else _step(self.graph.states[node.value])
            return levels[before.number] + 1
        behind = list(node.args)
        if node.op == "state" and node.rate is Rate.CONTROL:
            filters = (one.following for one in self.graph.states if one.rate is Rate.CONTROL)
            behind += [following for following in filters if following is not None]
        return max((levels[one.number] for one in behind), default=0)

    def _is_sum(self, node: Node) -> bool:
        return node.op == "state" and node.rate is Rate.CONTROL and self.graph.states[node.value].is_phase

    @cached_property
    def _control_nodes(self) -> list[Node]:
        """Everything of control rate that is needed."""
        roots: dict[Node, None] = dict.fromkeys(node for node in self.control if node.rate is Rate.CONTROL)
        roots |= dict.fromkeys(node for node in self._bridged() if node.rate is Rate.CONTROL)
        roots |= dict.fromkeys(state.start for state in self.audio_states if state.start is not None)
        while True:
            nodes = ancestors(roots, lambda node: node.rate is Rate.CONTROL)
            more = [one for node in nodes for one in self._behind(node)]
            fresh = [one for one in more if one.rate is Rate.CONTROL and one not in roots]
            if not fresh:
                return nodes
            roots |= dict.fromkeys(fresh)

    def _behind(self, node: Node) -> Iterable[Node]:
        if node.op in LOOKS:
            return [self.graph.nodes[node.value]]
        if node.op == "state":
            state = self.graph.states[node.value]
            return [one for one in (state.following, state.step) if one is not None]
        return []

    @cached_property
    def _control_states(self) -> list[State]:
        used = {node.value for node in self._control_nodes if node.op == "state"}
        return [state for number, state in enumerate(self.graph.states) if number in used]

    def _slotted(self) -> list[Node]:
        """What is kept for every frame: what the samples need, phases, and what is looked at one frame ahead."""
        kept = self._bridged()
        kept += [state.start for state in self.audio_states if state.start is not None]
        kept += [self.graph.nodes[node.value] for node in self._control_nodes if node.op in LOOKS]
        kept += [node for node in self._control_nodes if node.op == "state"]
        return [node for node in dict.fromkeys(kept) if node.rate is Rate.CONTROL]


def _step(state: State) -> Node:
    assert state.step is not None
    return state.step

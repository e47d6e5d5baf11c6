"""The pass over the samples: what is worked out for each of them, forwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from patchc.compiler.fused.nodes import Node, State
from patchc.compiler.fused.printing.loop import Loop, tile
from patchc.compiler.fused.printing.placed import placings
from patchc.compiler.fused.printing.scope import Scope
from patchc.compiler.fused.program import Program

SPACE = "by_sample"
CYCLE = 2.0**32
"""The whole of a cycle, for phases that are counted in whole numbers."""

FRAME = ["  for (long frame = 0; frame < at.length; frame++) {"]


class SampleLoop(Loop):
    """The samples of one frame after the other; what lasts from frame to frame is carried in `s0`, `s1`, ..."""

    space = SPACE

    def __init__(self, program: Program, name: str, whole: str | None = None) -> None:
        lasts = "!c.split" if program.lasting else "false"
        super().__init__(program, name, "c.frames - 1", lasts if whole is None else whole)
        self.hop = program.hop
        self.frame = Scope(program, self.fixed, 2)
        self.keys = sorted({node.value for node in program.audio_nodes if node.op == "noise"})
        self.placings = placings(program)
        self.placed = {node: one for one in self.placings for node in one.placement.nodes}
        self.ticks = any(node.op == "tick" for node in program.audio_nodes)

    @property
    def curves(self) -> list[Node]:
        return [node for node in self.program.bridges if node.op == "curve"]

    def number(self, state: State) -> int:
        return self.graph.states.index(state)

    # --- what a frame begins with

    def begin(self, nodes: Iterable[Node]) -> None:
        """Constants that `nodes` need, and all that is known once for a frame."""
        self.constants([*nodes, *(node for one in self.placings for node in one.constants)])
        for placing in self.placings:
            placing.prepare(self.fixed)
        for place, key in enumerate(self.keys):
            self.fixed.say(f"const Stream noise_{place} = stream(c, at, {key % 2**64}ull);")
        for bridge in self.program.bridges:
            self._bridge(bridge)
        for placing in self.placings:
            mark = self.slot(placing.placement.marked, "frame")
            placing.begin_frame(self.frame, f"to_f32({mark})")
        for state in self.program.audio_states:
            if state.start is not None:
                start = self.slot(state.start, "frame")
                self.frame.say(f"U s{self.number(state)} = to_phase32({start} * {CYCLE!r});")
        if self.keys:
            self.fixed.say("const U first_sample = sample_count(at, HOP);")
            self.frame.say("const U sample = first_sample + (unsigned)(frame * HOP);")
        if self.ticks:
            self.fixed.say("const D first_tick = first_frame(at) * (double)HOP;")
            self.frame.say("const D tick = first_tick + (double)(frame * HOP);")
        for number in sorted(self.program.audio_in):
            self.fixed.say(tile(f"audio_in_{number}"))
            self.frame.say(f"fetch_tile(c.audio_in, {number}, c.audio_in_step, audio_in_{number}, c, at, frame, HOP);")

    def _bridge(self, bridge: Node) -> None:
        """Where a line or curve starts in this frame, and how it goes on."""
        node, number, say = bridge.args[0], bridge.number, self.frame.say
        kind, share = ("D", repr(1 / self.hop)) if self.program.double(node) else ("F", f"{1 / self.hop!r}f")
        here, there = self.slot(node, "frame"), self.slot(node, "frame + 1")
        say(f"const {kind} here_{number} = {here}, there_{number} = {there};")
        if bridge.op != "curve":
            say(f"const {kind} rise_{number} = (there_{number} - here_{number}) * {share};")
        else:
            say(f"const D grow_{number} = exp2(log2(there_{number} / here_{number}) * {share});")
            say(f"D curve_{number} = here_{number};")

    # --- one sample

    def work(self, scope: Scope, nodes: Iterable[Node], again: bool = False) -> None:
        """Works nodes out; `again` in the backward pass, where what each sample began with is kept in tiles."""
        for node in nodes:
            leaf = self._leaf(node, again)
            if leaf is None:
                scope.define(node)
            else:
                text, double = leaf
                scope.say(f"const {'D' if double else 'F'} v{node.number} = {text};")
                scope.call(node, f"v{node.number}", double)

    def _leaf(self, node: Node, again: bool) -> tuple[str, bool] | None:
        """What a leaf is in this sample, and whether in double precision."""
        double = self.program.double(node)
        match node.op:
            case "audio_in":
                return f"audio_in_{node.value}[i]", False
            case "noise":
                stream = f"noise_{self.keys.index(node.value)}"
                return f"noise({stream}.first, {stream}.second, sample + (unsigned)i)", False
            case "tick":
                return ("tick + (double)i", True) if double else ("to_f32(tick + (double)i)", False)
            case "line":
                wide = self.program.double(node.args[0])
                return f"here_{node.number} + rise_{node.number} * ({'double' if wide else 'float'})i", wide
            case "placed":
                return self.placed[node].sample(node), False
            case "curve":
                return (f"kept_{node.number}[i]", False) if again else (f"curve_{node.number}", True)
            case "state":
                return (f"kept_s{node.value}[i]" if again else self.now(self.graph.states[node.value])), False
            case "given":
                return node.value, False
        return None

    def now(self, state: State) -> str:
        """A state as the formula sees it: a phase without its whole cycles."""
        number = self.number(state)
        if state.start is not None:
            return f"cycles(s{number})"
        return f"to_f32(s{number} - floor(s{number}))" if state.is_phase else f"s{number}"

    def _next_phase(self, scope: Scope, state: State, step: Node) -> str:
        """What a phase is after a step. One that starts afresh in every frame has so few of them that 32 bits do."""
        name = f"s{self.number(state)}"
        if state.start is None:
            return f"wrapped_phase({name} + {scope.take(step, True)})"
        return f"{name} + to_phase32({scope.scaled(step, CYCLE)})"

    def move_on(self, scope: Scope, states: Iterable[State], curves: Iterable[Node]) -> None:
        """From this sample to the next."""
        moved = []
        for state in states:
            number = self.number(state)
            if state.step is not None:
                moved.append(f"s{number} = {self._next_phase(scope, state, state.step)};")
            elif state.following is not None:
                moved.append(f"s{number} = {scope.take(state.following, False)};")
        for line in moved:
            scope.say(line)
        for node in curves:
            scope.say(f"curve_{node.number} = curve_{node.number} * grow_{node.number};")


def steps(states: Iterable[State]) -> list[Node]:
    """What states become."""
    return [one for state in states for one in (state.step, state.following) if one is not None]


def kind(state: State) -> str:
    return "D" if state.is_phase else "F"


class SamplesForward(SampleLoop):
    """Makes the wanted signals, and keeps what states are at the beginning of each frame for the backward pass."""

    def __init__(self, program: Program) -> None:
        super().__init__(program, "samples")
        states = program.audio_states
        self.begin([*program.audio_nodes, *program.audio, *steps(states)])
        begin_states(self, program.lasting)
        for number in range(len(program.audio)):
            self.fixed.say(tile(f"out_{number}"))
        self._keep_states()
        self.body = Scope(program, self.frame, 3)
        self.work(self.body, program.audio_nodes)
        for number, node in enumerate(program.audio):
            self.body.say(f"out_{number}[i] = {self.body.hand_on(node)};")
        self.move_on(self.body, states, self.curves)

    def text(self) -> str:
        count = len(self.program.audio)
        kept = [f"    keep_tile(c.audio, {number}, out_{number}, c, at, frame, HOP);" for number in range(count)]
        return self.print(FRAME, self.frame.lines, every_sample(self.body.lines), kept, ["  }"])

    def _keep_states(self) -> None:
        lasting = self.program.lasting
        for place, state in enumerate(lasting):
            value = f"to_f32(s{self.number(state)})" if state.is_phase else f"s{self.number(state)}"
            self.frame.say(f"write_slot(c.states, {value}, c, at, frame, {place}, {len(lasting)});")


def begin_states(loop: SampleLoop, states: Sequence[State]) -> None:
    """What lasting states are where a lane begins: zero at the start of the sound, else what the lanes before found."""
    every = loop.program.lasting
    for state in states:
        place = every.index(state)
        begun = f"begun(c, at, {place}, {len(every)})"
        loop.fixed.say(f"{kind(state)} s{loop.number(state)} = {begun if state.is_phase else f'to_f32({begun})'};")


def every_sample(lines: Sequence[str]) -> list[str]:
    return ["    for (int i = 0; i < HOP; i++) {", *lines, "    }"]

"""Prints a program as C++: one function per loop and direction, and two that call them in order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import ClassVar

from patchc.compiler.fused.derive import gradients
from patchc.compiler.fused.nodes import COMPARISONS, Node, State, ancestors
from patchc.compiler.fused.program import Program, Stage
from patchc.compiler.plan import Rate
from patchc.native.library import header

INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
SAMPLES, FRAMES = "by_sample", "by_frame"


class Scope:
    """Statements of one block, each value worked out once and under the name of its node."""

    def __init__(self, program: Program, parent: Scope | None = None, indent: int = 1) -> None:
        self.program = program
        self.parent = parent
        self.indent = indent
        self.lines: list[str] = []
        self.names: dict[tuple[Node, bool], str] = {}
        self._origin = ""

    def say(self, line: str) -> None:
        self.lines.append("  " * self.indent + line)

    def find(self, node: Node, double: bool) -> str | None:
        own = self.names.get((node, double))
        return own if own is not None or self.parent is None else self.parent.find(node, double)

    def call(self, node: Node, name: str, double: bool) -> None:
        """Says that `node` is known here as `name`."""
        self.names[node, double] = name

    def take(self, node: Node, double: bool, literal: bool = False) -> str:
        """An expression for the value of `node` in one of the precisions; a bare number only where one may stand."""
        if node.op == "const":
            return _literal(node.value, double, literal)
        if node.op in COMPARISONS:
            found = self.find(node, False)
        else:
            found = self.find(node, double) or self._converted(node, double)
        assert found is not None, f"{node.op} {node.number} is not known here"
        return found

    def _converted(self, node: Node, double: bool) -> str | None:
        scope: Scope | None = self
        while scope is not None and (node, not double) not in scope.names:
            scope = scope.parent
        if scope is None:
            return None
        other = scope.names[node, not double]
        name = f"{'w' if double else 'n'}{node.number}"
        scope.say(f"const {'D' if double else 'F'} {name} = {'wide' if double else 'narrow'}({other});")
        scope.call(node, name, double)
        return name

    def define(self, node: Node) -> None:
        """Works `node` out."""
        double = self.program.double(node)
        name = f"v{node.number}"
        kind = "D" if double else "F"
        if node.op in COMPARISONS:
            double = any(self.program.double(arg) for arg in node.args if arg.rate >= node.rate or node.rate is Rate.CONSTANT)
            kind, self.names[node, False] = ("N" if double else "M"), name
        else:
            self.call(node, name, double)
        if node.origin != self._origin and node.origin:
            self.say(f"// {node.origin}")
        self._origin = node.origin
        self.say(f"const {kind} {name} = {self.expression(node, double)};")

    def expression(self, node: Node, double: bool) -> str:
        if node.op in INFIX:
            left, right = (self.take(arg, double, literal=True) for arg in node.args)
            return f"{left} {INFIX[node.op]} {right}"
        return f"{node.op}({', '.join(self.take(arg, double) for arg in node.args)})"


def _literal(value: float, double: bool, bare: bool) -> str:
    end = "" if double else "f"
    if math.isfinite(value):
        text = repr(float(value)) + end
    elif math.isnan(value):
        text = f'__builtin_nan{end}("")'
    else:
        text = f"{'-' if value < 0 else ''}__builtin_inf{end}()"
    return text if bare else f"{'d' if double else 'f'}({text})"


class Loop:
    """One loop over frames (or over the samples of frames) in one direction, printed as a function."""

    space: ClassVar[str]
    """The lanes it is written for: of single precision for samples, of double precision for frames."""

    def __init__(self, program: Program, name: str, total: str, whole: bool) -> None:
        self.program = program
        self.name = name
        self.total = total  # how many frames there are, in C++
        self.whole = whole  # whether frames wait for each other
        self.fixed = Scope(program)
        self.slots = len(program.slots)

    # --- what never changes

    def constants(self, nodes: Iterable[Node]) -> None:
        """Works out the constants that `nodes` use, before the loop."""
        wanted = {arg for node in nodes for arg in (*node.args, node) if arg.rate is Rate.CONSTANT}
        for node in ancestors(wanted) if wanted else []:
            if node.op == "column":
                self.fixed.say(f"const D v{node.number} = column(c, at, {node.value});")
                self.fixed.call(node, f"v{node.number}", True)
            elif node.op != "const":
                self.fixed.define(node)

    def print(self, *blocks: Sequence[str]) -> str:
        flag = "true" if self.whole else "false"
        lines = [
            f"LOOP void {self.name}(const Call& c, long number) {{",
            f"  const Item at = place(c, number, {self.total}, {flag});",
            *self.fixed.lines,
            *(line for block in blocks for line in block),
            "}",
        ]
        return f"namespace {self.space} {{\n" + "\n".join(lines) + "\n}"

    def run(self) -> str:
        return f"  RUN({self.space}::{self.name}, {self._items()});"

    def _items(self) -> str:
        return f"{self.space}::items(c, {self.total}, {'true' if self.whole else 'false'})"

    def columns(self) -> int:
        return self.program.columns

    def run_back(self) -> str:
        if not self.columns():
            return self.run()
        flag = "true" if self.whole else "false"
        size = f"{self._items()} * {self.columns()} * WIDEST * sizeof(float)"
        gathered = f"GATHER({self.space}, {self._items()}, {self.total}, {flag}, {self.columns()});"
        return "\n".join([f"  CLEAR(c.partial, {size});", self.run(), f"  {gathered}"])

    def slot(self, node: Node, frame: str) -> str:
        """The value of a slot at a frame."""
        how = "doubled" if self.program.double(node) else "single"
        return f"{how}(c, at, {frame}, {self.program.slots[node]}, {self.slots})"

    def back_to_columns(self, reached: dict[Node, str]) -> Scope:
        """From gradients for constants, by their names, to those for the columns of what was handed in."""
        scope = Scope(self.program, self.fixed)
        graph = self.program.graph
        seeds = {}
        for node, name in reached.items():
            leaf = graph.leaf("given", name, Rate.CONSTANT)
            scope.call(leaf, name, True)
            seeds[node] = leaf
        found = gradients(seeds, lambda node: node.rate is Rate.CONSTANT)
        columns = {node: grad for node, grad in found.items() if node.op == "column"}
        known = {node for node, _ in self.fixed.names} | set(seeds.values())
        for node in ancestors(columns.values(), lambda node: node not in known) if columns else []:
            if node.op not in ("const", "given"):
                scope.define(node)
        for node, grad in columns.items():
            scope.say(f"keep_partial(c, at, {node.value}, {self.columns()}, {scope.take(grad, True)});")
        return scope


# --- the pass over the samples


class AudioLoop(Loop):
    """All that is worked out for every sample."""

    space = SAMPLES

    def __init__(self, program: Program, name: str) -> None:
        super().__init__(program, name, "c.frames - 1", bool(program.lasting))
        self.frame = Scope(program, self.fixed, 2)
        self.keys = sorted({node.value for node in program.audio_nodes if node.op == "noise"})
        self.heard = sorted({node.value for node in program.audio_nodes if node.op == "heard"})
        self.ticks = any(node.op == "tick" for node in program.audio_nodes)

    def number(self, state: State) -> int:
        return self.program.graph.states.index(state)

    def begin_streams(self) -> None:
        for place, key in enumerate(self.keys):
            self.fixed.say(f"const Stream noise_{place} = stream(c, at, {key % 2**64}ull);")

    def begin_frame(self) -> None:
        """Where lines and curves start in this frame and how they go on, where turns start, and what is heard."""
        say = self.frame.say
        for bridge in self.program.bridges:
            node, number = bridge.args[0], bridge.number
            kind = "D" if self.program.double(node) else "F"
            say(f"const {kind} here_{number} = {self.slot(node, 'frame')}, there_{number} = {self.slot(node, 'frame + 1')};")
            if bridge.op == "line":
                say(f"const {kind} rise_{number} = (there_{number} - here_{number}) * {1 / self.hop!r}{'f' * (kind == 'F')};")
            else:
                say(f"const D grow_{number} = exp2(log2(there_{number} / here_{number}) * {1 / self.hop!r});")
                say(f"D curve_{number} = here_{number};")
        for state in self.program.audio_states:
            if state.start is not None:
                say(f"D s{self.number(state)} = {self.slot(state.start, 'frame')};")
        if self.keys:
            self.fixed.say("const U first_sample = sample_count(at, HOP);")
            say("const U sample = first_sample + (unsigned)(frame * HOP);")
        if self.ticks:
            self.fixed.say("const D first_tick = first_frame(at) * (double)HOP;")
            say("const D tick = first_tick + (double)(frame * HOP);")
        for number in self.heard:
            say(f"F heard_{number}[HOP];")
            say(f"fetch_tile(c.heard, {number}, c.heard_step, heard_{number}, c, at, frame, HOP);")

    @property
    def hop(self) -> int:
        return self.program.hop

    def leaf(self, scope: Scope, node: Node, again: bool) -> bool:
        """Says what a leaf is in this sample; `again` on the way back, where what was is kept in tiles."""
        name = f"v{node.number}"
        double = self.program.double(node)
        match node.op:
            case "heard":
                text = f"heard_{node.value}[i]"
            case "noise":
                place = self.keys.index(node.value)
                text = f"noise(noise_{place}.first, noise_{place}.second, sample + (unsigned)i)"
            case "tick":
                text = "tick + (double)i" if double else "narrow(tick + (double)i)"
            case "line":
                kind = "double" if self.program.double(node.args[0]) else "float"
                text = f"here_{node.number} + rise_{node.number} * ({kind})i"
                double = kind == "double"
            case "curve":
                text, double = (f"kept_{node.number}[i]", False) if again else (f"curve_{node.number}", True)
            case "state":
                text, double = self._state(self.program.graph.states[node.value], node.value, again)
            case "given":
                text = node.value
            case _:
                return False
        scope.say(f"const {'D' if double else 'F'} {name} = {text};")
        scope.call(node, name, double)
        return True

    def _state(self, state: State, number: int, again: bool) -> tuple[str, bool]:
        if again:
            return f"kept_s{number}[i]", False
        return (f"narrow(s{number} - lower(s{number}))" if state.turns else f"s{number}"), False

    def work(self, scope: Scope, nodes: Iterable[Node], again: bool = False) -> None:
        for node in nodes:
            if not self.leaf(scope, node, again):
                scope.define(node)

    def move_on(self, scope: Scope, states: Iterable[State], curves: Iterable[Node]) -> None:
        """From this sample to the next."""
        for state in states:
            number = self.number(state)
            if state.step is not None:
                moved = f"s{number} + {scope.take(state.step, True)}"
                scope.say(f"s{number} = {moved if state.start is not None else f'stepped({moved})'};")
        for state in states:
            if state.following is not None:
                scope.say(f"s{self.number(state)} = {scope.take(state.following, False)};")
        for node in curves:
            scope.say(f"curve_{node.number} = curve_{node.number} * grow_{node.number};")

    @property
    def curves(self) -> list[Node]:
        return [node for node in self.program.bridges if node.op == "curve"]


def audio_forward(program: Program) -> tuple[str, str]:
    """The function, and the call of it."""
    loop = AudioLoop(program, "samples")
    outputs = list(enumerate(program.audio))
    states = program.audio_states
    loop.constants([*program.audio_nodes, *(node for _, node in outputs), *_steps(states)])
    loop.begin_streams()
    for state in program.lasting:
        kind = "D" if state.turns else "F"
        loop.fixed.say(f"{kind} s{loop.number(state)} = {kind.lower()}(0);")
    for number, _ in outputs:
        loop.fixed.say(f"F out_{number}[HOP];")
    loop.begin_frame()
    _keep_states(loop)
    body = Scope(program, loop.frame, 3)
    loop.work(body, program.audio_nodes)
    for number, node in outputs:
        body.say(f"out_{number}[i] = {body.take(node, False)};")
    loop.move_on(body, states, loop.curves)
    after = [f"    keep_tile(c.audio, {number}, out_{number}, c, at, frame, HOP);" for number, _ in outputs]
    text = loop.print(
        ["  for (long frame = 0; frame < at.length; frame++) {"],
        loop.frame.lines,
        ["    for (int i = 0; i < HOP; i++) {", *body.lines, "    }"],
        after,
        ["  }"],
    )
    return text, loop.run()


def _steps(states: Iterable[State]) -> list[Node]:
    return [one for state in states for one in (state.step, state.following) if one is not None]


def _keep_states(loop: AudioLoop) -> None:
    lasting = loop.program.lasting
    for place, state in enumerate(lasting):
        value = f"narrow(s{loop.number(state)})" if state.turns else f"s{loop.number(state)}"
        loop.frame.say(f"if (c.states) write_slot(c.states, {value}, c, at, frame, {place}, {len(lasting)});")


def audio_backward(program: Program) -> tuple[str, str]:
    """The function that goes back through the samples, frame by frame from the states each frame began with."""
    loop = AudioLoop(program, "samples_back")
    graph, states = program.graph, program.audio_states
    seeds: dict[Node, Node] = {}

    def push(node: Node, text: str) -> None:
        if node.op != "const":
            leaf = graph.leaf("given", text, Rate.AUDIO)
            seeds[node] = graph.apply("add", seeds[node], leaf) if node in seeds else leaf

    for number, node in enumerate(program.audio):
        push(node, f"pushed_{number}[i]")
    for state in states:
        target = state.step if state.step is not None else state.following
        assert target is not None
        push(target, f"back_{loop.number(state)}")
        if state.turns:
            push(state.node, f"back_{loop.number(state)}")
    found = gradients(seeds, lambda node: node.rate is Rate.AUDIO)
    lines = {node: found[node] for node in program.bridges if node in found}
    lines |= {node: graph.apply("mul", found[node], node) for node in lines if node.op == "curve"}
    fixed = {node: grad for node, grad in found.items() if node.rate is Rate.CONSTANT}
    heard = {node: grad for node, grad in found.items() if node.op == "heard"}
    carried = [(state, found.get(state.node)) for state in states]
    goals = [*lines.values(), *fixed.values(), *heard.values(), *(g for _, g in carried if g is not None)]
    audio = lambda node: node.rate is Rate.AUDIO  # noqa: E731
    nodes = ancestors(goals, audio) if goals else []
    loop.constants([*nodes, *program.audio_nodes, *_steps(states), *fixed])
    loop.begin_streams()
    for state in states:
        loop.fixed.say(f"F back_{loop.number(state)} = f(0);")
        loop.fixed.say(f"F kept_s{loop.number(state)}[HOP];")
    for node in loop.curves:
        loop.fixed.say(f"F kept_{node.number}[HOP];")
    for node in fixed:
        loop.fixed.say(f"D total_{node.number} = d(0);")
    for number in range(len(program.audio)):
        loop.fixed.say(f"F pushed_{number}[HOP];")
    for node in heard:
        loop.fixed.say(f"F pulled_{node.value}[HOP];")

    loop.begin_frame()
    frame = loop.frame
    for number in range(len(program.audio)):
        frame.say(f"fetch_tile(c.grad_audio, {number}, 1, pushed_{number}, c, at, frame, HOP);")
    for place, state in enumerate(program.lasting):
        read = f"read_slot<F>(c.states, c, at, frame, {place}, {len(program.lasting)})"
        frame.say(f"{'D' if state.turns else 'F'} s{loop.number(state)} = {f'wide({read})' if state.turns else read};")
    for state in states:
        if state.start is not None:
            frame.say(f"back_{loop.number(state)} = f(0);")
    for node in lines:
        frame.say(f"F sum_{node.number} = f(0), tilt_{node.number} = f(0);")
    for node in fixed:
        frame.say(f"F part_{node.number} = f(0);")

    replay = _replay(loop, states)
    body = Scope(program, frame, 3)
    loop.work(body, nodes, again=True)
    for node, grad in lines.items():
        value = body.take(grad, False)
        body.say(f"sum_{node.number} += {value}, tilt_{node.number} += {value} * (float)i;")
    for node, grad in fixed.items():
        body.say(f"part_{node.number} += {body.take(grad, False)};")
    for node, grad in heard.items():
        body.say(f"pulled_{node.value}[i] = {body.take(grad, False)};")
    moved = [(state, body.take(grad, False) if grad is not None else "f(0)") for state, grad in carried]
    for state, value in moved:
        body.say(f"const F next_{loop.number(state)} = {value};")
    for state, _ in moved:
        body.say(f"back_{loop.number(state)} = next_{loop.number(state)};")

    after = Scope(program, frame, 2)
    for node in lines:
        slot = program.slots[node.args[0]]
        end, start = f"tilt_{node.number} * {1 / loop.hop!r}f", f"sum_{node.number} - end_{node.number}"
        after.say(f"const F end_{node.number} = {end};")
        here, there = f"({start})", f"end_{node.number}"
        if node.op == "curve":
            here, there = f"{here} / narrow(here_{node.number})", f"{there} / narrow(there_{node.number})"
        after.say(f"add_slot(c.here, {here}, c, at, frame, {slot}, {loop.slots});")
        after.say(f"add_slot(c.there, {there}, c, at, frame + 1, {slot}, {loop.slots});")
    for state in states:
        if state.start is not None:
            slot = program.slots[state.start]
            after.say(f"add_slot(c.here, back_{loop.number(state)}, c, at, frame, {slot}, {loop.slots});")
    for node in fixed:
        after.say(f"total_{node.number} += wide(part_{node.number});")
    for node in heard:
        after.say(f"keep_tile(c.grad_heard, {node.value}, pulled_{node.value}, c, at, frame, HOP);")
    ending = loop.back_to_columns({node: f"total_{node.number}" for node in fixed})
    text = loop.print(
        ["  for (long frame = at.length - 1; frame >= 0; frame--) {"],
        frame.lines,
        replay,
        ["    for (int i = HOP - 1; i >= 0; i--) {", *body.lines, "    }"],
        after.lines,
        ["  }"],
        ending.lines,
    )
    return text, loop.run_back()


def _replay(loop: AudioLoop, states: Sequence[State]) -> list[str]:
    """Goes through a frame once more to keep what each sample began with."""
    if not states and not loop.curves:
        return []
    needed = ancestors(_steps(states), lambda node: node.rate is Rate.AUDIO) if states else []
    body = Scope(loop.program, loop.frame, 3)
    for state in states:
        value, _ = loop._state(state, loop.number(state), again=False)
        body.say(f"kept_s{loop.number(state)}[i] = {value};")
    for node in loop.curves:
        body.say(f"kept_{node.number}[i] = narrow(curve_{node.number});")
    loop.work(body, needed)
    loop.move_on(body, states, loop.curves)
    return ["    for (int i = 0; i < HOP; i++) {", *body.lines, "    }"]


# --- control stages


class StageLoop(Loop):
    """One stage of the work at control rate."""

    space = FRAMES

    def __init__(self, program: Program, stage: Stage, name: str) -> None:
        super().__init__(program, name, "c.frames", bool(stage.states))
        self.stage = stage
        self.keys = sorted({node.value for node in program.stage_nodes(stage) if node.op == "noise"})

    def begin(self, nodes: Sequence[Node]) -> None:
        self.constants([*nodes, *self.stage.roots])
        self.fixed.say("const D tick = first_frame(at);")
        if self.keys:
            self.fixed.say("const U first_sample = sample_count(at, 1);")
        for place, key in enumerate(self.keys):
            self.fixed.say(f"const Stream noise_{place} = stream(c, at, {key % 2**64}ull);")

    def work(self, scope: Scope, nodes: Iterable[Node], again: bool) -> None:
        for node in nodes:
            self._read_args(scope, node)
            if not self.leaf(scope, node, again):
                scope.define(node)

    def _read_args(self, scope: Scope, node: Node) -> None:
        for arg in (*node.args, node):
            if arg.rate is Rate.CONTROL and self.program.read_in(self.stage, arg) and not self._knows(scope, arg):
                self.read(scope, arg)

    def _knows(self, scope: Scope, node: Node) -> bool:
        return scope.find(node, True) is not None or scope.find(node, False) is not None

    def read(self, scope: Scope, node: Node) -> None:
        double = self.program.double(node)
        scope.say(f"const {'D' if double else 'F'} v{node.number} = {self.slot(node, 'frame')};")
        scope.call(node, f"v{node.number}", double)

    def leaf(self, scope: Scope, node: Node, again: bool) -> bool:
        name, double = f"v{node.number}", self.program.double(node)
        match node.op:
            case "moving":
                text = f"row_frame(c.moving, {node.value}, c.moving_step, c, at, frame)"
                double = False
            case "noise":
                place = self.keys.index(node.value)
                text = f"noise(noise_{place}.first, noise_{place}.second, first_sample + (unsigned)frame)"
                double = False
            case "tick":
                text, double = "hold_below(tick + (double)frame, d(c.frames - 1))", True
            case "ahead":
                target = self.program.graph.nodes[node.value]
                text, double = self.slot(target, "frame + 1"), self.program.double(target)
            case "state":
                text = self.slot(node, "frame") if again else f"s{node.value}"
                double = False
            case "given":
                text = node.value
            case _:
                return False
        scope.say(f"const {'D' if double else 'F'} {name} = {text};")
        scope.call(node, name, double)
        return True


def stage_forward(program: Program, stage: Stage) -> tuple[str, list[str]]:
    """The function of one stage, and the calls of it and of the sums that follow."""
    loop = StageLoop(program, stage, f"frames_{stage.level}")
    nodes = program.stage_nodes(stage)
    loop.begin(nodes)
    for state in stage.states:
        loop.fixed.say(f"F s{program.graph.states.index(state)} = f(0);")
    body = Scope(program, loop.fixed, 2)
    loop.work(body, nodes, again=False)
    for node in stage.roots:
        loop._read_args(body, node)
    for node in stage.stored:
        slot, kind = program.slots[node], "doubles" if program.double(node) else "singles"
        value = body.take(node, program.double(node))
        body.say(f"write_slot(c.{kind}, {value}, c, at, frame, {slot}, {loop.slots});")
    for state in stage.sums:
        assert state.step is not None
        slot, value = program.slots[state.node], body.take(state.step, True)
        body.say(f"write_slot(c.doubles, {value}, c, at, frame, {slot}, {loop.slots});")
    for root in stage.outputs:
        body.say(f"keep_frame(c.control, {root.place}, {body.take(root.node, False)}, c, at, frame);")
    moves = [(program.graph.states.index(one), body.take(one.following, False)) for one in stage.states if one.following]
    for number, value in moves:
        body.say(f"const F next_{number} = {value};")
    for number, _ in moves:
        body.say(f"s{number} = next_{number};")
    text = loop.print(["  for (long frame = 0; frame < at.length; frame++) {", *body.lines, "  }"])
    calls = [loop.run()]
    calls += [_sum_call(program.slots[state.node], "") for state in stage.sums]
    return text, calls


def stage_backward(program: Program, stage: Stage) -> tuple[str, list[str]]:
    loop = StageLoop(program, stage, f"frames_{stage.level}_back")
    graph = program.graph
    seeds: dict[Node, Node] = {}

    def push(node: Node, text: str) -> None:
        if node.op != "const":
            leaf = graph.leaf("given", text, Rate.CONTROL)
            seeds[node] = graph.apply("add", seeds[node], leaf) if node in seeds else leaf

    def slot_gradient(slot: int, there: bool) -> str:
        here = f"read_slot<F>(c.here, c, at, frame, {slot}, {loop.slots})"
        return here + (f" + read_slot<F>(c.there, c, at, frame, {slot}, {loop.slots})" if there else "")

    for node in stage.stored:
        push(node, slot_gradient(program.slots[node], there=True))
    for state in stage.sums:
        assert state.step is not None
        push(state.step, slot_gradient(program.slots[state.node], there=False))
    for root in stage.outputs:
        push(root.node, f"row_frame(c.grad_control, {root.place}, 1, c, at, frame)")
    for state in stage.states:
        assert state.following is not None
        push(state.following, f"back_{graph.states.index(state)}")
    read = lambda node: program.read_in(stage, node)  # noqa: E731
    within = lambda node: node.rate is Rate.CONTROL and not read(node)  # noqa: E731
    found = gradients(seeds, within)
    fixed = {node: grad for node, grad in found.items() if node.rate is Rate.CONSTANT}
    slots = {node: grad for node, grad in found.items() if node.rate is Rate.CONTROL and read(node)}
    ahead = {node: grad for node, grad in found.items() if node.op == "ahead"}
    moving = {node: grad for node, grad in found.items() if node.op == "moving"}
    carried = [(state, found.get(state.node)) for state in stage.states]
    goals = [*fixed.values(), *slots.values(), *ahead.values(), *moving.values()]
    goals += [grad for _, grad in carried if grad is not None]
    nodes = ancestors(goals, within) if goals else []
    loop.begin([*nodes, *fixed])
    for state in stage.states:
        loop.fixed.say(f"F back_{graph.states.index(state)} = f(0);")
    for node in fixed:
        loop.fixed.say(f"D total_{node.number} = d(0);")
    body = Scope(program, loop.fixed, 2)
    if fixed:
        body.say("const M counted = inside(c, at, frame);")
    loop.work(body, nodes, again=True)
    for node, grad in slots.items():
        body.say(f"add_slot(c.here, {body.take(grad, False)}, c, at, frame, {program.slots[node]}, {loop.slots});")
    for node, grad in ahead.items():
        slot = program.slots[graph.nodes[node.value]]
        body.say(f"add_slot(c.there, {body.take(grad, False)}, c, at, frame + 1, {slot}, {loop.slots});")
    for node, grad in moving.items():
        body.say(f"add_frame(c.grad_moving, {node.value}, {body.take(grad, False)}, c, at, frame);")
    for node, grad in fixed.items():
        body.say(f"total_{node.number} += wide(pick(counted, {body.take(grad, False)}, f(0)));")
    moved = [(graph.states.index(state), body.take(g, False) if g is not None else "f(0)") for state, g in carried]
    for number, value in moved:
        body.say(f"const F next_{number} = {value};")
    for number, _ in moved:
        body.say(f"back_{number} = next_{number};")
    ending = loop.back_to_columns({node: f"total_{node.number}" for node in fixed})
    text = loop.print(
        ["  for (long frame = at.length - 1; frame >= 0; frame--) {", *body.lines, "  }"], ending.lines
    )
    calls = [_sum_call(program.slots[state.node], "_back") for state in stage.sums]
    return text, [*calls, loop.run_back()]


# --- the whole


def _sum_call(slot: int, end: str) -> str:
    return f"  RUN(sum_{slot}{end}, {FRAMES}::groups(c));"


def _sums(program: Program, back: bool) -> list[str]:
    end, count = "_back" if back else "", len(program.slots)
    return [
        f"LOOP void sum_{slot}{end}(const Call& c, long group) {{ {FRAMES}::sum_slot{end}(c, group, {slot}, {count}); }}"
        for state in (one for stage in program.stages for one in stage.sums)
        for slot in [program.slots[state.node]]
    ]


def _file(program: Program, functions: Sequence[str], name: str, calls: Sequence[str]) -> str:
    driver = [f'extern "C" void {name}(const Call* call) {{', "  const Call& c = *call;", *calls, "}", ""]
    head = [f"static const int HOP = {program.hop};  // samples from one control frame to the next"]
    return "\n\n".join(["\n".join(head), *functions, "\n".join(driver)])


def forward_text(program: Program) -> str:
    """The patch's own part of the file with `forward`."""
    functions, calls = [], []
    for stage in program.stages:
        text, run = stage_forward(program, stage)
        functions.append(text)
        calls += run
    if program.audio:
        text, one = audio_forward(program)
        functions.append(text)
        calls.append(one)
    return _file(program, ["\n".join(_sums(program, False)), *functions], "forward", calls)


def backward_text(program: Program) -> str:
    """The patch's own part of the file with `backward`."""
    functions, calls = [], []
    if program.audio:
        text, one = audio_backward(program)
        functions.append(text)
        calls.append(one)
    for stage in reversed(program.stages):
        text, run = stage_backward(program, stage)
        functions.append(text)
        calls += run
    return _file(program, ["\n".join(_sums(program, True)), *functions], "backward", calls)


def whole(text: str) -> str:
    """A file that can be compiled: `text` behind what all kernels share."""
    spaces = [_space(SAMPLES, "WIDEST", 1), _space(FRAMES, "(WIDEST / 2)", 0)]
    return "\n".join([header("threads.h"), header("call.h"), *spaces, text])


def _space(name: str, lanes: str, pair: int) -> str:
    """Vectors of one width, and what loops on them share."""
    definitions = f"#define LANES {lanes}\n#define PAIR {pair}"
    return "\n".join(
        [definitions, f"namespace {name} {{", header("lanes.h"), header("kernel.h"), "}", "#undef LANES\n#undef PAIR"]
    )

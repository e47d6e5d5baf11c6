"""Stages of the work at control rate, forwards and back: frames of one stage do not wait for each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from patchc.compiler.fused.nodes import Node, State, ancestors
from patchc.compiler.fused.printing.loop import Cotangents, Loop
from patchc.compiler.fused.printing.scope import Scope
from patchc.compiler.fused.program import LOOKS, Program, Stage
from patchc.compiler.plan import Rate

SPACE = "by_frame"


class StageLoop(Loop):
    """One stage. Only cells that remember (a filter at control rate) make its frames wait for each other."""

    space = SPACE

    def __init__(self, program: Program, stage: Stage, end: str = "") -> None:
        whole = "true" if stage.states else "false"
        super().__init__(program, f"frames_{stage.level}{end}", "c.frames", whole)
        self.stage = stage
        self.again = bool(end)
        self.keys = sorted({node.value for node in program.stage_nodes(stage) if node.op == "noise"})
        self.body = Scope(program, self.fixed, 2)

    def number(self, state: State) -> int:
        return self.graph.states.index(state)

    def begin(self, nodes: Sequence[Node]) -> None:
        """Constants that `nodes` need, and which frames the lanes start at."""
        self.constants([*nodes, *self.stage.roots])
        self.fixed.say("const D tick = first_frame(at);")
        if self.keys:
            self.fixed.say("const U first_sample = sample_count(at, 1);")
        for place, key in enumerate(self.keys):
            self.fixed.say(f"const Stream noise_{place} = stream(c, at, {key % 2**64}ull);")

    def work(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self.read(node)
            leaf = self._leaf(node)
            if leaf is None:
                self.body.define(node)
            else:
                self._name(node, *leaf)

    def read(self, node: Node) -> None:
        """Reads what `node` needs from the slots of earlier stages."""
        for arg in (*node.args, node):
            known = any(self.body.find(arg, double) for double in (True, False))
            if arg.rate is Rate.CONTROL and self.program.read_in(self.stage, arg) and not known:
                self._name(arg, self.slot(arg, "frame"), self.program.double(arg))

    def _name(self, node: Node, text: str, double: bool) -> None:
        self.body.say(f"const {'D' if double else 'F'} v{node.number} = {text};")
        self.body.call(node, f"v{node.number}", double)

    def _leaf(self, node: Node) -> tuple[str, bool] | None:
        """What a leaf is in this frame, and whether in double precision."""
        match node.op:
            case "control_in":
                return f"row_frame(c.control_in, {node.value}, c.control_in_step, c, at, frame)", False
            case "noise":
                stream = f"noise_{self.keys.index(node.value)}"
                return f"noise({stream}.first, {stream}.second, first_sample + (unsigned)frame)", False
            case "tick":
                return "clamp_max(tick + (double)frame, d(c.frames - 1))", True
            case "behind" | "ahead" | "beyond":
                target = self.graph.nodes[node.value]
                return self.slot(target, f"frame + {LOOKS[node.op]}"), self.program.double(target)
            case "state":
                return (
                    (self.slot(node, "frame"), self.program.double(node)) if self.again else (f"s{node.value}", False)
                )
            case "given":
                return node.value, False
        return None

    def carry(self, moves: Iterable[tuple[State, str]], prefix: str) -> None:
        """Moves what is carried from frame to frame, all at once."""
        moved = [(f"{prefix}{self.number(state)}", value) for state, value in moves]
        for name, value in moved:
            self.body.say(f"const F next_{name} = {value};")
        for name, _ in moved:
            self.body.say(f"{name} = next_{name};")


class StageForward(StageLoop):
    def __init__(self, program: Program, stage: Stage) -> None:
        super().__init__(program, stage)
        nodes = program.stage_nodes(stage)
        self.begin(nodes)
        for state in stage.states:
            self.fixed.say(f"F s{self.number(state)} = f(0);")
        self.work(nodes)
        for node in stage.roots:
            self.read(node)
        for node in stage.stored:
            self._write(node, program.slots[node], program.double(node))
        for state in stage.sums:
            if state.step is not None:
                self._write(state.step, program.slots[state.node], True)
        for root in stage.outputs:
            self.body.say(f"keep_frame(c.control, {root.place}, {self.body.hand_on(root.node)}, c, at, frame);")
        self.carry(
            ((one, self.body.take(one.following, False)) for one in stage.states if one.following is not None), "s"
        )

    def _write(self, node: Node, slot: int, double: bool) -> None:
        memory, value = "doubles" if double else "singles", self.body.take(node, double)
        self.body.say(f"write_slot(c.{memory}, {value}, c, at, frame, {slot}, {self.slots});")

    def text(self) -> str:
        return self.print(["  for (long frame = 0; frame < at.length; frame++) {", *self.body.lines, "  }"])


class StageBackward(StageLoop):
    """Gradients come from the slots this stage filled, and go to those it read."""

    def __init__(self, program: Program, stage: Stage) -> None:
        super().__init__(program, stage, "_back")
        found = self._gradients()
        self.fixed_found = {node: grad for node, grad in found.items() if node.rate is Rate.CONSTANT}
        slots = {node: grad for node, grad in found.items() if node.rate is Rate.CONTROL and self._read(node)}
        ahead = {node: grad for node, grad in found.items() if node.op == "ahead"}
        control_in = {node: grad for node, grad in found.items() if node.op == "control_in"}
        carried = [(state, found.get(state.node)) for state in stage.states]
        goals = [*self.fixed_found.values(), *slots.values(), *ahead.values(), *control_in.values()]
        goals += [grad for _, grad in carried if grad is not None]
        nodes = ancestors(goals, self._within) if goals else []
        self.begin([*nodes, *self.fixed_found])
        for state in stage.states:
            self.fixed.say(f"F back_{self.number(state)} = f(0);")
        for node in self.fixed_found:
            self.fixed.say(f"D total_{node.number} = d(0);")
        self.work(nodes)
        for node, grad in slots.items():
            self._add("here", grad, program.slots[node], "frame")
        for node, grad in ahead.items():
            self._add("there", grad, program.slots[self.graph.nodes[node.value]], "frame + 1")
        for node, grad in control_in.items():
            value = self.body.take(grad, False)
            self.body.say(f"add_frame(c.grad_control_in, {node.value}, {value}, c, at, frame);")
        self._total()
        self.carry(((one, "f(0)" if g is None else self.body.take(g, False)) for one, g in carried), "back_")

    def _gradients(self) -> dict[Node, Node]:
        cotangents, slots = Cotangents(self.program, Rate.CONTROL), self.program.slots
        for node in self.stage.stored:
            here, there = (self._found(where, slots[node]) for where in ("here", "there"))
            cotangents.seed(node, f"{here} + {there}")
        for state in self.stage.sums:
            if state.step is not None:
                cotangents.seed(state.step, self._found("here", slots[state.node]))
        for root in self.stage.outputs:
            cotangents.seed(root.node, f"row_frame(c.grad_control, {root.place}, 1, c, at, frame)")
        for state in self.stage.states:
            if state.following is not None:
                cotangents.seed(state.following, f"back_{self.number(state)}")
        return cotangents.gradients(self._within)

    def _found(self, where: str, slot: int) -> str:
        return f"read_slot<F>(c.{where}, c, at, frame, {slot}, {self.slots})"

    def _read(self, node: Node) -> bool:
        return self.program.read_in(self.stage, node)

    def _within(self, node: Node) -> bool:
        return node.rate is Rate.CONTROL and not self._read(node)

    def _add(self, where: str, grad: Node, slot: int, frame: str) -> None:
        value = self.body.take(grad, False)
        self.body.say(f"add_slot(c.{where}, {value}, c, at, {frame}, {slot}, {self.slots});")

    def _total(self) -> None:
        if self.fixed_found:
            self.body.say("const M counted = inside(c, at, frame);")
        for node, grad in self.fixed_found.items():
            value = self.body.take(grad, False)
            self.body.say(f"total_{node.number} += to_f64(select(counted, {value}, f(0)));")

    def text(self) -> str:
        ending = self.back_to_columns([(node, f"total_{node.number}") for node in self.fixed_found])
        head = "  for (long frame = at.length - 1; frame >= 0; frame--) {"
        return self.print([head, *self.body.lines, "  }"], ending)

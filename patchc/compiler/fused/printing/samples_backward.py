"""The backward pass through the samples: frame by frame, from the states each frame began with."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from patchc.compiler.fused.cost import OPERATIONS
from patchc.compiler.fused.nodes import Node, ancestors
from patchc.compiler.fused.printing.loop import Cotangents, tile
from patchc.compiler.fused.printing.samples import SampleLoop, every_sample, kind, steps
from patchc.compiler.fused.printing.scope import Scope
from patchc.compiler.fused.program import Program
from patchc.compiler.plan import Rate

RECOMPUTE_COST = 5
"""Instructions from which a value is kept by the replay and not worked out a second time."""


class SamplesBackward(SampleLoop):
    """Works each frame out again, then goes back through it with the gradients for what came out of it.

    `grad_out_0[i]` are gradients for wanted signals, `back_0` those for a state after a sample. Of lines between frames
    it finds the `sum` of gradients and their `tilt` towards the end, of constants a `part` for the frame and the
    `total`.
    """

    def __init__(self, program: Program) -> None:
        super().__init__(program, "samples_back", "true" if program.lasting else "false")
        self.states = program.audio_states
        found = self._gradients()
        self.lines = {node: found[node] for node in program.bridges if node in found}
        for node in self.curves:
            if node in self.lines:  # by the logarithm, which is what runs straight
                self.lines[node] = self.graph.apply("mul", self.lines[node], node)
        self.fixed_found = {node: grad for node, grad in found.items() if node.rate is Rate.CONSTANT}
        audio_in = [node for node in program.audio_nodes if node.op == "audio_in"]
        self.audio_in_found = {node: found.get(node, self.graph.const(0.0)) for node in audio_in}
        self.carried = [(state, found.get(state.node)) for state in self.states]
        goals = [*self.lines.values(), *self.fixed_found.values(), *self.audio_in_found.values()]
        goals += [grad for _, grad in self.carried if grad is not None]
        nodes, self.kept = self._shared(goals)
        self.begin([*nodes, *program.audio_nodes, *steps(self.states), *self.fixed_found])
        self._declare()
        self._begin_frame()
        self.replay = self._replay()
        self.body = Scope(program, self.frame, 3)
        for node in self.kept:
            self.body.call(node, f"kept_{node.number}[i]", False)
        self.work(self.body, nodes, again=True)
        self._collect()
        self.after = Scope(program, self.frame, 2)
        self._end_frame()

    def text(self) -> str:
        totals = [(node, f"total_{node.number}") for node in self.fixed_found]
        ending = self.back_to_columns([*totals, *(total for one in self.placings for total in one.totals())])
        return self.print(
            ["  for (long frame = at.length - 1; frame >= 0; frame--) {"],
            self.frame.lines,
            self.replay,
            ["    for (int i = HOP - 1; i >= 0; i--) {", *self.body.lines, "    }"],
            self.after.lines,
            ["  }"],
            ending,
        )

    def _gradients(self) -> dict[Node, Node]:
        cotangents = Cotangents(self.program, Rate.AUDIO)
        for number, node in enumerate(self.program.audio):
            cotangents.seed(node, f"grad_out_{number}[i]")
        for state in self.states:
            back = f"back_{self.number(state)}"
            for node in steps([state]):
                cotangents.seed(node, back)
            if state.is_phase:
                cotangents.seed(state.node, back)
        return cotangents.gradients(_audio)

    def _shared(self, goals: Sequence[Node]) -> tuple[list[Node], list[Node]]:
        """What is worked out in the backward pass for `goals`, and what the replay has for it already and is
        expensive."""
        if not goals:
            return [], []
        replayed = set(_behind(steps(self.states)))
        expensive = {
            node for node in replayed.intersection(_behind(goals)) if OPERATIONS.get(node.op, 1) >= RECOMPUTE_COST
        }
        nodes = _behind(goals, expensive)
        used = {arg for node in nodes for arg in node.args}.union(goals)
        return nodes, [node for node in self.program.audio_nodes if node in expensive and node in used]

    def _declare(self) -> None:
        say = self.fixed.say
        for state in self.states:
            say(f"F back_{self.number(state)} = f(0);")
            say(tile(f"kept_s{self.number(state)}"))
        for node in [*self.curves, *self.kept]:
            say(tile(f"kept_{node.number}"))
        for node in self.fixed_found:
            say(f"D total_{node.number} = d(0);")
        for number in range(len(self.program.audio)):
            say(tile(f"grad_out_{number}"))
        for node in self.audio_in_found:
            say(tile(f"grad_in_{node.value}"))
        for placing in self.placings:
            placing.declare(self.fixed)

    def _begin_frame(self) -> None:
        say, lasting = self.frame.say, self.program.lasting
        for number in range(len(self.program.audio)):
            say(f"fetch_tile(c.grad_audio, {number}, 1, grad_out_{number}, c, at, frame, HOP);")
        for place, state in enumerate(lasting):
            read = f"read_slot<F>(c.states, c, at, frame, {place}, {len(lasting)})"
            say(f"{kind(state)} s{self.number(state)} = {f'to_f64({read})' if state.is_phase else read};")
        for state in self.states:
            if state.start is not None:
                say(f"back_{self.number(state)} = f(0);")
        for node in self.lines:
            say(f"F sum_{node.number} = f(0), tilt_{node.number} = f(0);")
        for node in self.fixed_found:
            say(f"F part_{node.number} = f(0);")

    def _replay(self) -> list[str]:
        """Goes through the frame once more to keep what each sample began with."""
        if not self.states and not self.curves:
            return []
        body = Scope(self.program, self.frame, 3)
        for state in self.states:
            body.say(f"kept_s{self.number(state)}[i] = {self.now(state)};")
        for node in self.curves:
            body.say(f"kept_{node.number}[i] = to_f32(curve_{node.number});")
        self.work(body, _behind(steps(self.states)))
        for node in self.kept:
            body.say(f"kept_{node.number}[i] = {body.take(node, False)};")
        self.move_on(body, self.states, self.curves)
        return every_sample(body.lines)

    def _collect(self) -> None:
        body = self.body
        for node, grad in self.lines.items():
            value = body.take(grad, False)
            body.say(f"sum_{node.number} += {value}, tilt_{node.number} += {value} * (float)i;")
        for node in (one for placing in self.placings for one in placing.placement.nodes):
            pulled = body.take(self.lines[node], False) if node in self.lines else "f(0)"
            body.say(f"grad_in_at_{node.number}[i] = {pulled};")
        for node, grad in self.fixed_found.items():
            body.say(f"part_{node.number} += {body.take(grad, False)};")
        for node, grad in self.audio_in_found.items():
            body.say(f"grad_in_{node.value}[i] = {body.take(grad, False)};")
        moved = [(self.number(one), "f(0)" if grad is None else body.take(grad, False)) for one, grad in self.carried]
        for number, value in moved:
            body.say(f"const F next_{number} = {value};")
        for number, _ in moved:
            body.say(f"back_{number} = next_{number};")

    def _end_frame(self) -> None:
        say = self.after.say
        for placing in self.placings:
            for node in (one for one in placing.placement.nodes if one in self.lines):
                self._leave_marked(node, placing.number)
        for node in self.lines:
            self._end_line(node)
        for placing in self.placings:
            placing.end_frame(self.after)
        for state in self.states:
            if state.start is not None:
                self._add("here", f"back_{self.number(state)}", state.start, "frame")
        for node in self.fixed_found:
            say(f"total_{node.number} += to_f64(part_{node.number});")
        for node in self.audio_in_found:
            say(f"keep_tile(c.grad_audio_in, {node.value}, grad_in_{node.value}, c, at, frame, HOP);")

    def _leave_marked(self, node: Node, placing: int) -> None:
        """In lanes whose frame is marked no line was played."""
        for name in (f"sum_{node.number}", f"tilt_{node.number}"):
            self.after.say(f"{name} = select(eq(marked_{placing}, f(0)), {name}, f(0));")

    def _end_line(self, node: Node) -> None:
        number = node.number
        self.after.say(f"const F end_{number} = tilt_{number} * {1 / self.hop!r}f;")
        here, there = f"(sum_{number} - end_{number})", f"end_{number}"
        if node.op == "curve":
            here, there = f"{here} / to_f32(here_{number})", f"{there} / to_f32(there_{number})"
        self._add("here", here, node.args[0], "frame")
        self._add("there", there, node.args[0], "frame + 1")

    def _add(self, where: str, value: str, node: Node, frame: str) -> None:
        slot = self.program.slots[node]
        self.after.say(f"add_slot(c.{where}, {value}, c, at, {frame}, {slot}, {self.slots});")


def _behind(goals: Sequence[Node], but: Collection[Node] = ()) -> list[Node]:
    """What is worked out for every sample to know `goals`, `but` what is known."""
    return ancestors(goals, lambda node: _audio(node) and node not in but) if goals else []


def _audio(node: Node) -> bool:
    return node.rate is Rate.AUDIO

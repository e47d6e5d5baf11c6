"""Signals that jump or bend between frames: in marked frames each sample is worked out from the formula itself.

Few voices have something to say in a frame, so the lanes hold 16 samples of one voice here, and not one of 16 voices.
"""

from __future__ import annotations

from collections.abc import Sequence

from patchc.compiler.fused.nodes import Node, ancestors
from patchc.compiler.fused.printing.loop import Cotangents, tile
from patchc.compiler.fused.printing.scope import Scope
from patchc.compiler.fused.program import Placement, Program
from patchc.compiler.plan import Rate

SIGNATURE = "const Call& c, const Item& at, long frame, int lane"
GIVEN = "c, at, frame, lane"


class PlacedScope(Scope):
    """Rounds every product by itself, so that no bit depends on what else is worked out for the same frames."""

    def expression(self, node: Node, double: bool) -> str:
        found = super().expression(node, double)
        return f"no_contract({found})" if node.op == "mul" else found


class Placing:
    """The functions of one placement, and what a loop says to call them."""

    def __init__(self, program: Program, number: int) -> None:
        self.program = program
        self.graph = program.graph
        self.number = number
        self.placement: Placement = program.placements[number]
        self.exact = [self.graph.nodes[node.value] for node in self.placement.nodes]
        self.found = self._gradients()
        self.constants = self._constants()

    @property
    def nodes(self) -> list[Node]:
        """What is worked out for every sample."""
        return ancestors([*self.exact, *self.found.values()], _audio)

    def _constants(self) -> list[Node]:
        used = {arg for node in self.nodes for arg in node.args}.union(self.exact, self.found)
        return sorted((one for one in used if one.rate is Rate.CONSTANT and one.op != "const"), key=lambda n: n.number)

    def _gradients(self) -> dict[Node, Node]:
        """Gradients for constants, and for the lines between frames that the formula reads."""
        cotangents = Cotangents(self.program, Rate.AUDIO)
        for node, exact in zip(self.placement.nodes, self.exact, strict=True):
            cotangents.seed(exact, f"column_of(grad_in_at_{node.number}, i, lane, HOP)")
        found = cotangents.gradients(_audio)
        return {node: grad for node, grad in found.items() if node.rate is Rate.CONSTANT or node.op == "line"}

    # --- what a loop says

    def prepare(self, scope: Scope) -> None:
        """Before the frames: the tiles, and the constants where those of a lane are taken from."""
        scope.say(f"double constants_{self.number}[{max(1, len(self.constants))} * WIDEST];")
        for node in self.placement.nodes:
            scope.say(tile(f"tile_{node.number}"))
        for place, node in enumerate(self.constants):
            scope.say(f"keep_constant(constants_{self.number}, {place}, {scope.take(node, True)});")

    def begin_frame(self, scope: Scope, mark: str) -> None:
        """The tiles of a frame are filled in marked lanes only: the others play the line."""
        scope.say(f"const F marked_{self.number} = {mark};")
        scope.say(f"const M straight_{self.number} = eq(marked_{self.number}, f(0));")
        for node in self.placement.nodes:
            here, rise = f"here_{node.number}", f"rise_{node.number}"
            scope.say(f"const F from_{node.number} = to_f32({here}), by_{node.number} = to_f32({rise});")
        tiles = [f"tile_{node.number}" for node in self.placement.nodes]
        self._call(scope, "place", tiles)

    def sample(self, node: Node) -> str:
        """A placed signal in sample `i`."""
        number = node.number
        return f"select(straight_{self.number}, from_{number} + by_{number} * (float)i, tile_{number}[i])"

    def declare(self, scope: Scope) -> None:
        """Before the frames of a backward pass."""
        scope.say(f"double sums_{self.number}[{max(1, len(self.constants))} * WIDEST] = {{}};")
        for node in self.placement.nodes:
            scope.say(tile(f"grad_in_at_{node.number}"))

    def totals(self) -> list[tuple[Node, str]]:
        """Gradients for constants after the frames."""
        names = (f"of_lanes(sums_{self.number}, {place})" for place in range(len(self.constants)))
        return [(node, name) for node, name in zip(self.constants, names, strict=True) if node in self.found]

    def end_frame(self, scope: Scope) -> None:
        """Hands the gradients of marked lanes to the formula."""
        tiles = [f"grad_in_at_{node.number}" for node in self.placement.nodes]
        self._call(scope, "place_back", [*tiles, f"sums_{self.number}"])

    def _call(self, scope: Scope, name: str, tiles: Sequence[str]) -> None:
        number = self.number
        scope.say(f"if (any(marked_{number}))")
        scope.say("  for (int lane = 0; lane < WIDEST; lane++)")
        given = ", ".join([*tiles, f"constants_{number}", GIVEN])
        scope.say(f"    if (sounds(marked_{number}, {GIVEN})) {name}_{number}({given});")

    # --- the functions

    def forward_text(self) -> str:
        fixed, body = self._scopes(self.exact)
        for node, exact in zip(self.placement.nodes, self.exact, strict=True):
            body.say(f"keep_column(tile_{node.number}, {body.take(exact, False)}, i, lane, HOP);")
        tiles = [f"F* tile_{node.number}" for node in self.placement.nodes]
        return self._text("place", tiles, [*fixed.lines, *self._every(body)])

    def backward_text(self) -> str:
        fixed, body = self._scopes([*self.found.values()])
        ending = Scope(self.program, fixed)
        for node, grad in self.found.items():
            number, value = node.number, body.take(grad, False)
            fixed.say(f"F sum_{number} = f(0);")
            body.say(f"sum_{number} += {value};")
            if node.op == "line":
                fixed.say(f"F tilt_{number} = f(0);")
                body.say(f"tilt_{number} += {value} * from_frame(i);")
                self._end_line(ending, node)
            else:
                place = f"{self.constants.index(node)} * WIDEST + lane"
                ending.say(f"sums_{self.number}[{place}] += added(sum_{number});")
        tiles = [f"const F* grad_in_at_{node.number}" for node in self.placement.nodes]
        tiles += [f"double* sums_{self.number}"]
        return self._text("place_back", tiles, [*fixed.lines, *self._every(body), *ending.lines])

    def _end_line(self, scope: Scope, node: Node) -> None:
        number, slot, slots = node.number, self.program.slots[node.args[0]], len(self.program.slots)
        scope.say(f"const double end_{number} = added(tilt_{number}) * {1 / self.program.hop!r};")
        scope.say(f"add_lone(c.here, added(sum_{number}) - end_{number}, c, at, frame, {slot}, {slots}, lane);")
        scope.say(f"add_lone(c.there, end_{number}, c, at, frame + 1, {slot}, {slots}, lane);")

    def _scopes(self, goals: Sequence[Node]) -> tuple[Scope, Scope]:
        """What is worked out once, and for every sample to know `goals`."""
        fixed = Scope(self.program)
        nodes = ancestors(goals, _audio)
        used = {arg for node in nodes for arg in node.args}.union(goals)
        for place, node in enumerate(self.constants):
            if node in used:
                fixed.say(f"const D v{node.number} = constant_of(constants_{self.number}, {place}, lane);")
                fixed.call(node, f"v{node.number}", True)
        body = PlacedScope(self.program, fixed, 2)
        for node in nodes:
            self._define(node, fixed, body)
        return fixed, body

    def _define(self, node: Node, fixed: Scope, body: Scope) -> None:
        number = node.number
        match node.op:
            case "tick":
                body.say(f"const D v{number} = ticks(at, frame, HOP, lane, i);")
                body.call(node, f"v{number}", True)
            case "line":
                here, there = (self._slot(node.args[0], frame) for frame in ("frame", "frame + 1"))
                fixed.say(f"const float here_{number} = {here}, rise_{number} = ({there} - here_{number}) / HOP;")
                body.say(f"const F v{number} = here_{number} + rise_{number} * from_frame(i);")
                body.call(node, f"v{number}", False)
            case "given":
                body.say(f"const F v{number} = {node.value};")
                body.call(node, f"v{number}", False)
            case _:
                body.define(node)

    def _slot(self, node: Node, frame: str) -> str:
        memory, slots = "doubles" if self.program.double(node) else "singles", len(self.program.slots)
        return f"(float)lone_slot(c.{memory}, c, at, {frame}, {self.program.slots[node]}, {slots}, lane)"

    def _every(self, body: Scope) -> list[str]:
        return ["  for (int i = 0; i < HOP; i += WIDEST) {", *body.lines, "  }"]

    def _text(self, name: str, tiles: Sequence[str], lines: Sequence[str]) -> str:
        given = ", ".join([*tiles, f"const double* constants_{self.number}", SIGNATURE])
        head = f"NOINLINE void {name}_{self.number}({given}) {{"
        return "\n".join(["namespace by_sample {", head, *lines, "}", "}"])


def placings(program: Program) -> list[Placing]:
    """One for each placement."""
    return [Placing(program, number) for number in range(len(program.placements))]


def _audio(node: Node) -> bool:
    return node.rate is Rate.AUDIO

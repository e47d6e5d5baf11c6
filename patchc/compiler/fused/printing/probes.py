"""What a chunk of time does to the states that last through it, found out for all chunks at once.

A filter's state after a chunk is a matrix times the state before it, plus what came in meanwhile. A probe runs every
chunk from rest and multiplies up the matrix on the way; joining them in order gives the state each chunk begins
with. Filters behind filters take a probe each. (Blelloch 1990, Prefix Sums and Their Applications.)
"""

from __future__ import annotations

from patchc.compiler.fused.nodes import Node, State, ancestors
from patchc.compiler.fused.printing.samples import FRAME, SampleLoop, begin_states, every_sample, kind, steps
from patchc.compiler.fused.printing.scope import Scope
from patchc.compiler.fused.program import Program
from patchc.compiler.fused.vjp import gradients
from patchc.compiler.plan import Rate


class Probe(SampleLoop):
    """Runs every chunk as far as the states of one level need it, those of earlier levels being known.

    In `ends` it leaves, one behind the other, what its states come to and the rows of the matrix.
    """

    def __init__(self, program: Program, level: int) -> None:
        super().__init__(program, f"probe_{level}", "false")
        self.level = level
        before = [state for states in program.lasting_levels[:level] for state in states]
        self.own = list(program.lasting_levels[level])
        self.linear = [state for state in self.own if not state.is_phase and not state.finite]
        self.gradients = [self._gradients(state) for state in self.linear]
        within = [state for state in program.audio_states if state.start is not None]
        needed = self._needed([*before, *self.own])
        goals = [*needed, *(node for row in self.gradients for node in row if node is not None)]
        nodes = ancestors(goals, lambda node: node.rate is Rate.AUDIO)
        used = {node.value for node in nodes if node.op == "state"}
        moving = [one for one in (*within, *before, *self.own) if self.number(one) in used or one in self.own]
        nodes = ancestors([*goals, *steps(moving)], lambda node: node.rate is Rate.AUDIO)
        self.begin([*nodes, *steps(moving), *goals])
        begin_states(self, before)
        for state in self.own:
            self.fixed.say(f"{kind(state)} s{self.number(state)} = {kind(state).lower()}(0);")
        for i, state in enumerate(self.linear):
            row = ", ".join(f"m{self.number(state)}_{k} = f({int(i == k)})" for k in range(len(self.linear)))
            self.fixed.say(f"F {row};")
        self.body = Scope(program, self.frame, 3)
        self.work(self.body, nodes)
        self._multiply()
        self.move_on(self.body, moving, self.curves)

    @property
    def width(self) -> int:
        return len(self.own) + len(self.linear) ** 2

    def _needed(self, states: list[State]) -> list[Node]:
        return [node for node in steps(states) if node.rate is Rate.AUDIO]

    def _gradients(self, state: State) -> list[Node | None]:
        """How the state that follows depends on each of the linear states before it."""
        (following,) = steps([state])
        found = gradients({following: self.graph.const(1.0)}, lambda node: node.rate is Rate.AUDIO)
        return [found.get(state.node) for state in self.linear]

    def _multiply(self) -> None:
        """The matrix so far, by that of this sample."""
        body, names = self.body, [self.number(state) for state in self.linear]
        for state, row in zip(self.linear, self.gradients, strict=True):
            for k in range(len(names)):
                parts = [
                    f"{body.take(gradient, False)} * m{names[j]}_{k}"
                    for j, gradient in enumerate(row)
                    if gradient is not None
                ]
                body.say(f"const F next_{self.number(state)}_{k} = {' + '.join(parts) or 'f(0)'};")
        for name in names:
            for k in range(len(names)):
                body.say(f"m{name}_{k} = next_{name}_{k};")

    def text(self) -> str:
        values = [f"to_f64(s{self.number(state)})" for state in self.own]
        size = range(len(self.linear))
        values += [f"to_f64(m{self.number(state)}_{k})" for state in self.linear for k in size]
        kept = [f"  keep_end(c, at, {place}, {self.width}, {value});" for place, value in enumerate(values)]
        frames = [*FRAME, *self.frame.lines, *every_sample(self.body.lines), "  }"]
        return "\n\n".join([self.print(frames, kept), self._join()])

    def _join(self) -> str:
        """The function that goes through the chunks of one voice in order."""
        every = self.program.lasting
        names = [self.number(state) for state in self.own]
        lines = [
            f"LOOP void join_{self.level}(const Call& c, long voice) {{",
            "  if (voice >= c.batch) return;",
            f"  double {', '.join(f's{name} = 0' for name in names)};",
            "  for (long piece = 0; piece * c.chunk < c.frames - 1; piece++) {",
            f"    double* start = c.starts + (piece * c.batch + voice) * {len(every)};",
            f"    const double* end = c.ends + (piece * c.batch + voice) * {self.width};",
            *(f"    start[{every.index(state)}] = s{self.number(state)};" for state in self.own),
            *(f"    const double next_{self.number(state)} = {self._after(state)};" for state in self.own),
            *(f"    s{name} = next_{name};" for name in names),
            "  }",
            "}",
        ]
        return "\n".join(lines)

    def _after(self, state: State) -> str:
        place = f"end[{self.own.index(state)}]"
        if state.is_phase:
            return f"s{self.number(state)} + {place}"
        if state.finite:
            return place
        row = len(self.own) + self.linear.index(state) * len(self.linear)
        parts = [f"end[{row + k}] * s{self.number(other)}" for k, other in enumerate(self.linear)]
        return " + ".join([place, *parts])

    def calls(self) -> list[str]:
        return [self.run(), f"  RUN(join_{self.level}, c.batch);"]


def probes(program: Program) -> list[Probe]:
    """One for each level of lasting states."""
    return [Probe(program, level) for level in range(len(program.lasting_levels))]

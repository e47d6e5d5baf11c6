"""What all loops of a kernel have in common: constants before them, slots within, columns after the backward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from patchc.compiler.fused.nodes import Node, ancestors
from patchc.compiler.fused.printing.scope import Scope
from patchc.compiler.fused.program import Program
from patchc.compiler.fused.vjp import gradients
from patchc.compiler.plan import Rate

STACK = 2**17
"""Bytes of tiles that lie on the stack of a thread, at most, which may be a small one; more lie on the heap."""

TILE_BYTES = 64
"""For one sample in the widest lanes."""


def tile(name: str) -> str:
    """Declares the memory of one frame's samples, before the frames."""
    return f"TILE({name});"


class Loop:
    """One loop over frames in one direction, printed as a function of its own."""

    space: ClassVar[str]
    """The lanes it is written for: of single precision for samples, of double precision for frames."""

    def __init__(self, program: Program, name: str, total: str, whole: str) -> None:
        """`total` frames, in C++, and whether they wait for each other (`true`, `false`, or as a call has it)."""
        self.program = program
        self.graph = program.graph
        self.name = name
        self.total = total
        self.whole = whole
        self.fixed = Scope(program)
        self.slots = len(program.slots)

    def constants(self, nodes: Iterable[Node]) -> None:
        """Works out the constants that `nodes` use, before the loop."""
        wanted = {arg for node in nodes for arg in (*node.args, node) if arg.rate is Rate.CONSTANT}
        for node in ancestors(wanted) if wanted else []:
            if node.op == "column":
                self.fixed.say(f"const D v{node.number} = column(c, at, {node.value});")
                self.fixed.call(node, f"v{node.number}", True)
            elif node.op != "const":
                self.fixed.define(node)

    def slot(self, node: Node, frame: str) -> str:
        """The value of a slot at a frame."""
        how = "doubled" if self.program.double(node) else "single"
        return f"{how}(c, at, {frame}, {self.program.slots[node]}, {self.slots})"

    def print(self, *blocks: Sequence[str]) -> str:
        tiles = sum(line.lstrip().startswith("TILE(") for line in self.fixed.lines)
        large = tiles * self.program.hop * TILE_BYTES > STACK
        lines = [
            "#undef TILE",
            f"#define TILE(name) {'HEAP' if large else 'STACK'}_TILE(name)",
            f"namespace {self.space} {{",
            f"LOOP void {self.name}(const Call& c, long number) {{",
            f"  const Item at = place(c, number, {self.total}, {self.whole});",
            *self.fixed.lines,
            *(line for block in blocks for line in block),
            "}",
            "}",
        ]
        return "\n".join(lines)

    # --- calls

    @property
    def items(self) -> str:
        """How many items of work there are, in C++."""
        return f"{self.space}::items(c, {self.total}, {self.whole})"

    def run(self) -> str:
        return f"  RUN({self.space}::{self.name}, {self.items});"

    def run_back(self) -> str:
        """The call of a way back, which adds what it found to the gradients for columns."""
        columns = self.program.columns
        if not columns:
            return self.run()
        size = f"{self.items} * {columns} * WIDEST * sizeof(float)"
        gathered = f"GATHER({self.space}, {self.items}, {self.total}, {self.whole}, {columns});"
        return "\n".join([f"  CLEAR(c.partial, {size});", self.run(), f"  {gathered}"])

    def back_to_columns(self, totals: Sequence[tuple[Node, str]]) -> list[str]:
        """From gradients for constants, by their names, to those for the columns of what was call_inputs in."""
        scope = Scope(self.program, self.fixed)
        known = {node for node, _ in self.fixed.names}
        cotangents = Cotangents(self.program, Rate.CONSTANT)
        for node, name in totals:
            leaf = cotangents.seed(node, name)
            scope.call(leaf, name, True)
            known.add(leaf)
        found = cotangents.gradients(lambda node: node.rate is Rate.CONSTANT)
        columns = {node: grad for node, grad in found.items() if node.op == "column"}
        for node in ancestors(columns.values(), lambda node: node not in known) if columns else []:
            if node.op not in ("const", "given"):
                scope.define(node)
        for node, grad in columns.items():
            scope.say(f"keep_partial(c, at, {node.value}, {self.program.columns}, {scope.take(grad, True)});")
        return scope.lines


class Cotangents:
    """Gradients that come into a loop, by the names they have in C++, and what becomes of them."""

    def __init__(self, program: Program, rate: Rate) -> None:
        self._graph = program.graph
        self._rate = rate
        self._seeds: dict[Node, Node] = {}

    def seed(self, node: Node, text: str) -> Node:
        """The leaf that stands for a gradient for `node`, called `text`."""
        leaf = self._graph.leaf("given", text, self._rate)
        if node.op != "const":
            old = self._seeds.get(node)
            self._seeds[node] = leaf if old is None else self._graph.apply("add", old, leaf)
        return leaf

    def gradients(self, within: Callable[[Node], bool]) -> dict[Node, Node]:
        """Gradients for all that is reached without leaving `within`, its edge included."""
        return gradients(self._seeds, within)

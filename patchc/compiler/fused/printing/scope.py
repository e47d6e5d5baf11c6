"""A block of C++ in the making: each value is worked out once, and found again by its node and its precision."""

from __future__ import annotations

import math

from patchc.compiler.fused.nodes import COMPARISONS, Node
from patchc.compiler.fused.program import Program

INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


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

    def take(self, node: Node, double: bool, bare: bool = False) -> str:
        """An expression for the value of `node` in one of the precisions; a bare number only where one may stand."""
        if node.op == "const":
            return literal(node.value, double, bare)
        if node.op in COMPARISONS:
            found = self.find(node, False)
        else:
            found = self.find(node, double) or self._converted(node, double)
        assert found is not None, f"{node.op} {node.number} is not known here"
        return found

    def scaled(self, node: Node, factor: float) -> str:
        """An expression in double precision for `factor` times the value of `node`."""
        if node.op == "mul" and node.args[1].op == "const":
            return f"{self.take(node.args[0], True)} * {literal(node.args[1].value * factor, True, bare=True)}"
        return f"{self.take(node, True)} * {literal(factor, True, bare=True)}"

    def hand_on(self, node: Node) -> str:
        """An expression in single precision for a signal that leaves the loop, which changes nothing within it."""
        if node.op != "mul":
            return self.take(node, False)
        double = self.program.double(node)
        made = f"product({', '.join(self.take(arg, double) for arg in node.args)})"
        return f"to_f32({made})" if double else made

    def _converted(self, node: Node, double: bool) -> str | None:
        scope: Scope | None = self
        while scope is not None and (node, not double) not in scope.names:
            scope = scope.parent
        if scope is None:
            return None
        other = scope.names[node, not double]
        name = f"{'w' if double else 'n'}{node.number}"
        scope.say(f"const {'D' if double else 'F'} {name} = {'to_f64' if double else 'to_f32'}({other});")
        scope.call(node, name, double)
        return name

    def define(self, node: Node) -> None:
        """Works `node` out."""
        double = self.program.double(node)
        name = f"v{node.number}"
        kind = "D" if double else "F"
        if node.op in COMPARISONS:
            double = any(self._known_double(arg) for arg in node.args if arg.rate is node.rate)
            kind, self.names[node, False] = ("N" if double else "M"), name
        else:
            self.call(node, name, double)
        if node.origin != self._origin and node.origin:
            self.say(f"// {node.origin}")
        self._origin = node.origin
        self.say(f"const {kind} {name} = {self.expression(node, double)};")

    def _known_double(self, node: Node) -> bool:
        """Whether `node` is at hand in double precision: in the backward pass only some values are kept in it."""
        return self.program.double(node) and self.find(node, True) is not None

    def expression(self, node: Node, double: bool) -> str:
        if node.op == "div" and node.args[0].op == "const" and node.args[0].value == 1.0:
            return f"reciprocal({self.take(node.args[1], double)})"
        if node.op in INFIX:
            left, right = (self.take(arg, double, bare=True) for arg in node.args)
            return f"{left} {INFIX[node.op]} {right}"
        return f"{node.op}({', '.join(self.take(arg, double) for arg in node.args)})"


def literal(value: float, double: bool, bare: bool) -> str:
    end = "" if double else "f"
    if math.isfinite(value):
        text = repr(float(value)) + end
    elif math.isnan(value):
        text = f'__builtin_nan{end}("")'
    else:
        text = f"{'-' if value < 0 else ''}__builtin_inf{end}()"
    return text if bare else f"{'d' if double else 'f'}({text})"

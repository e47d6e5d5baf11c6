"""The parts of a statement as canonical text: names, numbers as they were written, values, cables."""

from __future__ import annotations

import re

from patchc.syntax import tree

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?")
_WEIGHT = re.compile(r"\*\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)$")
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}


def digits(written: str, value: float) -> str:
    """The number a stretch of text starts with, if it is `value`; otherwise `value` anew."""
    match = _NUMBER.match(written)
    return match[0] if match and float(match[0]) == value else f"{value:.15g}"


def number(node: tree.Number) -> str:
    return f"{digits(node.span.text, node.value)} {node.unit}".rstrip()


def expr(node: tree.Expr) -> str:
    if isinstance(node, tree.Number):
        return number(node)
    if isinstance(node, tree.Ref):
        return node.text
    left, right = expr(node.left), expr(node.right)
    if _strength(node.left) < _BINDS[node.op]:
        left = f"({left})"
    if _strength(node.right) <= _BINDS[node.op]:
        right = f"({right})"
    return f"{left} {node.op} {right}"


def _strength(node: tree.Expr) -> int:
    return _BINDS[node.op] if isinstance(node, tree.Binary) else 3


def literal(node: tree.Literal | tree.Expr) -> str:
    if isinstance(node, tree.Str):
        return f'"{node.text}"'
    if isinstance(node, tree.ListLiteral):
        return f"[{', '.join(map(literal, node.items))}]"
    return expr(node)


def domain(node: tree.Interval | tree.ListLiteral) -> str:
    if isinstance(node, tree.ListLiteral):
        return literal(node)
    text = f"{expr(node.low)} .. {expr(node.high)}"
    if node.curve is not None:
        text += f" {node.curve.name}"
        if node.curve.power is not None:
            text += f" {digits(node.curve.span.text.removeprefix('pow').lstrip(), node.curve.power)}"
    return text if node.step is None else f"{text} step {number(node.step)}"


def vector(node: tree.Vector) -> str:
    return f"[{', '.join(map(expr, node.items))}]"


def value(node: tree.Value) -> str:
    parts = [node.role] if node.role else []
    if node.expr is not None:
        parts.append(vector(node.expr) if isinstance(node.expr, tree.Vector) else expr(node.expr))
    if node.domain is not None:
        parts += ["in", domain(node.domain)]
    if node.prior is not None:
        parts.append(f"~ {node.prior.name}({', '.join(map(expr, node.prior.args))})")
    return " ".join(parts)


def guards(nodes: tuple[tree.Guard, ...]) -> str:
    """With two spaces before each, so that the eye finds what may be absent."""
    return "".join(
        f"  maybe {value(node.chance)}"
        if isinstance(node, tree.Maybe)
        else f"  when {node.param.text} is {node.member.text}"
        for node in nodes
    )


def cable(node: tree.Cable) -> str:
    depth = f" * {value(node.depth)}" if node.depth is not None else ""
    return f"{node.source.text}{depth}{guards(node.guards)}"


def args(nodes: tuple[tree.Arg, ...]) -> str:
    return f"({', '.join(f'{node.name.text} = {literal(node.value)}' for node in nodes)})" if nodes else ""


def loss(node: tree.LossUse) -> str:
    written = _WEIGHT.search(node.span.text)
    weight = f" * {digits(written[1], node.weight)}" if written else f" * {node.weight:.15g}"
    return f"{node.name.text}{args(node.args)}{weight if written or node.weight != 1.0 else ''}"


def deco(node: tree.Deco) -> str:
    return f"@{node.name}{args(node.args)}"


def width(node: tree.Input | tree.Param) -> str:
    return "" if node.width is None else f"[{node.width}]"


def generics(nodes: tuple[tree.Generic, ...]) -> str:
    texts = [
        f"{node.name.text} : {node.kind}{f' = {expr(node.default)}' if node.default is not None else ''}"
        for node in nodes
    ]
    return f"({', '.join(texts)})" if texts else ""

"""The cables of a graph as pictures show them: from where to where, of which kind, certain or not, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from patchc.cells.spec import Kind
from patchc.graph import spell
from patchc.graph.model import Arith, Cable, Cell, Expr, Graph, NameRef, Port
from patchc.graph.rules.facts import Facts


@dataclass(frozen=True)
class Wire:
    """`target` is a cell's name (then `port` is one of its ports) or an output's (then `port` is empty)."""

    source: str
    target: str
    port: str
    kind: Kind
    optional: bool
    words: str


def wires(graph: Graph) -> Iterator[Wire]:
    """Every cable, and a line for every input that stands in a port's number: `freq = pitch` is heard as well."""
    facts = Facts(graph)
    inputs = {item.name for item in graph.inputs}
    for cell in graph.cells:
        for port in cell.ports:
            yield from _named(cell, port, inputs)
            for cable in port.cables:
                yield _wire(cable, cell.name, port.name, facts)
    for output in graph.outputs:
        for cable in output.cables:
            yield _wire(cable, output.name, "", facts)


def _named(cell: Cell, port: Port, inputs: set[str]) -> Iterator[Wire]:
    exprs = [value.default for value in (port.value, *(cable.depth for cable in port.cables)) if value is not None]
    names = dict.fromkeys(name for expr in exprs for name in _names(expr) if name in inputs)
    for name in names:
        where = f"{cell.name}.{port.name}"
        yield Wire(name, cell.name, port.name, Kind.CONTROL, False, f"{name} stands in the number of {where}")


def _names(expr: Expr | None) -> Iterator[str]:
    match expr:
        case NameRef():
            yield expr.name
        case Arith():
            yield from _names(expr.left)
            yield from _names(expr.right)


def _wire(cable: Cable, target: str, port: str, facts: Facts) -> Wire:
    words = f"{target}{f'.{port}' if port else ''} {cable.verb.value} {cable.source}"
    if cable.depth is not None:
        words += f" * {spell.value(cable.depth)}"
    if cable.maybe is not None:
        words += f" maybe {spell.value(cable.maybe)}"
    words += "".join(f" when {when.param} is {when.member}" for when in cable.when)
    optional = cable.maybe is not None or bool(cable.when)
    return Wire(cable.source, target, port, facts.kind(cable.source) or Kind.AUDIO, optional, words)


def tapped(graph: Graph) -> dict[str, str]:
    """What is tapped, and in words with what it is compared (or that it is only recorded)."""
    found: dict[str, list[str]] = {}
    for tap in graph.taps:
        losses = [f"{loss.name} * {loss.weight:g}" if loss.weight != 1.0 else loss.name for loss in tap.losses]
        for name in tap.cells:
            found.setdefault(name, []).extend(losses)
    return {name: f"compared by {' + '.join(losses)}" if losses else "recorded" for name, losses in found.items()}

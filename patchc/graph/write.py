"""The three spellings of a graph: patch text, YAML and JSON, out and in again.

`from_json` and `from_yaml` come from `patchc.graph.document`, which says what is read and how far it is trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from patchc.cells.registry import find_cell
from patchc.graph import spell
from patchc.graph.document import from_json, from_yaml, to_json, to_yaml
from patchc.graph.model import Cable, Cell, Graph, Input, LossSpec, Output, Param, Port, Tap, Value, Verb, When
from patchc.source.diagnostic import Severity
from patchc.source.text import Source
from patchc.syntax.format import format_file
from patchc.syntax.parser import parse
from patchc.units.unit import BASE_UNIT, Dimension

__all__ = ["from_json", "from_yaml", "to_json", "to_text", "to_yaml"]


def to_text(graph: Graph) -> str:
    """Canonical patch text whose graph is `graph`: flat, names dotted, numbers in their units and exact.

    A graph that came from text comes back equal. A number that no decimal reaches in its unit, as arithmetic may make
    one, is written as a sum of two. Raises `ValueError` for a graph that no text can say, such as one with a space in a
    name.
    """
    file, diagnostics = parse(Source(graph.name, "".join(f"{line}\n" for line in _file(graph))))
    for diagnostic in diagnostics:
        if diagnostic.severity is Severity.ERROR:
            raise ValueError(diagnostic.message)
    return format_file(file)


def _file(graph: Graph) -> Iterator[str]:
    yield f"patchc {graph.edition}"
    yield ""
    yield from _doc(graph.doc)
    yield f"patch {spell.name(graph.name)} {{"
    yield from _indented(_body(graph))
    yield "}"


def _body(graph: Graph) -> Iterator[str]:
    if graph.meta:
        yield "meta {"
        yield from _indented(f"{spell.name(key)} = {_literal(value)}" for key, value in graph.meta.items())
        yield "}"
    for item in graph.inputs:
        yield from _input(item)
    for param in graph.params:
        yield from _param(param)
    for layer in graph.layers:
        cells = (line for cell in layer.cells for line in _cell(cell))
        if graph.layered:
            yield f"layer {spell.name(layer.name)} {{"
            yield from _indented(cells)
            yield "}"
        else:
            yield from cells
    yield from map(_output, graph.outputs)
    for rename in graph.moved:
        yield f"moved {spell.path(rename.old)} -> {spell.path(rename.new)}"
    yield from map(_tap, graph.taps)


def _input(item: Input) -> Iterator[str]:
    yield from _doc(item.doc)
    says = item.value is not None and (item.value.default is not None or item.value.domain is not None)
    default = f" = {spell.value(item.value)}" if item.value is not None and says else ""
    yield f"input {spell.path(item.name)} : {item.kind.value}{_width(item.value)}{default}"


def _param(param: Param) -> Iterator[str]:
    yield from _doc(param.doc)
    if param.label:
        yield f"@label(text = {_literal(param.label)})"
    width = f" : control{_width(param.value)}" if param.value.width > 1 else ""
    yield f"param {spell.path(param.name)}{width} = {spell.value(param.value)}"


def _width(value: Value | None) -> str:
    return f"[{value.width}]" if value is not None and value.width > 1 else ""


def _cell(cell: Cell) -> Iterator[str]:
    yield from _doc(cell.doc)
    head = f"cell {spell.path(cell.name)} : {spell.path(cell.type)}{_sizes(cell)}{_guards(cell.maybe, cell.when)}"
    binds = [line for port in cell.ports for line in _port(port)]
    if not binds:
        yield head
        return
    yield f"{head} {{"
    yield from _indented(binds)
    yield "}"


def _sizes(cell: Cell) -> str:
    type_ = find_cell(cell.type)
    parts = []
    for key, value in cell.sizes.items():
        size = type_.spec.size(key) if type_ else None
        dimension = size.dimension if size else Dimension.NUMBER
        parts.append(f"{spell.name(key)} = {spell.quantity(value, BASE_UNIT[dimension], dimension)}")
    return f"({', '.join(parts)})" if parts else ""


def _port(port: Port) -> Iterator[str]:
    if port.value is not None:
        yield f"{spell.name(port.name)} = {spell.value(port.value)}"
    for cable in port.cables:
        yield f"{spell.name(port.name)} {cable.verb.value} {_cable(cable)}"


def _cable(cable: Cable) -> str:
    depth = f" * {spell.value(cable.depth)}" if cable.depth is not None else ""
    return f"{spell.path(cable.source)}{depth}{_guards(cable.maybe, cable.when)}"


def _guards(maybe: Value | None, when: tuple[When, ...]) -> str:
    chance = f" maybe {spell.value(maybe)}" if maybe is not None else ""
    return chance + "".join(f" when {spell.path(w.param)} is {spell.name(w.member)}" for w in when)


def _output(output: Output) -> str:
    return f"output {spell.name(output.name)} {Verb.FEED.value} {', '.join(map(_cable, output.cables))}"


def _tap(tap: Tap) -> str:
    losses = f" loss {' + '.join(map(_loss, tap.losses))}" if tap.losses else ""
    after = f" after {tap.after} steps" if tap.after else ""
    return f"tap {', '.join(map(spell.path, tap.cells))}{losses}{after}"


def _loss(loss: LossSpec) -> str:
    settings = ", ".join(f"{spell.name(key)} = {_literal(value)}" for key, value in loss.settings.items())
    weight = "" if loss.weight == 1.0 else f" * {spell.quantity(loss.weight, '', Dimension.NUMBER)}"
    return spell.name(loss.name) + (f"({settings})" if settings else "") + weight


def _literal(value: Any) -> str:
    """A string, number or list. Raises `ValueError` for anything else."""
    match value:
        case str():
            return spell.string(value)
        case list() | tuple():
            return f"[{', '.join(map(_literal, value))}]"
        case int() | float() if not isinstance(value, bool):
            return spell.quantity(float(value), "", Dimension.NUMBER)
        case _:
            raise ValueError(f"{value!r} cannot be written in a patch")


def _doc(text: str) -> Iterator[str]:
    yield from (f"## {line}".rstrip() for line in text.splitlines())


def _indented(lines: Iterable[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in lines)

"""Everything that can be set from outside: its name, what it is now, and `v[*].level`, which stands for several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from patchc.cells.registry import find_cell
from patchc.cells.spec import KnobSpec
from patchc.graph import spell
from patchc.graph.model import Cable, Const, Graph, Value, Verb
from patchc.graph.walk import labelled
from patchc.units.unit import UNITS, Dimension

T = TypeVar("T")


@dataclass(frozen=True)
class Settable:
    """A number by its name; of a cable also the port or output it arrives at. `text` is empty where none is written."""

    name: str
    text: str = ""
    unit: str = ""
    into: str = ""


def settable(graph: Graph) -> Iterator[Settable]:
    """Inputs, params, ports and sizes of cells whether written or not, then what belongs to cables."""
    yield from (_of(item.name, item.value) for item in graph.inputs)
    yield from (_of(param.name, param.value) for param in graph.params)
    for cell in graph.cells:
        found = find_cell(cell.type)
        written = {port.name: port.value for port in cell.ports}
        for spec in found.spec.ports if found else ():
            if isinstance(spec, KnobSpec):
                yield _of(f"{cell.name}.{spec.name}", written.get(spec.name), getattr(spec.domain, "unit", ""))
        yield from (Settable(f"{cell.name}.{size.name}") for size in (found.spec.sizes if found else ()))
    yield from cables(graph)


def cables(graph: Graph) -> Iterator[Settable]:
    """Gains and depths: `left[hall].gain`, `osc.freq[lfo1].depth`, whether written or not, and chances."""
    arrivals = [(f"{cell.name}.{port.name}", port.cables) for cell in graph.cells for port in cell.ports]
    for into, found in [*arrivals, *((output.name, output.cables) for output in graph.outputs)]:
        for cable, label in labelled(found):
            if not _is_gate(graph, cable):
                yield _of(f"{into}[{label}].{'gain' if cable.verb is Verb.FEED else 'depth'}", cable.depth, into=into)
            if cable.maybe is not None:
                yield _of(f"{into}[{label}].maybe", cable.maybe, into=into)


def levels_of_outputs(graph: Graph, change_db: float) -> Iterator[tuple[str, float]]:
    """The gain of each output's cables, `change_db` decibels from where it is; those written otherwise are left out."""
    for output in graph.outputs:
        for cable, label in labelled(output.cables):
            default = cable.depth.default if cable.depth else None
            level = default if isinstance(default, Const) and default.dimension is Dimension.LEVEL else None
            if cable.depth is None or level is not None:
                yield f"{output.name}[{label}].gain", change_db + (level.value if level else 0.0)


def _is_gate(graph: Graph, cable: Cable) -> bool:
    return any(item.name == cable.source and item.kind == "gate" for item in graph.inputs)


def _of(name: str, value: Value | None, unit: str = "", into: str = "") -> Settable:
    default = value.default if value else None
    if not isinstance(default, Const):
        return Settable(name, "", unit, into)
    return Settable(name, spell.constant(default.value, default.unit, default.dimension), default.unit or unit, into)


def unit_of(graph: Graph, name: str, dimension: Dimension) -> str:
    """The unit that a number is written in, where that fits `dimension`; empty where nobody wrote one."""
    unit = next((one.unit for one in settable(graph) if one.name == name), "")
    return unit if unit in UNITS and UNITS[unit].dimension is dimension else ""


def unfolded(graph: Graph, values: Mapping[str, T]) -> dict[str, T]:
    """`values` with each name that holds `[*]` replaced by all names it stands for; those of none stay as they are."""
    if not any("[*]" in name for name in values):
        return dict(values)
    known = [one.name for one in settable(graph)]
    found: dict[str, T] = {}
    for name, value in values.items():
        found |= dict.fromkeys(starred(name, known) or [name], value)
    return found


def starred(name: str, known: Iterable[str]) -> list[str]:
    """The names that one with `[*]` in it stands for."""
    pattern = re.compile(r"\[[^\[\]]*\]".join(map(re.escape, name.split("[*]"))))
    return [one for one in known if "[*]" in name and pattern.fullmatch(one)]

"""What a cell type's class says about it, as a page for the terminal, as Markdown, and as data for editors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from patchc.cells.registry import cell_names, find_cell
from patchc.cells.spec import Absent, CellSpec, InSpec, Kind, KnobSpec, OutSpec, Polarity, PortSpec, SizeSpec
from patchc.units.domain import Choice, Curve, Range, Simplex
from patchc.units.unit import BASE_UNIT, UNITS, Dimension, written

_HEADS = ("port", "takes", "default", "usual range", "held to", "meaning")
_SIZE_HEADS = ("size", "default", "range", "meaning")
_KINDS = {Kind.AUDIO: "audio", Kind.CONTROL: "control", Kind.GATE: "a gate"}
_SWINGS = {Polarity.BIPOLAR: "-1 .. 1", Polarity.UNIPOLAR: "0 .. 1"}
_ABSENT = {Absent.SILENCE: "silence", Absent.BYPASS: "a bypass: its `in` passes unchanged"}


def page(name: str) -> str:
    """All there is to know about the cell type `name`, for a terminal. Raises `KeyError` if there is none."""
    spec = _spec(name)
    head, _, rest = spec.doc.partition("\n")
    parts = [f"{spec.name}: {head}", rest.strip("\n"), _columns([_HEADS, *map(_port_row, spec.ports)])]
    if spec.sizes:
        parts.append(_columns([_SIZE_HEADS, *map(_size_row, spec.sizes)]))
    parts.append("\n".join(_facts(spec)))
    return "\n\n".join(part for part in parts if part) + "\n"


def line(name: str) -> str:
    """One line about the cell type `name`. Raises `KeyError` if there is none."""
    return f"{name}: {_spec(name).summary}"


def markdown(spec: CellSpec) -> str:
    """A section for a document, from its heading on."""
    tables = [_table([_HEADS, *map(_port_row, spec.ports)])]
    if spec.sizes:
        tables.append(_table([_SIZE_HEADS, *map(_size_row, spec.sizes)]))
    facts = "\n".join(f"- {fact}" for fact in _facts(spec))
    return "\n\n".join([f"## {spec.name}", spec.doc, *tables, facts]) + "\n"


def completion_data() -> dict[str, Any]:
    """For editors: `cells`, what each cell type promises as plain data, and `units`, the symbols of each dimension."""
    units = {str(d): [unit.symbol for unit in UNITS.values() if unit.dimension is d and unit.symbol] for d in Dimension}
    return {"cells": {name: _spec(name).model_dump(mode="json") for name in cell_names()}, "units": units}


def _spec(name: str) -> CellSpec:
    cell = find_cell(name)
    if cell is None:
        raise KeyError(name)
    return cell.spec


def _facts(spec: CellSpec) -> list[str]:
    facts = [f"output: {_output(spec.out)}", f"when it is off: {_ABSENT[spec.absent]}"]
    return facts if spec.origin == "patchc" else [*facts, f"from: the package `{spec.origin}`"]


def _output(out: OutSpec) -> str:
    swing = f", {out.polarity} ({_SWINGS[out.polarity]})" if out.kind is Kind.CONTROL else ""
    return f"{out.kind}{swing}. {out.doc}"


def _port_row(port: PortSpec) -> tuple[str, ...]:
    if isinstance(port, InSpec):
        return port.name, _KINDS[port.kind], "" if port.required else "silence", "", "", port.doc
    takes = "a choice" if isinstance(port.domain, Choice) else str(port.dimension)
    takes = f"{takes} [{port.width}]" if port.width else takes
    limits = "" if port.limits is None else _span(*port.limits, _unit(port))
    limits += f", `{port.at_most}`" if port.at_most else ""
    limits += f"; from {_nice(-port.limits[1], _unit(port))} with audio" if port.limits and port.through_zero else ""
    return port.name, takes, _default(port), _usual(port), limits, port.doc


def _size_row(size: SizeSpec) -> tuple[str, ...]:
    unit = BASE_UNIT[size.dimension]
    return size.name, _nice(size.default, unit), _span(size.low, size.high, unit), size.doc


def _default(port: KnobSpec) -> str:
    if isinstance(port.default, str):
        return port.default
    return "even" if isinstance(port.domain, Simplex) else _nice(port.default, _unit(port))


def _usual(port: KnobSpec) -> str:
    match port.domain:
        case Choice():
            return ", ".join(port.domain.members)
        case Simplex():
            return "weights that add up to 1"
        case Range():
            curve = {Curve.LIN: "", Curve.LOG: " log", Curve.POW: f" pow {port.domain.power:g}"}[port.domain.curve]
            return _span(port.domain.low, port.domain.high, _unit(port)) + curve
        case None:
            return "any"


def _unit(port: KnobSpec) -> str:
    """The unit a port was declared in; for frequency and time the base unit, of which `_nice` makes kHz and ms."""
    declared = port.domain.unit if isinstance(port.domain, Range) else ""
    return declared if declared not in ("", "kHz", "ms") else BASE_UNIT[port.dimension]


def _nice(value: float, unit: str) -> str:
    """`value` as a person would write it: 1 kHz and 5 ms."""
    if unit == "Hz" and abs(value) >= 1000:
        unit = "kHz"
    if unit == "s" and abs(value) < 1:
        unit = "ms"
    return written(value, unit, 6)


def _span(low: float, high: float, unit: str) -> str:
    return f"{_nice(low, unit)} .. {_nice(high, unit)}"


def _columns(rows: Sequence[Sequence[str]]) -> str:
    """A table for a terminal; columns that say nothing are left out."""
    kept = [column for column in zip(*rows, strict=True) if any(column[1:])]
    widths = [max(map(len, column)) for column in kept]
    lines = zip(*kept, strict=True)
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in lines)


def _table(rows: Sequence[Sequence[str]]) -> str:
    kept = [column for column in zip(*rows, strict=True) if any(column[1:])]
    head, *body = (f"| {' | '.join(row)} |" for row in zip(*kept, strict=True))
    return "\n".join([head, "|" + "---|" * len(kept), *body])

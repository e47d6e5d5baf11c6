"""Writes values of knobs into the text of a patch: where each number stands, in its unit, and nothing else changes.

Where one number of the text stands for several knobs (a patch used twice, a loop, a file that is only used), the knobs
get lines of their own: `set bell[1].op4.decay = 310 ms`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

from patchc.graph import spell
from patchc.graph.model import Const, Graph, Member, Vector, is_vector
from patchc.graph.walk import Place, Slot, is_knob, places
from patchc.source.text import Source, Span
from patchc.syntax import tree
from patchc.syntax.format import format_file
from patchc.syntax.parser import parse
from patchc.units.domain import Choice, Range
from patchc.units.unit import BASE_UNIT, UNITS, Dimension, note_name

Given = float | str | Sequence[float]

_SLACK = 1e-5  # of a range's size: how far beyond its ends rounding may have pushed a value


@dataclass
class _Edits:
    """Replacements of stretches of the text, and lines to be added."""

    changes: list[tuple[int, int, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def write_values(source: Source, graph: Graph, values: Mapping[str, Given]) -> str:
    """The text of `source` with the knobs of `values` set, by name.

    `graph` is the one loaded from `source`. Numbers are in base units and are written with all the digits that
    reading them back exactly takes; a choice is a member or one weight for each (the largest counts), a vector its
    numbers. A text that was formatted stays formatted. Raises `ValueError` for a name that is no knob, and for a value
    that is outside its range or no number.
    """
    file, _ = parse(source)
    patch = next(item for item in file.items if isinstance(item, tree.Patch) and item.name.text == graph.name)
    edits = _edits(source, graph, values, file)
    text = source.text
    changes = list(edits.changes)
    if edits.lines:
        changes.append(insertion(source, patch, edits.lines))
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    if changes and is_formatted(file):
        text = format_file(parse(Source(source.name, text))[0])
    return text


def _edits(source: Source, graph: Graph, values: Mapping[str, Given], file: tree.File) -> _Edits:
    known = list(places(graph))
    inputs = {place.name: place for place in known if place.slot is Slot.INPUT}
    knobs = {place.name: place for place in known if is_knob(place)}
    written = {(node.span.start, node.span.end): node for node in _values_in(file.items)}
    times = Counter(_key(place.value.span) for place in known if place.value.span and place.slot is not Slot.INPUT)
    edits = _Edits()
    for name, given in values.items():
        if name in inputs and name not in knobs:
            _edit_input(edits, source, inputs[name], given, written)
            continue
        if name not in knobs:
            raise ValueError(f"`{name}` is no knob of `{graph.name}`")
        place, span = knobs[name], knobs[name].value.span
        if not _is_default(place, given):
            own = span is not None and span.source.text == source.text and times[_key(span)] == 1
            node = written.get((span.start, span.end)) if span and own else None
            _edit(edits, place, given, node)
    return edits


def _edit_input(
    edits: _Edits, source: Source, place: Place, given: Given, written: Mapping[tuple[int, int], tree.Value]
) -> None:
    """A new default for a control input, where it has one and its range holds the new one."""
    span, (low, high) = place.value.span, _bounds(place)
    node = written.get((span.start, span.end)) if span and span.source.text == source.text else None
    fits = isinstance(given, float | int) and low <= given <= high
    if node is not None and node.expr is not None and fits and not _is_default(place, given):
        edits.changes.append(_change(node, _note(place, given) or _spelled(place, given, node)))


def _note(place: Place, given: Given) -> str | None:
    """The note that an input is given, where its frequency is exactly that."""
    if place.value.dimension is not Dimension.FREQUENCY or not isinstance(given, float | int):
        return None
    return note_name(float(given))


def _key(span: Span | None) -> tuple[int, int, int]:
    return (id(span.source), span.start, span.end) if span else (0, 0, 0)


def _edit(edits: _Edits, place: Place, given: Given, node: tree.Value | None) -> None:
    if node is not None:
        edits.changes.append(_change(node, _spelled(place, given, node)))
    else:
        edits.lines.append(f"set {place.name} = {_spelled(place, given, None)}")


def _change(node: tree.Value, text: str) -> tuple[int, int, str]:
    """`text` in the place of the number, or behind the role where there is none yet."""
    if node.expr is not None:
        return node.expr.span.start, node.expr.span.end, text
    if node.role is None:
        return node.span.start, node.span.start, f"{text} "
    behind = node.span.start + len(node.role)
    return behind, behind, f" {text}"


# --- how a value is written -------------------------------------------------------------------------------------------


def _is_default(place: Place, given: Given) -> bool:
    """Whether nothing changes, so that the text may stay as it is."""
    default, domain = place.value.default, place.value.domain
    if isinstance(default, Member) and isinstance(domain, Choice):
        return _member(place, given) == default.name
    if isinstance(default, Vector):
        return not isinstance(given, str | float | int) and tuple(given) == default.values
    return isinstance(default, Const) and isinstance(given, float | int) and float(given) == default.value


def _spelled(place: Place, given: Given, node: tree.Value | None) -> str:
    if isinstance(place.value.domain, Choice):
        return _member(place, given)
    if is_vector(place.value):
        return _vector(place, given, _unit(place, node))
    if isinstance(given, str) or not isinstance(given, float | int):
        raise ValueError(f"`{place.name}` takes a number, and {given!r} is none")
    return _number(place, float(given), _unit(place, node))


def _vector(place: Place, given: Given, unit: str) -> str:
    if isinstance(given, str | float | int) or len(given) != place.value.width:
        raise ValueError(f"`{place.name}` takes {place.value.width} numbers, and {given!r} is none of that")
    return f"[{', '.join(_number(place, float(number), unit) for number in given)}]"


def _member(place: Place, given: Given) -> str:
    members = place.value.domain.members if isinstance(place.value.domain, Choice) else ()
    if isinstance(given, float | int):
        raise ValueError(f"`{place.name}` is a choice, and {given!r} is no member of it")
    if not isinstance(given, str):
        if len(given) != len(members):
            raise ValueError(f"`{place.name}` has {len(members)} members, and {len(given)} weights are given")
        return members[max(range(len(members)), key=lambda member: given[member])]
    if given not in members:
        raise ValueError(f"`{given}` is no member of `{place.name}`")
    return given


def _unit(place: Place, node: tree.Value | None) -> str:
    """The unit the number is written in now."""
    default, domain = place.value.default, place.value.domain
    usual = default.unit if isinstance(default, Const | Vector) else domain.unit if isinstance(domain, Range) else ""
    if node is not None and isinstance(node.expr, tree.Number):
        usual = node.expr.unit
    fits = usual in UNITS and UNITS[usual].dimension is place.value.dimension
    return usual if fits else BASE_UNIT[place.value.dimension]


def _number(place: Place, value: float, unit: str) -> str:
    """`value` in `unit`, exactly. What rounding pushed beyond an end of the range is that end."""
    low, high = _bounds(place)
    slack = _SLACK * (high - low)
    if not math.isfinite(value) or not low - slack <= value <= high + slack:
        raise ValueError(f"{value} lies outside the range of `{place.name}`")
    return spell.constant(min(max(value, low), high), unit, place.value.dimension)


def _bounds(place: Place) -> tuple[float, float]:
    domain = place.value.domain
    if isinstance(domain, Range):
        return domain.low, domain.high
    shares = place.slot is Slot.CHANCE or (domain is not None and domain.kind == "simplex")
    return (0.0, 1.0) if shares else (-1e300, 1e300)


# --- the text ---------------------------------------------------------------------------------------------------------


def _values_in(part: object) -> Iterator[tree.Value]:
    """Every value that is written somewhere in `part`."""
    if isinstance(part, tree.Value):
        yield part
    elif isinstance(part, tuple):
        for inner in part:
            yield from _values_in(inner)
    elif isinstance(part, tree.Node):
        for each in fields(part):
            if each.name != "span":
                yield from _values_in(getattr(part, each.name))


def insertion(source: Source, patch: tree.Patch, lines: Sequence[str]) -> tuple[int, int, str]:
    """Where new `set` lines go: above the first there is, because of two for one knob the upper one holds; or last."""
    first = next((stmt for stmt in patch.body if _sets(stmt)), None)
    if first is not None:
        start = source.text.rfind("\n", 0, first.span.start) + 1
        lead = source.text[start : first.span.start]
        if not lead.strip():
            return start, start, "".join(f"{lead}{line}\n" for line in lines)
        return first.span.start, first.span.start, "".join(f"{line}; " for line in lines)
    brace = source.text.rfind("}", patch.span.start, patch.span.end)
    start = source.text.rfind("\n", 0, brace) + 1
    own_line = not source.text[start:brace].strip()
    text = "".join(f"  {line}\n" for line in lines)
    return (start, start, text) if own_line else (brace, brace, f"\n{text}")


def _sets(stmt: tree.Stmt) -> bool:
    if isinstance(stmt, tree.Repeat | tree.Layer):
        return any(map(_sets, stmt.body))
    return isinstance(stmt, tree.Set)


def is_formatted(file: tree.File) -> bool:
    """Whether the formatter would leave the text as it is."""
    try:
        return format_file(file) == file.source.text
    except ValueError:
        return False

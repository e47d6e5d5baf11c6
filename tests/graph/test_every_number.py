"""Every number that the plan of an example prints, and every size, can be set from outside, and then is that."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchc.cells.registry import find_cell
from patchc.cells.spec import CellSpec, KnobSpec, SizeSpec
from patchc.graph.assign import Given
from patchc.graph.load import load_graph
from patchc.graph.model import Const, Graph, Member, Value, Vector, is_vector
from patchc.graph.open import set_in
from patchc.graph.walk import Slot, places
from patchc.source.text import Source
from patchc.units.domain import Choice, Domain, Range

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))


def spec_of(type_: str) -> CellSpec:
    found = find_cell(type_)
    assert found is not None
    return found.spec


def other(domain: Domain | None, now: float | str | None, limits: tuple[float, float] | None = None) -> Given:
    """Another value than `now`, in the range or within the limits."""
    if isinstance(domain, Choice):
        return next(member for member in domain.members if member != now)
    if isinstance(domain, Range):
        return min(max(float(domain.value(0.375)), domain.low), domain.high)
    low, high = limits or (-60.0, 60.0)
    return min(max(0.75 * now + 0.001, low), high) if isinstance(now, float) else 0.375


def of_value(value: Value, spec: KnobSpec | None, chance: bool) -> Given:
    default = value.default
    if chance:
        return 0.375
    if is_vector(value):
        if isinstance(value.domain, Range):
            return [float(value.domain.value((entry + 1) / (value.width + 1))) for entry in range(value.width)]
        return [2.0 * (entry + 1) / (value.width * (value.width + 1)) for entry in range(value.width)]
    domain = value.domain or (spec.domain if spec is not None else None)
    if isinstance(default, Member):
        return other(domain, default.name)
    now = default.value if isinstance(default, Const) else None
    return other(domain, now, spec.limits if spec is not None else None)


def of_size(size: SizeSpec, now: float) -> float:
    return now + 1 if size.whole and now + 1 <= size.high else now - 1 if size.whole else min(1.5 * now, size.high)


def numbers(graph: Graph) -> dict[str, Given]:
    """Everything that can be set, by name, with another value: what the patch says, and what it leaves to the cells."""
    found: dict[str, Given] = {}
    for place in places(graph):
        spec = spec_of(place.cell.type).port(place.port.name) if place.cell and place.port else None
        knob = spec if isinstance(spec, KnobSpec) and place.slot is Slot.BASE else None
        found[place.name] = of_value(place.value, knob, place.slot is Slot.CHANCE)
    for cell in graph.cells:
        for port in spec_of(cell.type).ports:
            if isinstance(port, KnobSpec) and port.width is None:
                now = port.default if isinstance(port.default, str) else float(port.default)
                found.setdefault(f"{cell.name}.{port.name}", other(port.domain, now, port.limits))
        for size in spec_of(cell.type).sizes:
            if not any(isinstance(port, KnobSpec) and port.width == size.name for port in spec_of(cell.type).ports):
                found[f"{cell.name}.{size.name}"] = of_size(size, cell.sizes.get(size.name, size.default))
    return found


def now(graph: Graph) -> dict[str, object]:
    """What every number is."""
    found: dict[str, object] = {}
    for place in places(graph):
        default = place.value.default
        if isinstance(default, Member):
            found[place.name] = default.name
        elif isinstance(default, Const):
            found[place.name] = default.value
        elif isinstance(default, Vector):
            found[place.name] = list(default.values)
    return found | {f"{cell.name}.{name}": size for cell in graph.cells for name, size in cell.sizes.items()}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_number_of_an_example_is_what_was_set(path: Path) -> None:
    source = Source(str(path), path.read_text(encoding="utf-8"))
    graph, _ = load_graph(source)
    assert graph is not None
    wanted, before = numbers(graph), now(graph)
    after, found, _ = set_in(graph, source, wanted)
    assert after is not None, [f"{d.code} {d.message}" for d in found if d.severity.name == "ERROR"]
    is_now = now(after)
    for name, value in wanted.items():
        assert is_now.get(name) == (value if isinstance(value, str) else pytest.approx(value)), name
        assert before.get(name) != is_now[name], name
    assert len(wanted) >= 8

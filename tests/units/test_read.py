"""The small reader of cell declarations says what the grammar says."""

from __future__ import annotations

import pytest

from patchc.cells.cell import knob
from patchc.cells.registry import cell_names, find_cell
from patchc.graph.load import load_graph
from patchc.graph.model import Const, Member
from patchc.source.text import Source
from patchc.units.read import read_quantity, read_spec
from patchc.units.unit import Quantity


def declared_texts() -> list[str]:
    """Every text that a cell of the vocabulary declares a number or choice with, but for vectors."""
    found = [find_cell(name) for name in cell_names()]
    ports = [port for cell in found if cell for port in vars(cell).values()]
    return sorted({port.text for port in ports if isinstance(port, knob) and port.width is None})


@pytest.mark.parametrize("text", [*declared_texts(), "-1.5e1 dB in -60 dB .. 0 dB", "2 in 0 .. 12 pow 2 step 0.5"])
def test_agrees_with_the_grammar(text: str) -> None:
    lines = [
        "patchc 1",
        "patch one {",
        f"  param x = {text}",
        "  cell hiss : noise { }",
        "  output main <- hiss",
        "}",
        "",
    ]
    graph, _ = load_graph(Source("one.patch", "\n".join(lines)))
    assert graph is not None
    value = graph.params[0].value
    default, domain = read_spec(text)
    assert value.domain == domain
    if isinstance(default, Quantity):
        assert isinstance(value.default, Const)
        assert (value.default.value, value.default.unit) == (default.value, default.unit)
    else:
        assert isinstance(value.default, Member)
        assert value.default.name == default


@pytest.mark.parametrize("text", ["", "Hz", "4 4", "1..2", "one", "3 parsec"])
def test_refuses(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        read_quantity(text)

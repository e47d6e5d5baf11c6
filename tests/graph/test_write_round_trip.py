"""Text, YAML and JSON are three spellings of one graph: what is written is read back equal, number by number."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from patchc.graph import spell
from patchc.graph.load import load_graph
from patchc.graph.model import Graph
from patchc.graph.write import from_json, from_yaml, to_json, to_text, to_yaml
from patchc.source.text import Source
from patchc.syntax.format import format_file
from patchc.syntax.parser import parse
from patchc.testing import graphs
from patchc.units.unit import UNITS

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking a whole graph takes minutes
QUIET = settings(deadline=None, max_examples=40, phases=PHASES, suppress_health_check=list(HealthCheck))


def loaded(path: Path) -> Graph:
    graph, diagnostics = load_graph(Source(str(path), path.read_text(encoding="utf-8")))
    assert graph is not None, [d.message for d in diagnostics]
    return graph


def read_text(text: str) -> Graph | None:
    return load_graph(Source("written.patch", text))[0]


@QUIET
@given(graphs())
def test_a_random_graph_comes_back_from_its_text(graph: Graph) -> None:
    assert read_text(to_text(graph)) == graph


@QUIET
@given(graphs(max_cells=4))
def test_a_random_graph_comes_back_from_yaml_and_json(graph: Graph) -> None:
    assert from_yaml(to_yaml(graph))[0] == graph
    assert from_json(to_json(graph))[0] == graph


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_comes_back_from_every_spelling(path: Path) -> None:
    graph = loaded(path)
    text = to_text(graph)
    assert read_text(text) == graph
    assert format_file(parse(Source("written.patch", text))[0]) == text
    assert from_yaml(to_yaml(graph))[0] == graph
    assert from_json(to_json(graph))[0] == graph


@given(st.sampled_from(sorted(UNITS)), st.floats(1e-6, 1e6))
@settings(max_examples=500, deadline=None)
def test_what_was_read_in_a_unit_is_written_in_it(unit: str, number: float) -> None:
    value = number * UNITS[unit].factor
    text = spell.number(value, unit)
    assert text is not None
    assert float(text) * UNITS[unit].factor == value


@given(st.sampled_from(sorted(UNITS)), st.floats(1e-6, 1e6))
@settings(max_examples=200, deadline=None)
def test_every_float_has_a_spelling(unit: str, value: float) -> None:
    """Also one that no decimal in this unit gives: it is written as a sum, which is folded when it is read."""
    text = spell.constant(value, unit, UNITS[unit].dimension)
    patch = f"patchc 1\npatch p {{\n  param x = {text}\n  cell o : sine {{ }}\n  output main <- o\n}}\n"
    graph = read_text(patch)
    assert graph is not None
    const = graph.params[0].value.default
    assert (const.value, const.unit) == (value, unit)  # type: ignore[union-attr]

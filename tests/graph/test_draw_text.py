"""Drawings as text: every cell and cable is in them, and whatever is special in another language is escaped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from patchc.graph.draw import columns, dot, grid, mermaid
from patchc.graph.draw.table import table
from patchc.graph.load import load_graph
from patchc.graph.model import Graph
from patchc.source.text import Source
from patchc.testing import graphs

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))


def example(name: str) -> Graph:
    path = next(path for path in EXAMPLES if path.stem == name)
    graph, _ = load_graph(Source(str(path), path.read_text(encoding="utf-8")))
    assert graph is not None
    return graph


def test_columns() -> None:
    lines = columns.draw(example("subtractive")).splitlines()
    assert lines[0] == "subtractive: 8 cells in 5 layers"
    assert re.split(r"\s{3,}", lines[2]) == [
        "inputs", "control", "sources", "blend", "filter", "amp", "outputs",
    ]  # fmt: skip
    assert "vcf.cutoff  += env_f, lfo1?" in lines
    assert max(map(len, lines)) <= 110


def test_the_grid_shows_channel_and_layer() -> None:
    lines = grid.draw(example("subtractive")).splitlines()
    assert lines[0].split()[1:3] == ["0", "control"]
    assert lines[3].startswith("1         env_f (adsr)   osc2 (pulse)   .")


def test_wide_tables_go_on_below() -> None:
    text = table(["a" * 40, "b" * 40, "c" * 40], [["1"], ["2"], ["3"]], 90)
    assert text.splitlines()[0].split() == ["a" * 40, "b" * 40]
    assert text.splitlines()[4] == "c" * 40


def test_an_empty_layer_is_drawn() -> None:
    graph = example("kick")
    empty = graph.layers[0].model_copy(update={"cells": ()})
    assert grid.draw(graph.model_copy(update={"layers": (empty,)})) == "channel   0 layer_1\n-------   ---------\n"


def test_mermaid() -> None:
    text = mermaid.draw(example("subtractive"))
    assert text.startswith("flowchart LR\n")
    assert '  c2_0 -->|"in"| c3_0' in text
    assert '  c0_0 -.->|"cutoff?"| c3_0' in text
    assert text.count("subgraph") == text.count("\n  end\n") == 5


def test_dot() -> None:
    text = dot.draw(example("subtractive"))
    assert text.startswith('digraph "subtractive" {\n')
    assert text.count("{") == text.count("}")
    assert 'c2_0 -> c3_0 [label="in"' in text


def test_special_characters_cannot_leave_their_quotes() -> None:
    graph = example("kick")
    odd = graph.model_copy(
        update={"name": 'a"b\\', "outputs": (graph.outputs[0].model_copy(update={"name": '"]<b>'}),)}
    )
    assert 'digraph "a\\"b\\\\" {' in dot.draw(odd)
    assert '"]<b>' not in mermaid.draw(odd)


@settings(deadline=None, max_examples=30, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
@given(graphs())
def test_every_cell_and_cable_of_a_random_graph_is_drawn(graph: Graph) -> None:
    cables = sum(len(port.cables) for cell in graph.cells for port in cell.ports) + len(graph.outputs[0].cables)
    assert len(re.findall(r"^  \S+ (?:-->|-\.->|==>)", mermaid.draw(graph), re.M)) >= cables
    assert dot.draw(graph).count(" -> ") >= cables
    for cell in graph.cells:
        assert cell.name in columns.draw(graph)
        assert f"{cell.name} ({cell.type})" in grid.draw(graph)


@pytest.mark.parametrize("module", [columns, grid, mermaid, dot])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_drawn_the_same_every_time(path: Path, module: object) -> None:
    graph = example(path.stem)
    assert module.draw(graph) == module.draw(graph)  # type: ignore[attr-defined]

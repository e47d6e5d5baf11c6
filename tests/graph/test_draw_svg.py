"""The SVG: well-formed, readable by a screen reader, nothing overlaps, nothing escapes, and few cables cross."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from patchc.graph.draw import svg
from patchc.graph.draw.layered import Drawing, Node, crossings, order, settle
from patchc.graph.draw.scene import scene
from patchc.graph.load import load_graph
from patchc.graph.model import Graph
from patchc.source.text import Source
from patchc.testing import graphs
from patchc.testing.calls import at_most_calls

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))
SVG = "{http://www.w3.org/2000/svg}"


def load(text: str) -> Graph:
    graph, diagnostics = load_graph(Source("p.patch", text))
    assert graph is not None, [d.message for d in diagnostics]
    return graph


def example(path: Path) -> Graph:
    graph, _ = load_graph(Source(str(path), path.read_text(encoding="utf-8")))
    assert graph is not None
    return graph


def bank(voices: int) -> Graph:
    return load(f"""patchc 1
patch big {{
  input pitch : control = 110 Hz in 20 Hz .. 2 kHz log
  for k in 1 .. {voices} {{
    cell osc[k] : saw {{ freq = pitch * k }}
    cell vcf[k] : svf {{ in <- osc[k]; cutoff = learn }}
  }}
  output main <- vcf[*]
}}
""")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_drawn_whole(path: Path) -> None:
    graph = example(path)
    root = ElementTree.fromstring(svg.draw(graph))
    titles = {title.text for title in root.iter(f"{SVG}title")}
    assert {title.partition(" : ")[0] for title in titles if title} >= {cell.name for cell in graph.cells}
    cables = sum(len(port.cables) for cell in graph.cells for port in cell.ports)
    assert len([p for p in root.iter(f"{SVG}path") if (p.get("class") or "").startswith("cable")]) >= cables


def test_a_reader_that_cannot_see_is_told() -> None:
    root = ElementTree.fromstring(svg.draw(bank(1)))
    assert root.get("role") == "img"
    ids = {element.get("id") for element in root if element.tag in (f"{SVG}title", f"{SVG}desc")}
    assert set((root.get("aria-labelledby") or "").split()) == ids
    assert "osc[1] (saw)" in (root.find(f"{SVG}desc").text or "")  # type: ignore[union-attr]


def test_text_cannot_become_markup() -> None:
    graph = bank(1).model_copy(update={"doc": '<script>alert(1)</script> & "more"', "name": 'x"><b>'})
    text = svg.draw(graph)
    assert "<script" not in text
    assert "<b>" not in text
    ElementTree.fromstring(text)


def test_it_brings_no_font_script_or_outside_address() -> None:
    text = svg.draw(bank(2)).replace("http://www.w3.org/2000/svg", "")
    assert not any(word in text for word in ("http", "@import", "@font-face", "<image", "url("))
    assert "prefers-color-scheme:dark" in text


@pytest.mark.parametrize("voices", [1, 10, 100])
def test_any_size_is_drawn_with_work_in_proportion(voices: int) -> None:
    graph = bank(voices)
    with at_most_calls(20_000 + 10_000 * voices):
        ElementTree.fromstring(svg.draw(graph))


@settings(deadline=None, max_examples=25, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
@given(graphs(max_cells=10))
def test_boxes_of_a_random_graph_do_not_overlap(graph: Graph) -> None:
    made = scene(graph)
    for column in made.columns:
        boxes = sorted(column.boxes, key=lambda box: box.node.y)
        assert all(upper.node.y + upper.node.height < lower.node.y for upper, lower in pairwise(boxes))
        assert all(box.node.y >= 0 and box.node.y + box.node.height <= made.high + 1e-6 for box in boxes)
        assert all(box.wide <= column.wide + 1e-9 for box in boxes)
    assert all(left.x + left.wide < right.x for left, right in pairwise(made.columns))
    ElementTree.fromstring(svg.draw(graph))


# --- the layout alone -------------------------------------------------------------------------------------------------


def lattice(edges: list[tuple[int, int]], size: int) -> Drawing:
    drawing = Drawing([[Node(0, 40, 20) for _ in range(size)], [Node(1, 40, 20) for _ in range(size)]])
    for left, right in edges:
        drawing.route(drawing.columns[0][left], drawing.columns[1][right], 20)
    return drawing


def test_crossings_are_counted() -> None:
    drawing = lattice([(0, 1), (1, 0)], 2)
    order_of = [[column.index(node) for node in column] for column in drawing.columns]
    for column, ranks in zip(drawing.columns, order_of, strict=True):
        for node, rank in zip(column, ranks, strict=True):
            node.rank = rank
    assert crossings(drawing.columns) == 1


def test_an_order_without_crossings_is_found() -> None:
    drawing = lattice([(i, (i * 7 + 3) % 10) for i in range(10)], 10)
    order(drawing)
    assert crossings(drawing.columns) == 0


def test_a_straight_chain_is_drawn_straight() -> None:
    drawing = lattice([(0, 0), (1, 1)], 2)
    order(drawing)
    settle(drawing)
    for left, right in zip(*drawing.columns, strict=True):
        assert left.y == pytest.approx(right.y)


def test_long_cables_keep_clear_of_the_boxes_they_pass() -> None:
    graph = load("""patchc 1
patch p {
  cell lfo1 : lfo
  cell a : noise
  cell b : svf { in <- a }
  cell c : svf { in <- b; cutoff += lfo1 * 2 st }
  output main <- c
}
""")
    made = scene(graph)
    for _, _, _, nodes in made.cables:
        for node in nodes[1:-1]:
            for box in made.columns[node.column].boxes:
                y = node.y + node.out
                assert y < box.node.y or y > box.node.y + box.node.height

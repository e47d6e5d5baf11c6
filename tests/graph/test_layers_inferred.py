"""Layers: written ones are kept and checked, the others inferred, circles named cell by cell."""

from __future__ import annotations

import pytest

from patchc.graph.load import check_source, load_graph
from patchc.graph.model import Graph
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Source
from patchc.testing.calls import at_most_calls


def source(body: str, before: str = "") -> Source:
    return Source("x.patch", f"patchc 1\n{before}\npatch x {{\n{body}\n}}\n")


def said(body: str) -> list[tuple[str, str]]:
    return [(d.code, d.message) for d in check_source(source(body))]


def graph_of(body: str, before: str = "") -> Graph:
    graph, diagnostics = load_graph(source(body, before))
    assert [(d.code, d.message) for d in diagnostics] == []
    assert graph is not None
    return graph


def columns(graph: Graph) -> dict[str, list[str]]:
    return {layer.name: [cell.name for cell in layer.cells] for layer in graph.layers}


def test_a_layer_is_one_more_than_the_latest_thing_heard() -> None:
    graph = graph_of("""cell a : saw
    cell l : lfo
    cell f : svf { in <- a; cutoff += l * 2 st }
    cell b : noise
    cell m : mix { in <- f, b }
    output o <- m""")
    assert not graph.layered
    assert columns(graph) == {"layer_1": ["a", "l", "b"], "layer_2": ["f"], "layer_3": ["m"]}


WRAPPED = """patch wrapped {
  input in : audio
  cell a : svf { in <- in }
  cell b : svf { in <- a }
  output out <- b
}"""


def test_written_layers_are_split_where_instances_need_depth() -> None:
    graph = graph_of(
        """layer one { cell s : saw; cell t : noise }
    layer filter { cell w : wrapped { in <- s * -3 dB, t }; cell v : svf { in <- t } }
    layer filter_2 { cell z : mix { in <- w, v } }
    output o <- z""",
        WRAPPED,
    )
    assert graph.layered
    assert columns(graph) == {
        "one": ["s", "t"],
        "filter": ["w.in", "v"],
        "filter_3": ["w.a"],
        "filter_4": ["w.b"],
        "filter_2": ["z"],
    }


def test_inferred_layers_count_the_cells_inside_instances() -> None:
    graph = graph_of("cell s : saw\ncell w : wrapped { in <- s }\ncell v : svf { in <- s }\noutput o <- w, v", WRAPPED)
    assert columns(graph) == {"layer_1": ["s"], "layer_2": ["w.a", "v"], "layer_3": ["w.b"]}


def test_a_circle_is_named_cell_by_cell() -> None:
    found = said("""cell s : saw
    cell vcf : svf { in <- s, drive }
    cell drive : shaper { in <- vcf }
    output o <- drive""")
    assert found == [("P301", "feedback cycle without a delay: vcf -> drive -> vcf")]


def test_each_circle_once_and_the_shortest_way_round() -> None:
    found = said("""cell a : mix { in <- c, b, b }
    cell b : mix { in <- a }
    cell c : mix { in <- b, c }
    cell d : gain { in <- d }
    output o <- c, d""")
    assert found == [
        ("P301", "feedback cycle without a delay: a -> b -> c -> a"),
        ("P301", "feedback cycle without a delay: d -> d"),
    ]


def test_the_labels_of_a_circle_show_its_cables() -> None:
    found: list[Diagnostic] = check_source(
        source("cell a : gain { in <- c }\ncell b : gain { in <- a }\ncell c : gain { in <- b }\noutput o <- c")
    )
    assert [label.text for label in found[0].labels] == ["`b` hears `a`", "`c` hears `b`"]


def test_below_without_a_circle_is_too_early() -> None:
    assert said("cell m : mix { in <- a, a }\ncell a : saw\noutput o <- m") == [
        ("P205", "`a` is used before it is declared")
    ]


def test_an_instance_counts_as_one_cell() -> None:
    found = [
        (d.code, d.message)
        for d in check_source(source("cell w : wrapped { in <- v }\ncell v : svf { in <- w }\noutput o <- v", WRAPPED))
    ]
    assert found == [("P301", "feedback cycle without a delay: w -> v -> w")]


@pytest.mark.parametrize(
    ("cable", "relation"), [("in <- late", "a later"), ("in <- beside", "the same"), ("in <- here", "the same")]
)
def test_a_cell_that_hears_its_own_or_a_later_layer_is_refused(cable: str, relation: str) -> None:
    body = f"""layer one {{
      cell beside : saw
      cell here : gain {{ {cable} }}
    }}
    layer two {{ cell late : mix {{ in <- beside, here }} }}
    output o <- late"""
    found = check_source(source(body))
    heard = cable.rpartition(" ")[2]
    assert [(d.code, d.message) for d in found] == [
        ("P302", f"`here` hears `{heard}`, which is in {relation} layer"),
    ]
    assert found[0].span is not None
    assert found[0].span.text == heard
    assert [label.text for label in found[0].labels] == ["`here` is in layer `one` (1 of 2)"]
    assert found[0].label_text == (
        "this one is in layer `two` (2 of 2)" if relation == "a later" else "this one is in layer `one` (1 of 2)"
    )


def test_outputs_and_taps_may_hear_any_layer() -> None:
    graph_of("layer one { cell a : saw }\nlayer two { cell b : gain { in <- a } }\noutput o <- b, a\ntap a, b, o")


def test_half_layers_are_said_once() -> None:
    found = said("layer one { cell a : saw }\ncell b : gain { in <- a }\ncell c : gain { in <- b }\noutput o <- c")
    assert [code for code, _ in found] == ["P303"]


def test_layers_do_not_nest_nor_repeat() -> None:
    assert [code for code, _ in said("layer a { layer b { cell o : saw } }\noutput m <- o")] == ["P307"]
    found = said("layer a { cell o : saw }\nlayer a { cell p : saw }\noutput m <- o, p")
    assert found == [("P204", "`a` is declared twice")]


def test_a_loop_may_stand_in_a_layer() -> None:
    graph = graph_of("layer a { for k in 1 .. 3 { cell o[k] : saw } }\noutput m <- o[*]")
    assert columns(graph) == {"a": ["o[1]", "o[2]", "o[3]"]}


def test_long_chains_and_many_circles_take_linear_work() -> None:
    chain = [
        "cell c0 : noise",
        *(f"cell c{k} : gain {{ in <- c{k - 1} }}" for k in range(1, 3000)),
        "output m <- c2999",
    ]
    with at_most_calls(5_000_000):
        assert len(graph_of("\n".join(chain)).layers) == 3000
    rings = [f"cell c{k} : gain {{ in <- c{k} }}" for k in range(2000)]
    with at_most_calls(5_000_000):
        assert len(said("\n".join([*rings, *(f"tap c{k}" for k in range(2000)), "output m <- c0"]))) == 2000
    ring = [f"cell c{k} : gain {{ in <- c{(k + 1) % 2000} }}" for k in range(2000)]
    with at_most_calls(4_000_000):
        assert len(said("\n".join([*ring, "output m <- c0"]))) == 1

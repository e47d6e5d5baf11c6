"""Names in a patch: found wherever they are declared, complained about once where they are not."""

from __future__ import annotations

import pytest

from patchc.graph.load import check_source, load_graph
from patchc.graph.model import Arith, Const, Graph, Member, NameRef
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Source


def said(body: str, before: str = "") -> list[Diagnostic]:
    return check_source(Source("x.patch", f"patchc 1\n{before}\npatch x {{\n{body}\n}}\n"))


def graph_of(body: str, before: str = "") -> Graph:
    graph, diagnostics = load_graph(Source("x.patch", f"patchc 1\n{before}\npatch x {{\n{body}\n}}\n"))
    assert [(d.code, d.message) for d in diagnostics] == []
    assert graph is not None
    return graph


def value_of(graph: Graph, cell: str, port: str) -> object:
    found = next(c for c in graph.cells if c.name == cell).port(port)
    assert found is not None
    assert found.value is not None
    return found.value.default


def test_a_number_is_held_in_base_units_with_the_span_of_its_text() -> None:
    default = value_of(graph_of("cell o : saw { freq = 1.5 kHz }\noutput m <- o"), "o", "freq")
    assert isinstance(default, Const)
    assert (default.value, default.unit) == (1500.0, "kHz")
    assert default.span is not None
    assert default.span.text == "1.5 kHz"


def test_the_value_carries_the_span_of_all_of_it() -> None:
    graph = graph_of("cell o : saw { freq = learn 1 kHz in 20 Hz .. 8 kHz log }\noutput m <- o")
    port = graph.cells[0].port("freq")
    assert port is not None
    assert port.value is not None
    assert port.value.span is not None
    assert port.value.span.text == "learn 1 kHz in 20 Hz .. 8 kHz log"


def test_constants_fold_and_names_stay() -> None:
    graph = graph_of("param d = 7 ct\ncell o : saw { freq = 2 * 110 Hz + 12 st + d }\noutput m <- o")
    expr = value_of(graph, "o", "freq")
    assert isinstance(expr, Arith)
    assert isinstance(expr.left, Const)
    assert expr.left.value == pytest.approx(440.0)
    assert expr.left.unit == "Hz"
    assert expr.right == NameRef(name="d")


def test_levels_add_in_decibels_and_numbers_scale_them() -> None:
    default = value_of(graph_of("cell o : saw { level = -6 dB + -3 dB * 2 }\noutput m <- o"), "o", "level")
    assert isinstance(default, Const)
    assert default.value == pytest.approx(-12.0)


def test_a_note_is_a_frequency_unless_something_else_is_called_so() -> None:
    note = value_of(graph_of("cell o : saw { freq = A4 }\noutput m <- o"), "o", "freq")
    assert isinstance(note, Const)
    assert note.value == 440.0
    param = value_of(graph_of("param A4 = 300 Hz\ncell o : saw { freq = A4 }\noutput m <- o"), "o", "freq")
    assert param == NameRef(name="A4")


def test_a_member_comes_before_a_param_of_that_name() -> None:
    graph = graph_of("""param route = lowpass in [lowpass, highpass]
        cell s : saw { freq = 1 Hz }
        cell f : svf { in <- s; mode = notch }
        cell g : svf { in <- f; mode = route }
        output m <- g""")
    assert value_of(graph, "f", "mode") == Member(name="notch")
    assert value_of(graph, "g", "mode") == NameRef(name="route")


def test_a_choice_param_must_offer_what_the_port_knows() -> None:
    found = said("""param route = lowpass in [lowpass, upside]
    cell s : saw { freq = 1 Hz }
    cell g : svf { in <- s; mode = route }
    output m <- g""")
    assert [(d.code, d.message) for d in found] == [("P227", "`upside` is not a member of `mode`")]


def test_an_unknown_name_is_said_once_however_often_it_is_used() -> None:
    found = said("""cell a : saw { freq = pich }
    cell b : saw { freq = pich + 7 ct }
    output m <- a, b""")
    assert [d.code for d in found] == ["P201"]


def test_two_unknown_names_are_two_mistakes() -> None:
    found = said("cell a : saw { freq = pich }\ncell b : saw { freq = picht }\noutput m <- a, b")
    assert [d.code for d in found] == ["P201", "P201"]


def test_an_unknown_source_makes_no_cell_unheard_or_unplugged() -> None:
    found = said("cell a : saw { freq = 1 Hz }\ncell f : svf { in <- aa }\noutput m <- f")
    assert [d.code for d in found] == ["P201"]


def test_an_unknown_port_does_not_make_another_one_missing() -> None:
    found = said("cell a : saw { freq = 1 Hz }\ncell f : svf { inn <- a }\noutput m <- f")
    assert [d.code for d in found] == ["P203"]


def test_lines_of_a_cell_of_unknown_type_are_read_all_the_same() -> None:
    found = said("cell a : sww { freq = pitch + 1 st; shape = soft }\noutput m <- a")
    assert [(d.code, d.message) for d in found] == [
        ("P202", "no cell type called `sww`"),
        ("P201", "no cell, input or param called `pitch`"),
    ]


def test_fixes_name_what_was_meant() -> None:
    found = said("cell osc : saw { freq = 1 Hz }\ncell f : svff { in <- osc }\noutput m <- f")
    assert [fix.replacement for d in found for fix in d.fixes] == ["svf"]


def test_a_patch_may_be_declared_below_its_use() -> None:
    text = "patchc 1\npatch x { cell a : y; output m <- a }\npatch y { cell o : saw; output out <- o }\n"
    graph, diagnostics = load_graph(Source("x.patch", text), patch="x")
    assert diagnostics == []
    assert graph is not None
    assert [cell.name for cell in graph.cells] == ["a.o"]


def test_a_patch_may_wrap_the_cell_it_is_called_after() -> None:
    text = "patchc 1\npatch saw { cell o : saw { freq = 55 Hz }; output out <- o }\n"
    text += "patch x { cell a : saw; output m <- a }\n"
    graph, diagnostics = load_graph(Source("x.patch", text))
    assert diagnostics == []
    assert graph is not None
    assert value_of(graph, "a.o", "freq") == Const(value=55.0, dimension="frequency", unit="Hz")


def test_params_used_above_their_line_are_said_once() -> None:
    found = said("cell a : saw { freq = f }\ncell b : saw { freq = f }\nparam f = 1 Hz\noutput m <- a, b")
    assert [(d.code, d.message) for d in found] == [("P205", "`f` is used before it is declared")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("input a : audio", "P204"),
        ("param a = 1 in 0 .. 2", "P204"),
        ("output a <- a", "P204"),
        ("for a in 1 .. 2 { tap a }", "P204"),
    ],
)
def test_one_list_of_names(line: str, code: str) -> None:
    assert [d.code for d in said(f"cell a : saw\noutput m <- a\n{line}") if d.code != "P213"] == [code]


def test_layers_have_names_of_their_own() -> None:
    graph = graph_of("layer osc { cell osc : saw }\noutput m <- osc")
    assert [layer.name for layer in graph.layers] == ["osc"]


def test_meta_labels_docs_and_taps_arrive() -> None:
    graph = graph_of("""meta { author = "me"; year = 2024; tags = ["a", b] }
    ## How far.
    @label(text = "Detune")
    param d = learn 7 ct in 0 ct .. 50 ct ~ normal(7 ct, 5 ct)
    ## The source.
    cell o : saw { freq = 110 Hz + d }
    output m <- o
    tap m loss mss(fft = [512, 256]) * 0.5 after 10 steps
    tap o""")
    assert graph.meta == {"author": "me", "year": 2024, "tags": ["a", "b"]}
    param = graph.params[0]
    assert (param.doc, param.label) == ("How far.", "Detune")
    assert param.value.prior is not None
    assert param.value.prior.numbers == pytest.approx((7 / 1200, 5 / 1200))
    assert graph.cells[0].doc == "The source."
    first, second = graph.taps
    assert (first.cells, first.after, second.cells, second.losses) == (("m",), 10, ("o",), ())
    assert (first.losses[0].settings, first.losses[0].weight) == ({"fft": [512, 256]}, 0.5)


def test_wrong_numbers_of_all_sorts() -> None:
    found = said("""param a = 3 hz
    param b = 3 / 0
    param c = learn 3 Hz in 1 Hz .. 3 s
    param d = learn 3 in 1 .. 4 ~ gauss(1)
    param e = learn 1 in 0 .. 2 Hz + 3
    cell o : saw
    output m <- o""")
    assert [d.code for d in found] == ["P405", "P231", "P401", "P232", "P401"]


def test_learn_starts_from_a_number() -> None:
    found = said("input p : control = 1 Hz\ncell o : saw { freq = learn p + 1 st in 1 Hz .. 2 Hz }\noutput m <- o")
    assert [d.code for d in found] == ["P229"]

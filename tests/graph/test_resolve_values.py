"""Values: what a cell type leaves unsaid is filled in, what cannot be filled in is asked for."""

from __future__ import annotations

from patchc.graph.load import check_source, load_graph
from patchc.graph.model import Const, Graph, Member, Role, Value
from patchc.source.text import Source
from patchc.units.domain import Choice, Curve, Range, Simplex
from patchc.units.unit import Dimension


def source(body: str) -> Source:
    return Source("x.patch", f"patchc 1\npatch x {{\n{body}\n}}\n")


def graph_of(body: str) -> Graph:
    graph, diagnostics = load_graph(source(body))
    assert [(d.code, d.message) for d in diagnostics] == []
    assert graph is not None
    return graph


def value(line: str, type_: str = "saw", sizes: str = "") -> Value:
    graph = graph_of(f"cell n : noise\ncell c : {type_}{sizes} {{ {line} }}\noutput m <- n, c")
    found = graph.cells[-1].ports[-1].value
    assert found is not None
    return found


def start(of: Value) -> float:
    assert isinstance(of.default, Const)
    return of.default.value


def test_learn_alone_is_complete() -> None:
    found = value("freq = learn")
    assert found.role is Role.LEARN
    assert (start(found), found.dimension) == (440.0, Dimension.FREQUENCY)
    assert isinstance(found.domain, Range)
    assert (found.domain.low, found.domain.high, found.domain.curve) == (20.0, 12000.0, Curve.LOG)


def test_the_start_is_the_usual_one_if_the_range_holds_it() -> None:
    assert start(value("freq = learn in 100 Hz .. 1 kHz log")) == 440.0
    assert start(value("freq = learn in 1 kHz .. 4 kHz log")) == 2000.0
    assert start(value("freq = learn in 1 kHz .. 4 kHz")) == 2500.0


def test_a_fixed_number_has_only_the_range_it_was_given() -> None:
    assert value("freq = 300 Hz").domain is None
    found = value("freq = 300 Hz in 100 Hz .. 400 Hz")
    assert found.role is Role.FIXED
    assert isinstance(found.domain, Range)


def test_a_prior_makes_a_knob_with_the_usual_range() -> None:
    found = value("freq = 300 Hz ~ normal(300 Hz, 1 oct)")
    assert found.role is Role.FIXED
    assert found.prior is not None
    assert isinstance(found.domain, Range)
    assert found.domain.high == 12000.0


def test_vectors_take_their_width_from_the_sizes() -> None:
    even = value("shape = predict", "harmonic", "(partials = 12)")
    assert (even.width, even.default, even.domain) == (12, None, Simplex())
    written = value("shape = [50 %, 50 %]", "harmonic", "(partials = 2)")
    assert (written.role, written.width, written.domain) == (Role.FIXED, 2, None)  # what is fixed needs no range
    assert value("shape = learn [50 %, 50 %]", "harmonic", "(partials = 2)").domain == Simplex()
    bands = value("shape = predict in -80 dB .. 0 dB", "noise_bank")
    assert bands.width == 65
    assert start(bands) == -20.0


def test_choices() -> None:
    graph = graph_of(
        "cell l : lfo { shape = learn triangle in [triangle, square] }\ncell o : saw { level *= l }\noutput m <- o"
    )
    found = graph.cells[0].ports[0].value
    assert found is not None
    assert found.domain == Choice(members=("triangle", "square"))
    assert found.default == Member(name="triangle")
    graph = graph_of("cell l : lfo { shape = learn in [triangle, square] }\ncell o : saw { level *= l }\noutput m <- o")
    assert graph.cells[0].ports[0].value == found


def test_the_dimension_of_a_param_is_that_of_its_range_or_its_start() -> None:
    graph = graph_of("""param a = learn in 20 Hz .. 80 Hz log
    param b = -3 dB
    param c = learn 30 % in 0 .. 1
    input f : control = C4
    cell o : saw
    output m <- o""")
    assert [p.value.dimension for p in graph.params] == [Dimension.FREQUENCY, Dimension.LEVEL, Dimension.NUMBER]
    assert start(graph.params[0].value) == 40.0
    assert graph.inputs[0].value is not None
    assert graph.inputs[0].value.dimension is Dimension.FREQUENCY


def test_a_level_of_a_cable_and_a_share_have_usual_ranges() -> None:
    graph = graph_of("""cell l : lfo
    cell o : saw { level *= l * learn 30 % }
    output m <- o * learn -9 dB""")
    scale, feed = graph.cells[1].ports[0].cables[0].depth, graph.outputs[0].cables[0].depth
    assert scale is not None
    assert scale.domain == Range(low=0.0, high=1.0, unit="%")
    assert feed is not None
    assert feed.domain == Range(low=-60.0, high=0.0, dimension=Dimension.LEVEL, unit="dB")


def test_a_chance_is_between_nothing_and_certain() -> None:
    graph = graph_of("cell o : saw\noutput m <- o  maybe learn 30 %")
    chance = graph.outputs[0].cables[0].maybe
    assert chance is not None
    assert chance.domain == Range(low=0.0, high=1.0, unit="%")


def test_other_depths_must_say_their_range() -> None:
    found = check_source(source("cell l : lfo\ncell o : saw { freq += l * learn 3 st }\noutput m <- o"))
    assert [(d.code, d.span.text if d.span else "") for d in found] == [("P230", "learn 3 st")]


def test_params_that_follow_others_are_written_out() -> None:
    graph = graph_of("""input pitch : control = 110 Hz
    param up = 12 st
    param high = pitch + up
    param mode = learn lowpass in [lowpass, highpass]
    cell o : saw { freq = high }
    cell f : svf { in <- o; mode = mode }
    output m <- f""")
    assert [param.name for param in graph.params] == ["up", "mode"]
    assert graph.cells[0].ports[0].value is not None
    direct = graph_of(
        "input pitch : control = 110 Hz\nparam up = 12 st\ncell o : saw { freq = pitch + up }\noutput m <- o"
    )
    assert graph.cells[0].ports[0].value.default == direct.cells[0].ports[0].value.default

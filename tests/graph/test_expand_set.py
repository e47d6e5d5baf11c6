"""`set`: another starting value for a number deep inside, and nothing else about it."""

from __future__ import annotations

import pytest

from patchc.graph.load import check_source, load_graph
from patchc.graph.model import Const, Graph, Role, Value
from patchc.graph.write import to_text
from patchc.source.text import Source

TEXT = """patchc 1
patch op {{
  input mod : audio
  param ratio = learn 2 in 1 .. 16 log ~ normal(2, 1 oct)
  cell osc : sine {{ freq = 100 Hz * ratio; phase += mod * learn 1 rad in 0 rad .. 9 rad }}
  output out <- osc
}}
patch pair {{
  cell a : op
  cell b : op {{ mod <- a * learn -3 dB in -60 dB .. 0 dB maybe 40 % }}
  output out <- b
  set a.ratio = 5
}}
patch main {{
  cell p : pair
  cell q : pair
  output m <- p * learn -6 dB, q
  {line}
}}
"""


def source(line: str = "") -> Source:
    return Source("x.patch", TEXT.format(line=line))


def graph_of(line: str = "") -> Graph:
    graph, diagnostics = load_graph(source(line))
    assert [(d.code, d.message) for d in diagnostics] == []
    assert graph is not None
    return graph


def values(graph: Graph) -> dict[str, Value]:
    found = {param.name: param.value for param in graph.params}
    for cell in graph.cells:
        for port in cell.ports:
            for cable in port.cables:
                where = f"{cell.name}.{port.name}[{cable.source}]"
                found |= {f"{where}.depth": cable.depth} if cable.depth else {}
                found |= {f"{where}.maybe": cable.maybe} if cable.maybe else {}
    for cable in graph.outputs[0].cables:
        found |= {f"m[{cable.source}].gain": cable.depth} if cable.depth else {}
    return found


def starts(graph: Graph) -> dict[str, float]:
    return {name: value.default.value for name, value in values(graph).items() if isinstance(value.default, Const)}


def test_a_set_inside_holds_for_every_instance() -> None:
    found = starts(graph_of())
    assert (found["p.a.ratio"], found["q.a.ratio"], found["p.b.ratio"]) == (5.0, 5.0, 2.0)


@pytest.mark.parametrize(
    ("line", "name", "start"),
    [
        ("set p.a.ratio = 7", "p.a.ratio", 7.0),
        ("set p.b.mod.in[p.a.osc].gain = -9 dB", "p.b.mod.in[p.a.osc].depth", -9.0),
        ("set p.b.mod.in[p.a.osc].maybe = 25 %", "p.b.mod.in[p.a.osc].maybe", 0.25),
        ("set q.b.osc.phase[q.b.mod].depth = 1 cyc", "q.b.osc.phase[q.b.mod].depth", 1.0),
        ("set m[p.b.osc].gain = -1 dB", "m[p.b.osc].gain", -1.0),
    ],
)
def test_numbers_by_the_names_of_knobs(line: str, name: str, start: float) -> None:
    before, after = starts(graph_of()), starts(graph_of(line))
    assert after.pop(name) == pytest.approx(start)
    before.pop(name)
    assert after == before


def test_only_the_start_changes() -> None:
    before, after = values(graph_of())["p.a.ratio"], values(graph_of("set p.a.ratio = 7"))["p.a.ratio"]
    assert (after.role, after.domain, after.prior) == (Role.LEARN, before.domain, before.prior)


def test_a_range_and_a_role_may_be_set_too() -> None:
    found = values(graph_of("set p.a.ratio = predict 7 in 1 .. 9 log"))["p.a.ratio"]
    assert found.role is Role.PREDICT
    assert found.domain is not None
    assert found.domain.kind == "range"
    assert found.domain.high == 9.0


@pytest.mark.parametrize("path", ["p.a.rato", "p.a", "p.a.osc.frq", "nothing.here"])
def test_what_holds_no_number_cannot_be_set(path: str) -> None:
    assert [d.code for d in check_source(source(f"set {path} = 3"))] == ["P217"]


def test_a_start_is_a_number() -> None:
    assert [d.code for d in check_source(source("input x : control = 1\nset p.a.ratio = x * 2"))] == ["P229"]


# --- numbers that are fixed, or left to the cell type -----------------------------------------------------------------

FIXED = """patchc 1
patch v {{
  param bright = 2 kHz in 200 Hz .. 8 kHz log
  param mix = 10 %
  cell osc : saw {{ freq = 110 Hz }}
  cell vcf : svf {{ in <- osc; cutoff = bright; cutoff += osc * 2 st }}
  cell room : fir_reverb {{ in <- vcf; wet = mix * 2 }}
  output out <- room
}}
patch p {{
  param tune = 7 ct + 1 ct
  cell a : v
  cell b : v {{ bright = 1 kHz }}
  cell tone : harmonic(partials = 2) {{ freq = 110 Hz + tune; shape = [50 %, 50 %] }}
  output main <- a, b, tone * -3 dB
  {line}
}}
"""


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("set a.osc.freq = C3", "freq = 130.81"),
        ("set b.bright = 3 kHz", "param b.bright = 3 kHz"),
        ("set a.mix = 20 %", "wet = 20 % * 2"),
        ("set a.room.wet = 33 %", "wet = 33 %"),
        ("set a.room.decay = 900 ms", "decay = 900 ms"),
        ("set a.room.length = 4 s", "fir_reverb(length = 4 s)"),
        ("set a.vcf.cutoff[a.osc].depth = 5 st", "a.osc * 5 st"),
        ("set a.vcf.q = learn 3", "q = learn 3 in"),
        ("set a.vcf.in[a.osc].gain = -6 dB", "in <- a.osc * -6 dB"),
        ("set tune = 1 st", "110 Hz + tune"),
        ("set tone.shape = [25 %, 75 %]", "shape = [25 %, 75 %]"),
        ("set tone.partials = 3; set tone.shape = [1, 0, 0]", "harmonic(partials = 3)"),
        ("set main[a.room].gain = -9 dB", "a.room * -9 dB"),
    ],
)
def test_any_number_can_be_set(line: str, shown: str) -> None:
    graph, diagnostics = load_graph(Source("x.patch", FIXED.format(line=line)))
    assert [(d.code, d.message) for d in diagnostics] == []
    assert graph is not None
    assert " ".join(shown.split()).replace("20 % * 2", "40 %") in " ".join(to_text(graph).split())


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("set a.osc.freq = 3", "P401"),
        ("set tune = 3 Hz", "P401"),
        ("set a.room.length = 4", "P220"),
        ("set a.room.length = 400 s", "P220"),
        ("set tone.partials = 2.5", "P220"),
        ("set tone.partials = 3", "P305"),
        ("set b.bright = 9 kHz", "P403"),
        ("set a.vcf.mode = loowpass", "P227"),
        ("set a.osc.freq = tune", "P229"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(line: str, code: str) -> None:
    assert {d.code for d in load_graph(Source("x.patch", FIXED.format(line=line)))[1]} == {code}

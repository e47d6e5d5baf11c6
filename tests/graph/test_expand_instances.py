"""Patches used as cell types: what is plugged in takes the place of their inputs, and nothing of them is left."""

from __future__ import annotations

import pytest

from patchc.graph.load import check_source, load_graph
from patchc.graph.model import Cell, Const, Graph, Role
from patchc.source.text import Source
from patchc.units.unit import Dimension

VOICE = """
patch voice {
  input pitch : control
  input mod   : audio
  param ratio = 1 in 0.25 .. 16 log
  param plain = 0.5 rad
  param free  = learn 1 s in 5 ms .. 8 s log ~ normal(1 s, 1 oct)
  cell osc : sine {
    freq   = pitch * ratio
    phase += mod * plain
  }
  cell out_env : gain { in <- osc; level = -3 dB }
  output out <- out_env
}
"""


def load(body: str, before: str = VOICE) -> Graph:
    graph, diagnostics = load_graph(Source("x.patch", f"patchc 1\n{before}\npatch x {{\n{body}\n}}\n"))
    assert [(d.code, d.message) for d in diagnostics] == []
    assert graph is not None
    return graph


def codes(body: str, before: str = VOICE) -> list[str]:
    return [d.code for d in check_source(Source("x.patch", f"patchc 1\n{before}\npatch x {{\n{body}\n}}\n"))]


def cell(graph: Graph, name: str) -> Cell:
    return next(cell for cell in graph.cells if cell.name == name)


def sources(graph: Graph, name: str, port: str) -> list[str]:
    found = cell(graph, name).port(port)
    return [cable.source for cable in found.cables] if found else []


def test_it_equals_the_patch_written_out_by_hand() -> None:
    nested = load("""input pitch : control = 110 Hz
    cell a : voice { pass pitch }
    cell b : voice { pitch = pitch + 7 ct; mod <- a; ratio = learn 2; free = 2 s }
    output main <- b * -3 dB""")
    by_hand = load(
        """input pitch : control = 110 Hz
    param a.ratio = 1 in 0.25 .. 16 log
    param a.free  = learn 1 s in 5 ms .. 8 s log ~ normal(1 s, 1 oct)
    param b.ratio = learn 2 in 0.25 .. 16 log
    param b.free  = 2 s in 5 ms .. 8 s log
    cell a.osc : sine { freq = pitch * a.ratio }
    cell a.out_env : gain { in <- a.osc; level = -3 dB }
    cell b.osc : sine { freq = (pitch + 7 ct) * b.ratio; phase += a.out_env * 0.5 rad }
    cell b.out_env : gain { in <- b.osc; level = -3 dB }
    output main <- b.out_env * -3 dB""",
        before="",
    )
    assert nested.model_dump() == by_hand.model_dump()


def test_an_unplugged_audio_input_leaves_no_cable() -> None:
    graph = load("cell a : voice { pitch = 1 Hz }\noutput m <- a")
    assert cell(graph, "a.osc").port("phase") is None


def test_several_cables_meet_in_a_mixer_called_after_the_input() -> None:
    graph = load("""cell n : noise
    cell o : saw
    cell a : voice { pitch = 1 Hz; mod <- n * -6 dB, o }
    cell b : voice { pitch = 1 Hz; mod <- n maybe 20 % }
    output m <- a, b""")
    assert cell(graph, "a.mod").type == "mix"
    assert sources(graph, "a.mod", "in") == ["n", "o"]
    assert sources(graph, "a.osc", "phase") == ["a.mod"]
    assert sources(graph, "b.mod", "in") == ["n"]


def test_several_cables_at_an_output_meet_in_a_mixer() -> None:
    pair = "patch pair { cell a : saw; cell b : saw; output left <- a; output right <- a * -3 dB, b }"
    graph = load("cell p : pair\noutput m <- p.left, p.right", pair)
    assert [cable.source for cable in graph.outputs[0].cables] == ["p.a", "p.right"]
    assert sources(graph, "p.right", "in") == ["p.a", "p.b"]


def test_a_guard_on_an_instance_switches_a_mixer_at_its_output() -> None:
    graph = load("""param on = learn yes in [yes, no]
    cell a : voice maybe learn 40 % when on is yes { pitch = 1 Hz }
    output m <- a""")
    mixer = cell(graph, "a.out")
    assert mixer.maybe is not None
    assert mixer.maybe.role is Role.LEARN
    assert [(when.param, when.member) for when in mixer.when] == [("on", "yes")]
    assert [cable.source for cable in graph.outputs[0].cables] == ["a.out"]


def test_a_choice_inside_is_a_param_of_the_flat_graph() -> None:
    inner = """patch inner {
      param way = a in [a, b]
      cell o : saw { level *= l when way is b }
      output out <- o
    }""".replace("cell o", "cell l : lfo\n      cell o")
    graph = load(
        "param mine = learn b in [a, b]\ncell i : inner { way = mine }\ncell j : inner\noutput m <- i, j", inner
    )
    assert [param.name for param in graph.params] == ["mine", "j.way"]
    ports = [cell(graph, name).port("level") for name in ("i.o", "j.o")]
    assert [port.cables[0].when[0].param for port in ports if port] == ["mine", "j.way"]


@pytest.mark.parametrize(
    ("line", "role", "start", "low", "prior"),
    [
        ("", Role.LEARN, 1.0, 0.005, True),
        ("free = 2 s", Role.FIXED, 2.0, 0.005, False),
        ("free = learn 2 s", Role.LEARN, 2.0, 0.005, True),
        ("free = predict", Role.PREDICT, 1.0, 0.005, True),
        ("free = in 0.5 s .. 2 s log", Role.LEARN, 1.0, 0.5, True),
        ("free = learn 2 s in 1 s .. 4 s log", Role.LEARN, 2.0, 1.0, True),
        ("free = fixed", Role.FIXED, 1.0, 0.005, False),
        ("free = 2 s in 1 s .. 4 s log ~ normal(2 s, 1 oct)", Role.FIXED, 2.0, 1.0, True),
    ],
)
def test_a_binding_restates_only_what_changes(line: str, role: Role, start: float, low: float, prior: bool) -> None:
    graph = load(f"cell a : voice {{ pitch = 1 Hz; {line} }}\noutput m <- a")
    value = next(param.value for param in graph.params if param.name == "a.free")
    assert isinstance(value.default, Const)
    assert value.domain is not None
    assert value.domain.kind == "range"
    assert (value.role, value.default.value, value.domain.low, value.prior is not None) == (role, start, low, prior)


def test_inputs_may_be_learned_at_the_instance() -> None:
    graph = load("cell a : voice { pitch = learn 300 Hz in 100 Hz .. 400 Hz log }\noutput m <- a")
    assert [param.name for param in graph.params] == ["a.pitch", "a.ratio", "a.free"]


def test_a_control_input_may_be_the_source_of_cables() -> None:
    inner = """patch inner {
      input wobble : control = 0 in -1 .. 1
      cell o : saw { freq = 9 Hz; freq += wobble * 2 st }
      output out <- o
    }
    patch around { input wobble : control; cell i : inner { pass wobble }; output out <- i }"""
    graph = load(
        "input w : control = 0.2\ncell l : lfo\n"
        "cell a : inner { wobble <- l }\ncell b : inner\ncell c : around { wobble <- l }\n"
        "cell d : inner { wobble = w }\noutput m <- a, b, c, d",
        inner,
    )
    assert [sources(graph, name, "freq") for name in ("a.o", "b.o", "c.i.o", "d.o")] == [["l"], [], ["l"], ["w"]]
    assert codes("cell a : inner { wobble = 0.3 }\noutput m <- a", inner) == ["P209"]


@pytest.mark.parametrize(
    "lines",
    [
        "pitch = 1 Hz; pitch += l * 2 st",
        "pitch = 1 Hz; free *= l",
        "pitch <- l",
        "pitch = 1 Hz; ratio <- l",
    ],
)
def test_modulation_from_outside_is_not_possible(lines: str) -> None:
    assert codes(f"cell l : lfo\ncell a : voice {{ {lines} }}\noutput m <- a, l")[:1] == ["P209"]


def test_audio_that_something_inside_needs_must_be_plugged_in() -> None:
    effect = """patch effect {
      input in : audio
      input side : audio
      cell f : svf { in <- in }
      cell g : gain { in <- f, side }
      output out <- g
    }
    patch chain { input in : audio; cell a : effect { in <- in }; output out <- a }
    patch thru { input in : audio; output out <- in }"""
    assert codes("cell s : saw\ncell a : effect { in <- s }\ncell b : chain { in <- a }\noutput m <- b", effect) == []
    assert codes("cell a : effect\noutput m <- a", effect) == ["P206"]
    assert codes("cell s : saw\ncell a : effect { side <- s }\noutput m <- a", effect) == ["P206"]
    assert codes("cell a : chain\noutput m <- a", effect) == ["P206"]
    assert codes("cell a : thru\noutput m <- a", effect) == ["P206"]


def test_loops_name_cells_by_value() -> None:
    graph = load("""for k in [1, 3, 0.5] { cell b[k] : voice { pitch = k * 100 Hz } }
    for s in [left, right] { cell n[s] : noise }
    for j in 0 .. 8 step 4 { for i in 1 .. j { cell z[i].y[j] : noise } }
    output m <- b[*], n[left], z[2].y[*], z[*].y[4]
    tap n[*], z[*].y[*]""")
    heard = [cable.source for cable in graph.outputs[0].cables]
    assert heard[:4] == ["b[1].out_env", "b[3].out_env", "b[0.5].out_env", "n[left]"]
    assert heard[4:] == ["z[2].y[4]", "z[2].y[8]", "z[1].y[4]", "z[2].y[4]", "z[3].y[4]", "z[4].y[4]"]


def test_sizes_reach_loops_vectors_and_cells() -> None:
    inner = """patch bank(n : int, m : int = n + 1, tail : time = 1 s) {
      param w : control[n] = predict in 0 .. 1
      for k in 1 .. m { cell o[k] : harmonic(partials = n * 2) { freq = k * 50 Hz; shape = predict } }
      cell r : fir_reverb(length = tail / 2) { in <- o[*] }
      output out <- r
    }"""
    graph = load("cell b : bank(n = 3, tail = 200 ms)\noutput m <- b", inner)
    assert [cell.name for cell in graph.cells] == ["b.o[1]", "b.o[2]", "b.o[3]", "b.o[4]", "b.r"]
    assert (graph.params[0].value.width, graph.cells[0].sizes) == (3, {"partials": 6.0})
    assert cell(graph, "b.r").sizes == {"length": pytest.approx(0.1)}


def test_taps_reach_inside() -> None:
    graph = load("""for k in 1 .. 2 { cell b[k] : voice { pitch = 1 Hz } }
    output m <- b[*]
    tap b[*]
    tap b[*].osc, m
    tap b[2].out_env""")
    assert [tap.cells for tap in graph.taps] == [
        ("b[1].out_env", "b[2].out_env"),
        ("b[1].osc", "b[2].osc", "m"),
        ("b[2].out_env",),
    ]


def test_moves_inside_carry_their_path() -> None:
    inner = "patch inner { cell o : saw; output out <- o; moved osc -> o }"
    graph = load("cell a : inner\noutput m <- a\nmoved b -> a", inner)
    assert {(move.old, move.new) for move in graph.moved} == {("a.osc", "a.o"), ("b", "a")}


def test_a_definition_with_a_mistake_is_complained_about_once() -> None:
    inner = "patch inner { cell o : saw { frq = 1 Hz }; output out <- o }"
    lines = "for k in 1 .. 50 { cell a[k] : inner }\noutput m <- a[*]"
    assert codes(lines, inner) == ["P203"]


def test_what_an_instance_overrides_is_checked_as_well() -> None:
    inner = "patch inner { param c = learn 1 Hz in 5 Hz .. 9 Hz; cell o : saw { freq = c }; output out <- o }"
    assert codes("cell a : inner { c = 6 Hz }\noutput m <- a", inner) == ["P403"]


def test_what_an_instance_cannot_mix_is_said() -> None:
    inner = """patch slow { cell l : lfo; cell k : lfo; output out <- l, k }
    patch two { cell a : saw; cell b : saw; output left <- a; output right <- b }"""
    assert codes("cell s : slow\ncell o : saw { level *= s }\noutput m <- o", inner) == ["P209"]
    assert codes("cell t : two maybe 50 %\noutput m <- t.left, t.right", inner) == ["P209"]


def test_a_control_output_of_an_instance_modulates() -> None:
    inner = "patch slow { cell l : lfo; output out <- l }"
    graph = load("cell s : slow\ncell o : saw { freq += s * 20 ct }\noutput m <- o", inner)
    assert sources(graph, "o", "freq") == ["s.l"]


def test_gates_go_to_gates_only() -> None:
    inner = """patch note { input gate : gate; input in : audio
      cell e : adsr { gate <- gate }
      cell g : gain { in <- in; level *= e }
      output out <- g
    }"""
    lines = "input gate : gate\ncell s : saw\n"
    assert codes(lines + "cell n : note { pass gate; in <- s }\noutput m <- n", inner) == []
    assert codes(lines + "cell n : note { gate <- s; in <- s }\noutput m <- n", inner) == ["P309"]
    assert codes(lines + "cell n : note { pass gate; in <- s, gate }\noutput m <- n", inner) == ["P309"]


def test_the_default_of_an_input_may_name_another_one() -> None:
    inner = """patch inner {
      input a : control = 100 Hz
      input b : control = a * 2
      cell o : saw { freq = b }
      output out <- o
    }"""
    graph = load("cell i : inner { a = 30 Hz }\noutput m <- i", inner)
    port = cell(graph, "i.o").port("freq")
    assert port is not None
    assert port.value is not None
    assert port.value.default == Const(value=60.0, dimension=Dimension.FREQUENCY, unit="Hz")

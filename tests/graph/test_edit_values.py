"""Values written into a patch: where the number stands, in its unit, nothing else changes, and it loads with them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from patchc.graph.edit import Given, write_values
from patchc.graph.load import load_graph
from patchc.graph.model import Const, Graph, Member, Vector
from patchc.graph.walk import Place, is_knob, places
from patchc.source.text import Source
from patchc.syntax.format import format_file
from patchc.syntax.parser import parse
from patchc.testing import patches
from patchc.units.domain import Choice, Range

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))

VOICE = """patchc 1

# A comment stays.
patch p {
  input gate : gate
  param wave = learn saw in [saw, square]   # so does this one
  cell env : adsr { gate <- gate; decay = learn; attack = learn 5 ms }
  cell osc : saw { freq = learn C4 in 20 Hz .. 8 kHz log; level *= env * learn 50 % in 0 % .. 100 % }
  cell vcf : svf { in <- osc  maybe 25 %; cutoff = learn 2.0 kHz in 20 Hz .. 8 kHz log ~ normal(800 Hz, 1 oct) }
  output main <- vcf * learn -6 dB in -60 dB .. 0 dB  when wave is saw
}
"""

TWICE = """patchc 1

patch v {
  param cut = learn 1 kHz in 20 Hz .. 8 kHz log
  cell osc : saw { freq = 110 Hz }
  cell vcf : svf { in <- osc; cutoff = cut; q = learn 2 }
  output out <- vcf
}

patch p {
  cell a : v
  cell b : v
  output main <- a, b

  tap main
}
"""


def load(text: str, name: str = "p.patch") -> tuple[Source, Graph]:
    source = Source(name, text)
    graph, diagnostics = load_graph(source)
    assert graph is not None, [d.message for d in diagnostics]
    return source, graph


def written(text: str, **values: Given) -> str:
    source, graph = load(text)
    return write_values(source, graph, {name.replace("__", "."): value for name, value in values.items()})


def knobs(graph: Graph) -> dict[str, Place]:
    return {place.name: place for place in places(graph) if is_knob(place)}


@pytest.mark.parametrize(
    ("name", "value", "old", "new"),
    [
        ("env.decay", 0.25, "decay = learn;", "decay = learn 250 ms;"),
        ("env.attack", 0.0123456789, "learn 5 ms", "learn 12.3456789 ms"),
        ("osc.freq", 440.0, "learn C4", "learn 440 Hz"),
        ("vcf.cutoff", 512.5, "2.0 kHz", "0.5125 kHz"),
        ("wave", "square", "learn saw", "learn square"),
        ("wave", [0.2, 0.8], "learn saw", "learn square"),
        ("vcf.in[osc].maybe", 0.5, "25 %", "50 %"),
        ("osc.level[env].depth", 0.125, "learn 50 %", "learn 12.5 %"),
        ("main[vcf].gain", -60.0, "learn -6 dB", "learn -60 dB"),
    ],
)
def test_one_number_changes_and_nothing_else(name: str, value: Given, old: str, new: str) -> None:
    source, graph = load(VOICE)
    assert write_values(source, graph, {name: value}) == VOICE.replace(old, new, 1)


def test_what_does_not_change_is_not_touched() -> None:
    source, graph = load(VOICE)
    values: dict[str, Given] = {"osc.freq": 261.6255653005986, "wave": "saw", "vcf.cutoff": 2000.0}
    assert write_values(source, graph, values) == VOICE


def test_several_knobs_of_one_number_get_lines_of_their_own() -> None:
    source, graph = load(TWICE)
    text = write_values(source, graph, {"a.cut": 500.0, "b.vcf.q": 3.0})
    added = "\n  set a.cut   = 0.5 kHz\n  set b.vcf.q = 3\n"
    assert text == TWICE.replace("\n\n  tap main", f"\n{added}\n  tap main")
    again = write_values(*load(text), {"a.cut": 600.0, "b.cut": 700.0})
    assert again.count("set a.cut") == 1
    assert "set a.cut   = 0.6 kHz" in again
    found = knobs(load(again)[1])
    assert [found[name].value.default.value for name in ("a.cut", "b.cut", "b.vcf.q")] == [600.0, 700.0, 3.0]  # type: ignore[union-attr]


def test_an_unformatted_text_gets_its_lines_before_the_brace() -> None:
    text = TWICE.replace("  tap main\n}", "  tap main }").replace("  cell a", "    cell a")
    assert "set a.cut = 0.5 kHz\n}" in written(text, a__cut=500.0)


def test_numbers_stay_inside_their_range() -> None:
    """A range's end may need more than six digits, and rounding must not carry a number across it."""
    text = VOICE.replace("20 Hz .. 8 kHz log }", "20 Hz .. 8 kHz log }").replace("8 kHz log ~", "7.12345649 kHz log ~")
    source, graph = load(text)
    for value in (7123.45649, 7123.456489999, 7123.45649 * (1 + 1e-7)):
        found = knobs(load(write_values(source, graph, {"vcf.cutoff": value}))[1])["vcf.cutoff"].value
        assert isinstance(found.default, Const)
        assert found.default.value == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("vcf.cutof", 1.0, "no knob"),
        ("vcf.mode", "lowpass", "no knob"),
        ("vcf.cutoff", 9000.0, "outside the range"),
        ("vcf.cutoff", float("nan"), "outside the range"),
        ("vcf.cutoff", "high", "takes a number"),
        ("wave", "sine", "no member"),
        ("wave", 1.0, "no member"),
        ("wave", [1.0], "2 members"),
        ("vcf.in[osc].maybe", 1.5, "outside the range"),
    ],
)
def test_what_cannot_be_written_is_refused(name: str, value: Given, message: str) -> None:
    source, graph = load(VOICE)
    with pytest.raises(ValueError, match=message):
        write_values(source, graph, {name: value})


@pytest.mark.parametrize(
    ("cell", "before", "value", "after"),
    [
        ("harmonic(partials = 3)", "learn", [0.2, 0.3, 0.5], "learn [0.2, 0.3, 0.5]"),
        ("harmonic(partials = 2)", "learn [50 %, 50 %]", [0.25, 0.75], "learn [25 %, 75 %]"),
        ("noise_bank(bands = 2)", "predict -20 dB", [-12.0, -80.0], "predict [-12 dB, -80 dB]"),
    ],
)
def test_a_vector_is_written(cell: str, before: str, value: list[float], after: str) -> None:
    text = f"patchc 1\npatch p {{\n  cell t : {cell} {{ shape = {before} }}\n  output main <- t\n}}\n"
    assert write_values(*load(text), {"t.shape": value}) == text.replace(before, after)


@pytest.mark.parametrize("value", [[0.5, 0.5], 0.5, "even", [0.5, 0.6, -0.1]])
def test_what_is_no_such_vector_is_refused(value: Given) -> None:
    text = "patchc 1\npatch p {\n  cell t : harmonic(partials = 3) { shape = learn }\n  output main <- t\n}\n"
    with pytest.raises(ValueError, match=r"takes 3 numbers|outside the range"):
        write_values(*load(text), {"t.shape": value})


def test_the_second_cable_from_a_source_in_a_loop_gets_a_line() -> None:
    loop = "  for k in 1 .. 2 {\n    cell m[k] : mix { in <- o * learn -6 dB; in <- o * learn -9 dB }\n  }\n"
    text = f"patchc 1\n\npatch p {{\n  cell o : saw {{ }}\n{loop}  output main <- m[*]\n}}\n"
    again = write_values(*load(text), {"m[2].in[o:2].gain": -3.0})
    assert "set m[2].in[o:2].gain = -3 dB" in again
    assert knobs(load(again)[1])["m[2].in[o:2].gain"].value.default.value == -3.0  # type: ignore[union-attr]


def test_a_number_in_a_used_file_gets_a_line_in_the_main_one(tmp_path: Path) -> None:
    (tmp_path / "v.patch").write_text(TWICE.partition("patch p")[0], encoding="utf-8")
    text = 'patchc 1\n\nuse "v.patch" as v\n\npatch p {\n  cell a : v.v\n  output main <- a\n}\n'
    source, graph = load(text, str(tmp_path / "main.patch"))
    assert "set a.cut = 0.5 kHz" in write_values(source, graph, {"a.cut": 500.0})


def test_line_ends_of_the_author_are_kept() -> None:
    text = VOICE.replace("\n", "\r\n")
    assert written(text, vcf__cutoff=500.0) == text.replace("2.0 kHz", "0.5 kHz")


# --- whole patches ----------------------------------------------------------------------------------------------------


def random_values(graph: Graph, generator: random.Random) -> dict[str, Given]:
    values: dict[str, Given] = {}
    for name, place in knobs(graph).items():
        domain = place.value.domain
        if isinstance(domain, Choice):
            values[name] = [generator.random() for _ in domain.members]
        elif place.value.width > 1 or (domain is not None and domain.kind == "simplex"):
            weights = [generator.random() for _ in range(place.value.width)]
            low, high = (domain.low, domain.high) if isinstance(domain, Range) else (0.0, 1.0)
            values[name] = [low + weight * (high - low) for weight in weights]
        elif isinstance(domain, Range):
            values[name] = min(max(float(domain.value(generator.random())), domain.low), domain.high)
        else:
            values[name] = generator.random()
    return values


def check_written(source: Source, graph: Graph, values: dict[str, Given]) -> None:
    text = write_values(source, graph, values)
    file, _ = parse(source)
    if format_file(file) == source.text:
        assert format_file(parse(Source("p", text))[0]) == text
    found = knobs(load(text, source.name)[1])
    for name, value in values.items():
        default, domain = found[name].value.default, found[name].value.domain
        if isinstance(domain, Choice):
            assert isinstance(default, Member)
            assert isinstance(value, list)
            assert default.name == domain.members[value.index(max(value))]
        elif isinstance(default, Vector):
            assert list(default.values) == value
        else:
            assert isinstance(default, Const)
            assert default.value == value


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_loads_with_the_values_that_were_written(path: Path) -> None:
    source, graph = load(path.read_text(encoding="utf-8"), str(path))
    check_written(source, graph, random_values(graph, random.Random(1)))


@settings(deadline=None, max_examples=25, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
@given(patches(), st.integers(0, 1000))
def test_a_random_patch_loads_with_the_values_that_were_written(text: str, seed: int) -> None:
    source, graph = load(text)
    check_written(source, graph, random_values(graph, random.Random(seed)))

"""Rules about units, ranges, modulation and priors: what they let through, what they refuse, how often they speak."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from patchc.graph.load import check_source, load_graph
from patchc.graph.rules import RULES
from patchc.graph.rules.learning import nothing_learnable
from patchc.graph.rules.priors import mass
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Source
from patchc.units.domain import Curve, Range
from patchc.units.prior import Family, Prior
from patchc.units.unit import Dimension

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))

PATCH = """patchc 1

patch p {{
  input pitch : control = 110 Hz in 20 Hz .. 2 kHz log
  input gate  : gate
  param share = learn 20 % in 0 % .. 100 %
  param drop  = learn 2 st in 0 st .. 12 st

  cell lfo1 : lfo
  cell env  : adsr {{ gate <- gate }}
  cell osc  : saw {{ freq = pitch; level *= env; phase += lfo1 * 1 deg }}
  cell vcf  : svf {{
    in     <- osc
    cutoff  = 800 Hz
    {line}
  }}
  output main <- vcf
}}
"""


def said(line: str) -> list[Diagnostic]:
    return check_source(Source("p.patch", PATCH.format(line=line)))


def codes(line: str) -> list[str]:
    return [diagnostic.code for diagnostic in said(line)]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_nothing_is_said_about_an_example(path: Path) -> None:
    assert check_source(Source(str(path), path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    [
        "cutoff += lfo1 * 2 st",
        "cutoff += lfo1 * 30 Hz",
        "cutoff += lfo1 * 5 %",
        "cutoff += lfo1 * share",
        "cutoff += lfo1 * drop",
        "cutoff += lfo1 * learn 2 st in 0 st .. 12 st",
        "cutoff += lfo1 * (drop + 10 ct)",
        "q = 2; q += lfo1 * 0.5",
        "q = 2; q += lfo1",
        "q = 2; q *= env * 30 %",
        "q = 1 / 2 * share + 1",
        "q = pitch / 110 Hz",
        "q = pitch * 1 ms + 1",
        "in <- osc * -6 dB, osc * 0.5, osc * share",
        "mode = learn",
        "q = learn 2 ~ normal(2, 1 oct)",
        "q = 2 in 0.5 .. 12 log",
    ],
)
def test_what_fits_is_not_mentioned(line: str) -> None:
    assert codes(line) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("cutoff += lfo1 * 2", "P401"),
        ("cutoff += lfo1 * 5 ms", "P401"),
        ("cutoff += lfo1 * (drop + 5 ms)", "P401"),
        ("cutoff += lfo1", "P409"),
        ("cutoff *= env", "P411"),
        ("q = 2 Hz", "P401"),
        ("q = learn 2 in 1 Hz .. 2 Hz", "P401"),
        ("q = learn 2 ms in 0.5 .. 12", "P401"),
        ("q = pitch * pitch", "P410"),
        ("q = pitch + 1", "P401"),
        ("q = 2; q += lfo1 * 2 st", "P401"),
        ("q = 2; q *= env * 6 dB", "P401"),
        ("in <- osc * 3 Hz", "P401"),
        ("in <- osc maybe 3 Hz", "P401"),
        ("in <- osc maybe 3", "P504"),
        ("mode += lfo1", "P310"),
        ("mode += lfo1 * 2 Hz", "P310"),
        ("in <- lfo1", "P304"),
        ("in <- gate", "P309"),
        ("q = learn 2 in 0 .. 12 log", "P402"),
        ("q = learn 2 in -5 .. 12 log", "P402"),
        ("q = learn 20 in 1 .. 12 log", "P403"),
        ("q = learn 2 in 12 .. 1 log", "P404"),
        ("q = learn 2 in 2 .. 2", "P404"),
        ("q = learn 2 in 1 .. 12 pow 0.5", "P407"),
        ("q = learn 2 in 1 .. 2000", "P408"),
        ("q = 2000", "P408"),
        ("q = 900; q += lfo1 * 200", "P406"),
        ("q = learn 2 ~ normal(900, 0.1 oct)", "P502"),
        ("q = learn 2 ~ categorical(50 %, 50 %)", "P509"),
        ("q = learn 2 in 1 .. 4 step 1", "P505"),
        ("q = learn 2 ~ normal(2)", "P508"),
        ("q = 2 hz", "P405"),
        ("q = learn 2 in 1 .. 2 khz", "P405"),
    ],
)
def test_each_mistake_is_said_once(line: str, code: str) -> None:
    assert codes(line) == [code]


def test_a_mistake_in_a_patch_used_twice_is_said_once() -> None:
    text = """patchc 1
patch v {
  input pitch : control
  cell o : saw { freq = pitch + 3; level = 2 }
  output out <- o
}
patch p {
  cell a : v { pitch = 110 Hz }
  cell b : v { pitch = 220 Hz }
  output main <- a, b
}
"""
    assert [d.code for d in check_source(Source("p.patch", text))] == ["P401", "P401"]


def test_what_an_input_without_a_default_measures_is_not_guessed() -> None:
    text = """patchc 1
patch v {
  input pitch : control
  param base = pitch * 2
  cell o : saw { freq = base + 7 ct }
  output out <- o
}
"""
    assert check_source(Source("p.patch", text)) == []


def test_the_hint_names_the_port_that_was_meant() -> None:
    (mismatch,) = said("cutoff += env * 5 ms")
    assert mismatch.help_text == "did you mean `attack` of `env`? otherwise write `5 st` or `5 Hz`"
    (number,) = said("in <- osc; q = 2; q += osc * 5 Hz")
    assert "did you mean" in number.help_text


def test_the_hint_of_a_plain_number_on_a_level_is_in_decibels() -> None:
    text = "patchc 1\npatch p {\n  cell o : saw { level = 0.5 }\n  output main <- o\n}\n"
    (mismatch,) = check_source(Source("p.patch", text))
    assert "-6.02 dB" in mismatch.help_text


def test_a_reversed_range_can_be_fixed_by_its_own_text() -> None:
    (empty,) = said("q = learn 2 in 12 .. 1 log")
    (fix,) = empty.fixes
    assert (fix.span.text, fix.replacement) == ("12 .. 1 log", "1 .. 12 log")


def test_cables_that_exclude_each_other_do_not_add_up() -> None:
    patch = """patchc 1
patch p {{
  param w = learn a in [a, b]
  cell l : lfo
  cell o : saw {{
    freq  = 40 kHz
    freq += l * 10 st  when w is a
    freq += l * 10 st  when w is {member}
  }}
  output main <- o
}}
"""
    assert check_source(Source("p.patch", patch.format(member="b"))) == []
    assert [d.code for d in check_source(Source("p.patch", patch.format(member="a")))] == ["P406"]


def test_rules_never_raise_on_a_graph_of_unknown_cells() -> None:
    graph, _ = load_graph(Source("p.patch", PATCH.format(line="q = 2")))
    assert graph is not None
    strange = graph.layers[0].model_copy(
        update={"cells": tuple(cell.model_copy(update={"type": "nothing"}) for cell in graph.layers[0].cells)}
    )
    odd = graph.model_copy(update={"layers": (strange, *graph.layers[1:])})
    assert all(isinstance(list(rule(odd)), list) for rule in RULES)


def test_a_patch_without_knobs_has_nothing_to_learn() -> None:
    plain, _ = load_graph(Source("p.patch", "patchc 1\npatch p {\n  cell o : saw\n  output main <- o maybe 5 %\n}\n"))
    knobs, _ = load_graph(Source("p.patch", PATCH.format(line="q = 2")))
    assert plain is not None
    assert knobs is not None
    found = nothing_learnable(plain)
    assert found is not None
    assert (found.code, found.message) == ("P501", "nothing in `p` is learnable")
    assert nothing_learnable(knobs) is None


LOG = Range(low=20.0, high=8000.0, curve=Curve.LOG, dimension=Dimension.FREQUENCY, unit="Hz")
LIN = Range(low=0.0, high=12.0)


@pytest.mark.parametrize(
    ("family", "numbers", "domain", "expected"),
    [
        (Family.NORMAL, (math.sqrt(20 * 8000), 1e-6), LOG, 1.0),
        (Family.NORMAL, (20.0, 0.01), LOG, 0.5),
        (Family.NORMAL, (6.0, 6.0), LIN, 0.6826894921370859),
        (Family.NORMAL, (-5.0, 1.0), LOG, 0.0),
        (Family.HALFNORMAL, (12.0,), LIN, 0.6826894921370859),
        (Family.UNIFORM, (-12.0, 12.0), LIN, 0.5),
        (Family.UNIFORM, (5.0, 40.0), LOG, math.log2(2) / math.log2(8)),
    ],
)
def test_the_mass_of_a_prior_in_a_range(
    family: Family, numbers: tuple[float, ...], domain: Range, expected: float
) -> None:
    assert mass(Prior(family=family, numbers=numbers), domain) == pytest.approx(expected, rel=1e-9)

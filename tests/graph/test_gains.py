"""Decibels times a number are no gain of a cable: refused, with the one gain that both come to."""

from __future__ import annotations

import pytest

from patchc.graph.load import check_source
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Source

PATCH = """patchc 1

patch p {
  param trim = -3 dB
  param half = 50 %
  cell a : saw
  cell b : saw
  LINE
}
"""
IN_MIX = "cell m : mix { in <- b, a * GAIN }\n  output main <- m"
AT_OUTPUT = "output main <- b, a * GAIN"


def said(text: str) -> list[Diagnostic]:
    return [one for one in check_source(Source("a.patch", text)) if one.code not in ("P236", "P207")]


def mended(text: str, found: Diagnostic) -> str:
    (fix,) = found.fixes
    return text[: fix.span.start] + fix.replacement + text[fix.span.end :]


@pytest.mark.parametrize("line", [IN_MIX, AT_OUTPUT])
@pytest.mark.parametrize(
    ("gain", "factor"),
    [
        ("-8 dB * -1", "-0.398107"),
        ("-1 * -8 dB", "-0.398107"),
        ("-8 dB / -1", "-0.398107"),
        ("-6 dB * 50 %", "0.250594"),
        ("0.5 * -6 dB", "0.250594"),
        ("(-6 dB * 0.5)", "0.250594"),
        ("-6 dB / 2", "0.250594"),
        ("-6 dB * -1 * 0.5", "-0.250594"),
        ("0 dB * -1", "-1"),
    ],
)
def test_both_in_one_gain(gain: str, factor: str, line: str) -> None:
    text = PATCH.replace("LINE", line.replace("GAIN", gain))
    (found,) = said(text)
    assert found.code == "P410"
    assert f"`a * {factor}`" in found.help_text
    after = mended(text, found)
    assert f"a * {factor}\n" in after or f"a * {factor} }}" in after
    assert said(after) == []


@pytest.mark.parametrize("gain", ["trim * -1", "-1 * trim", "trim / 2", "trim * half", "learn -8 dB * -1"])
def test_names_go_through_a_gain_cell(gain: str) -> None:
    (found,) = said(PATCH.replace("LINE", IN_MIX.replace("GAIN", gain)))
    assert found.code == "P410"
    assert not found.fixes
    assert "a `gain` cell has both: `in <- a * " in found.help_text


def test_a_loop_gets_no_number_that_holds_once() -> None:
    loop = "for k in 1 .. 3 { cell c[k] : gain { in <- a * k * -3 dB } }\n  output main <- c[*], b"
    (found,) = said(PATCH.replace("LINE", loop))
    assert found.code == "P410"
    assert not found.fixes


@pytest.mark.parametrize("gain", ["trim", "trim - 3 dB", "-1", "50 % * 50 %", "half * -1", "2 / 4", "trim + -6 dB * 2"])
def test_gains_of_one_kind_are_fine(gain: str) -> None:
    assert said(PATCH.replace("LINE", IN_MIX.replace("GAIN", gain))) == []


def test_elsewhere_a_number_scales_decibels() -> None:
    lines = "cell v : gain { in <- a * -1; level = trim * 2; level += e * 6 dB * half }\n  output main <- v, b"
    assert said(PATCH.replace("LINE", f"cell e : lfo\n  {lines}")) == []

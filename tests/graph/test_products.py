"""Products of signals: a vibrato that grows, ring modulation; the message names the `gain` that makes them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

import patchc
from patchc.graph.load import check_source
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Source

PATCH = """patchc 1

patch p {
  input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
  input gate  : gate
  cell env  : adsr { gate <- gate; attack = 800 ms; sustain = 100 % }
  cell lfo1 : lfo { rate = 6 Hz }
  cell mod  : sine { freq = 100 Hz }
  LINES
}
"""
OUT = "cell amp : gain { in <- osc; level *= env; level *= lfo1 * 0 %; level *= mod * 0 % }\n  output main <- amp"


def text(lines: str) -> str:
    return PATCH.replace("LINES", lines)


def said(source: str) -> list[Diagnostic]:
    return list(check_source(Source("a.patch", source)))


def written(folder: Path, source: str) -> Path:
    (folder / "a.patch").write_text(source, encoding="utf-8")
    return folder / "a.patch"


def mended(source: str, found: Diagnostic) -> str:
    (fix,) = found.fixes
    return source[: fix.span.start] + fix.replacement + source[fix.span.end :]


@pytest.mark.parametrize(
    ("line", "cell", "after"),
    [
        (
            "freq += lfo1 * env * 20 ct",
            "cell lfo1_amount : gain { in <- lfo1; level *= env }",
            "freq += lfo1_amount * 20 ct",
        ),
        (
            "freq += lfo1 * 20 ct * env",
            "cell lfo1_amount : gain { in <- lfo1; level *= env }",
            "freq += lfo1_amount * 20 ct",
        ),
        (
            "freq += env * lfo1 * 1 st",
            "cell lfo1_amount : gain { in <- lfo1; level *= env }",
            "freq += lfo1_amount * 1 st",
        ),
        (
            "phase += mod * env * 2 rad",
            "cell mod_amount : gain { in <- mod; level *= env }",
            "phase += mod_amount * 2 rad",
        ),
    ],
)
def test_the_product_is_a_cell(line: str, cell: str, after: str) -> None:
    source = text(f"cell osc : sine {{ freq = pitch; {line} }}\n  {OUT}")
    (found,) = (one for one in said(source) if one.code == "P214")
    assert f"`{cell}` above, and `{after}`" in found.help_text
    whole = mended(source, found)
    assert f"  {cell}\n  cell osc : sine {{ freq = pitch; {after} }}\n" in whole
    assert said(whole) == []


@pytest.mark.parametrize("type_", ["gain", "mix"])
def test_control_signals_that_only_move_numbers_are_fine(type_: str) -> None:
    lines = f"cell v : {type_} {{ in <- lfo1 }}\n  cell w : gain {{ in <- v; level *= env }}\n"
    source = text(f"{lines}  cell osc : sine {{ freq = pitch; freq += w * 20 ct }}\n  {OUT}")
    assert said(source) == []
    heard = source.replace("output main <- amp", "output main <- amp, w * 10 %")
    assert [one.code for one in said(heard)] == ["P304"]


def test_a_level_of_an_lfo_is_a_gain_behind_it() -> None:
    source = text(
        f"cell vib : lfo {{ rate = 5 Hz; level *= env }}\n  cell osc : sine {{ freq += vib * 20 ct }}\n  {OUT}"
    )
    (found,) = (one for one in said(source) if one.code == "P203")
    assert "gain { in <- lfo1; level *= env }" in found.help_text


def test_two_sounds_are_ring_modulation() -> None:
    lines = "cell osc : sine { freq = 1 kHz }\n  cell ring : gain { in <- osc * mod }\n  output main <- ring, env * 0 %"
    (found,) = (one for one in said(text(lines)) if one.code == "P214")
    assert found.help_text == "write `in <- osc; level *= mod * 200 %`"


@pytest.mark.parametrize("depth", [50, 100, 150, 200, 300])
def test_the_depth_of_scaling(depth: int, tmp_path: Path) -> None:
    """`*=` is 1 - d + d (x + 1) / 2: the carrier stays with 1 - d / 2, each side has d / 4; at 200 % it is x itself."""
    source = f"""patchc 1

patch p {{
  cell a : sine {{ freq = 1 kHz }}
  cell c : sine {{ freq = 100 Hz }}
  cell m : gain {{ in <- a; level *= c * {depth} % }}
  output main <- m
}}
"""
    synth = patchc.load(written(tmp_path, source), sample_rate=16_000, executor="reference")
    audio = synth(synth.defaults(), seconds=0.1).audio[0].double()
    bins = torch.fft.rfft(audio).abs() / len(audio) * 2
    d = depth / 100
    assert math.isclose(float(bins[100]), abs(1 - d / 2), abs_tol=2e-3)
    assert math.isclose(float(bins[90]), d / 4, abs_tol=2e-3)
    assert math.isclose(float(bins[110]), d / 4, abs_tol=2e-3)


def test_a_vibrato_grows(tmp_path: Path) -> None:
    vib = "cell vib : gain { in <- lfo1; level *= env }"
    lines = f"{vib}\n  cell osc : sine {{ freq = pitch; freq += vib * 20 ct }}\n  output main <- osc, mod * 0 %"
    synth = patchc.load(written(tmp_path, text(lines)), sample_rate=8_000, executor="reference")
    moved = synth(synth.defaults(), seconds=1.5, gate=1.4).taps["vib"][0]
    assert float(moved[:400].abs().max()) < 0.08
    assert float(moved[8_000:10_000].max()) > 0.95
    assert float(moved[8_000:10_000].min()) < -0.95

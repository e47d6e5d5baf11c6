"""Nothing is held at a limit without a word: what a call says it held, beside a float64 model of what was asked for."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import pytest
import torch

import patchc
from patchc.cells.delay import Delay
from patchc.cells.svf import Svf
from patchc.compiler.held import Excess
from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.graph.load import load_graph
from patchc.source.codes.running import WasHeld
from patchc.source.error import PatchError
from patchc.source.text import Source

PATCH = """patchc 1

patch p {
  input pitch : control = 110 Hz in 27.5 Hz .. 4.2 kHz log
  input speed : control = 120 bpm
  input bend  : control = 0 in -1 .. 1
  input gate  : gate
  param wet   = predict 50 % in 0 % .. 100 %
  param wave  = predict saw in [saw, square]

  cell env  : decay { gate <- gate; time = 50 ms }
  cell osc  : saw { freq = pitch; level *= env }
  cell vcf  : svf {
    in     <- osc
    cutoff  = 5 kHz
    cutoff += bend * 5 oct
    q       = 2
    q      *= bend * 100 %
  }
  cell echo : delay { in <- vcf; time = 1 / speed; wet = wet }
  output main <- echo
}
"""


def module(text: str = PATCH, **options: Any) -> PatchModule:
    graph, said = load_graph(Source("p.patch", text))
    assert graph is not None, said
    return compile_graph(graph, **{"sample_rate": 16_000, "executor": "reference", **options})


def said(synth: PatchModule, **given: Any) -> dict[str, WasHeld]:
    found = synth.held(synth.defaults(), **{"seconds": 0.02, **given})
    assert all(isinstance(one, WasHeld) for one in found)
    return {f"{one.place} {one.limit}": one for one in found if isinstance(one, WasHeld)}


def test_values_within_their_limits_are_not_mentioned() -> None:
    assert said(module()) == {}


def test_what_was_held_is_said_with_place_limit_and_value() -> None:
    (one,) = said(module(), speed=0.1).values()
    assert one.message == "`echo.time` was held at 2 s (asked 10 s)"


def test_a_limit_by_the_sample_rate_is_said() -> None:
    (one,) = said(module(), bend=0.5).values()
    assert one.message == "`vcf.cutoff` was held at 7.84 kHz (asked 28.284 kHz)"


def test_the_time_at_which_a_curve_passes_a_limit_is_said() -> None:
    synth = module()
    curve = torch.linspace(0.0, 1.0, synth.frames(0.1))[None]
    found = said(synth, seconds=0.1, bend=curve)
    assert "asked 160 kHz" in found["vcf.cutoff 7.84 kHz"].message
    assert "first at 0.01" in found["vcf.cutoff 7.84 kHz"].message


def test_a_value_held_by_modulation_from_a_sound_is_said() -> None:
    text = PATCH.replace("cutoff += bend * 5 oct", "cutoff += osc * 5 oct")
    assert "vcf.cutoff 7.84 kHz" in said(module(text))


def test_levels_and_gains_beyond_all_amplitudes_are_said() -> None:
    text = PATCH.replace("level *= env", "level *= env; level += bend * 300 dB").replace("<- echo", "<- echo * 250 dB")
    found = said(module(text), bend=1.0)
    assert {"osc.level 200 dB", "main[echo].gain 200 dB"} <= set(found)


def test_kernels_and_plain_torch_say_the_same() -> None:
    given = {"bend": torch.tensor([0.9, -0.5]), "speed": 0.2}
    assert said(module(executor="fused"), **given) == said(module(), **given)


def test_weights_by_name_are_weights() -> None:
    synth = module()
    with pytest.raises(PatchError, match="wave"):
        synth(synth.defaults(), seconds=0.01, wave=[-1.0, 2.0])
    with pytest.raises(PatchError, match="saw, square"):
        synth(synth.defaults(), seconds=0.01, wave="sawtooth")


def test_a_word_that_is_one_of_a_few_is_checked() -> None:
    with pytest.raises(PatchError) as refused:
        module(executor="fussed")
    assert refused.value.diagnostics[0].help_text == "did you mean `fused`?"


# --- many calls -------------------------------------------------------------------------------------------------------


class Used:
    """What the formulas of cells got, in float64."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.got: dict[str, torch.Tensor] = {}
        for cell, names in ((Svf, ("in", "mode", "cutoff", "q")), (Delay, ("in", "time", "feedback", "wet"))):
            monkeypatch.setattr(cell, "forward", self._spy(cell.spec.name, names, cell.forward))

    def _spy(self, name: str, names: tuple[str, ...], forward: Any) -> Any:
        def spied(cell: Any, dsp: Any, *ports: Any) -> Any:
            given = dict(zip(names, ports, strict=True))
            self.got |= {
                f"{name}.{port}": torch.as_tensor(given[port], dtype=torch.float64) for port in given if port in ASKED
            }
            return forward(cell, dsp, *ports)

        return spied


ASKED = ("cutoff", "q", "time", "feedback", "wet")

MANY = """patchc 1

patch p {{
  input base  : control = {base} Hz in 1 Hz .. 90 kHz log
  input first : control = 0 in -2 .. 2
  input other : control = 0 in -2 .. 2
  input tempo : control = 1 Hz
  param wet   = predict 50 % in -100 % .. 200 %

  cell osc : saw {{ freq = 110 Hz }}
  cell svf : svf {{
    in     <- osc
    cutoff  = base
    {lines}
    q       = 1
    q      += first * {q}
    q      *= other * 50 %
  }}
  cell delay : delay(longest = {longest} s) {{
    in <- svf; time = 1 / tempo; feedback = {share} %; feedback += other * {share} %; wet = wet
  }}
  output main <- delay
}}
"""


def one_call(number: int, used: Used) -> tuple[str, list[str]]:
    """The text of a random patch, and every disagreement between what was held and what was said."""
    dice = random.Random(number)
    ratio, added, q = dice.uniform(-6, 6), dice.uniform(-9e4, 9e4), dice.uniform(-30, 800)
    longest, share = dice.choice([0.01, 0.5, 2.0]), dice.uniform(0, 80)
    lines = [f"cutoff += first * {ratio:.4f} oct", f"cutoff += other * {added:.4f} Hz"]
    dice.shuffle(lines)
    text = MANY.format(
        base=dice.choice([20, 440, 8000]),
        lines="\n    ".join(lines),
        q=f"{q:.4f}",
        longest=longest,
        share=f"{share:.4f}",
    )
    rate = dice.choice([8_000, 16_000, 44_100])
    synth = module(text, sample_rate=rate, dtype=torch.float64)
    given = {
        "base": math.exp(dice.uniform(math.log(0.5), math.log(2e5))),
        "first": dice.uniform(-3, 3),
        "other": dice.uniform(-3, 3),
        "tempo": math.exp(dice.uniform(math.log(0.05), math.log(2000))),
        "wet": dice.uniform(-1, 2),
    }
    seconds = dice.uniform(0.002, 0.02)
    synth(synth.defaults(), seconds=seconds, inputs=given)
    first, other = given["first"], given["other"]
    place = (other + 2) / 4  # what `*=` scales by, of an input in -2 .. 2
    ratio, added, q, share = (float(f"{one:.4f}") for one in (ratio, added, q, share))
    asked = {
        "svf.cutoff": given["base"] * 2 ** (first * ratio) + other * added,
        "svf.q": (1 + first * q) * (1 - 0.5 + 0.5 * place),
        "delay.time": 1 / given["tempo"],
        "delay.feedback": share / 100 + other * share / 100 * SPAN,
        "delay.wet": given["wet"],
    }
    got = {name: float(value.flatten()[0]) for name, value in used.got.items()}
    got["svf.cutoff"] = min(got["svf.cutoff"], 0.49 * rate)
    held = {
        one.place for one in synth.held(synth.defaults(), seconds=seconds, inputs=given) if isinstance(one, WasHeld)
    }
    wrong = []
    for name, value in asked.items():
        apart = abs(got[name] - value) / max(abs(value), abs(got[name]), 1e-9)
        rounding = 5e-7 < apart < 5e-6  # too near a limit to say on which side it is
        if not rounding and (apart > 1e-6) != (name in held):
            wrong.append(f"{name}: asked {value}, used {got[name]}, {'said' if name in held else 'not said'}")
    return text, wrong


SPAN = 0.95
"""`%` of `feedback` is a share of its usual range, 0 % to 95 %."""


@pytest.mark.parametrize("count", [60, pytest.param(5000, marks=pytest.mark.slow)])
def test_every_value_that_is_held_is_said(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole: `pytest -m slow tests/compiler/test_held.py`."""
    used = Used(monkeypatch)
    for number in range(count):
        text, wrong = one_call(number, used)
        assert not wrong, f"call {number}: {wrong}\n{text}"


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[2] / "examples").glob("*.patch")), ids=lambda p: p.stem)
def test_examples_hold_nothing_as_they_are_written(path: Path) -> None:
    synth = patchc.load(path, sample_rate=48_000, executor="reference")
    assert synth.held(synth.defaults(), seconds=0.1) == []


def test_a_value_beyond_all_numbers_has_words() -> None:
    place = patchc.compiler.held.Place("a.b", patchc.units.unit.Dimension.TIME, None)
    assert "more than any number" in Excess(place, math.inf, 2.0, None).said().message

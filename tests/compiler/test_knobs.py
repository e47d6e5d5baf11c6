"""Which numbers are knobs, their names, their order, their columns."""

from __future__ import annotations

from collections.abc import Callable

from patchc.compiler.module import PatchModule
from patchc.graph.model import Role

Compiler = Callable[..., PatchModule]

BODY = """
input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
input gate  : gate
param wave   = learn saw in [saw, square, off]
param detune = 7 ct in 0 ct .. 50 ct ~ normal(7 ct, 5 ct)
param still  = 3 ct in 0 ct .. 50 ct
cell lfo1 : lfo { rate = learn 5 Hz; shape = learn sine in [sine, triangle] }
cell a : saw {
  freq  = pitch + detune + still
  freq += lfo1 * learn 30 ct in 0 ct .. 200 ct
  freq += lfo1 * predict 5 Hz in 0 Hz .. 20 Hz  maybe learn 20 %
}
cell bank : harmonic(partials = 4)  maybe 40 % { freq = pitch; shape = predict }
cell sum  : mix { in <- a * learn -6 dB, a * -3 dB, bank  maybe 10 % }
output main <- sum * learn -3 dB
"""


def test_names_in_order(build: Compiler) -> None:
    assert [(knob.name, str(knob.role), knob.width) for knob in build(BODY).knobs] == [
        ("wave", "learn", 3),
        ("detune", "fixed", 1),
        ("lfo1.rate", "learn", 1),
        ("lfo1.shape", "learn", 2),
        ("bank.shape", "predict", 4),
        ("bank.maybe", "fixed", 1),
        ("a.freq[lfo1].depth", "learn", 1),
        ("a.freq[lfo1:2].depth", "predict", 1),
        ("a.freq[lfo1:2].maybe", "learn", 1),
        ("sum.in[a].gain", "learn", 1),
        ("sum.in[bank].maybe", "fixed", 1),
        ("main[sum].gain", "learn", 1),
    ]


def test_columns_follow_one_another(build: Compiler) -> None:
    synth = build(BODY)
    start = 0
    for knob in synth.knobs:
        assert knob.columns == slice(start, start + knob.width)
        start += knob.width
    assert synth.width == start == synth.defaults().shape[1]


def test_a_gate_is_not_its_chance(build: Compiler) -> None:
    knob = next(knob for knob in build(BODY).knobs if knob.name == "a.freq[lfo1:2].maybe")
    assert (knob.gate, knob.role, knob.default) == (True, Role.LEARN, 0.2)


def test_every_knob_says_what_it_is(build: Compiler) -> None:
    knob = next(knob for knob in build(BODY).knobs if knob.name == "lfo1.rate")
    assert (knob.unit, knob.default, str(knob.dimension)) == ("Hz", 5.0, "frequency")
    assert (knob.domain.low, knob.domain.high) == (0.1, 20.0)

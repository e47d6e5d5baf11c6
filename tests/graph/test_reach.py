"""What `check` says of values that are held: as a patch is written, and somewhere in its ranges."""

from __future__ import annotations

import random

import pytest

from patchc.graph.law import Law, arrive
from patchc.graph.load import check_source
from patchc.graph.rules.reach import Interval, Intervals, PortLaw
from patchc.source.diagnostic import Diagnostic, Severity
from patchc.source.text import Source
from patchc.units.domain import Curve, Range
from patchc.units.unit import Dimension

PATCH = """patchc 1

patch p {{
  input velocity : control = 100 in 0 .. 127
  input pitch    : control = 110 Hz in 27.5 Hz .. 4.2 kHz log
  input gate     : gate
  param tempo    = 120 bpm in 60 bpm .. 240 bpm
  param speed    = learn 1 Hz in 0 Hz .. 10 Hz
  param wave     = saw in [saw, square]

  cell lfo1 : lfo
  cell env  : adsr {{ gate <- gate; sustain = 1 / (tempo / 60 bpm) }}
  cell loud : saw {{ level = 12 dB }}
  cell osc  : saw {{
    freq   = 110 Hz
    freq  += velocity * 1 ct
    level *= env
    phase += loud * 1 deg
    phase += lfo1 * 1 deg
  }}
  {line}
  output main <- f
}}
"""


def said(line: str) -> list[Diagnostic]:
    return check_source(Source("p.patch", PATCH.format(line=line)))


def codes(line: str) -> list[str]:
    return [one.code for one in said(line)]


FILTER = "cell f : svf {{ in <- osc; {} }}"
DELAY = "cell f : delay {{ in <- osc; {} }}"


@pytest.mark.parametrize(
    "line",
    [
        FILTER.format("cutoff = 20 kHz in 1 Hz .. 80 kHz; cutoff += env * 50 %; cutoff += env * 1 oct"),
        FILTER.format("cutoff = 7 kHz; cutoff += osc * 3 oct"),
        FILTER.format("q = 2; q *= env * 90 %"),
        FILTER.format("cutoff = 40 kHz; cutoff += lfo1 * 20 st when wave is square"),
        FILTER.format("cutoff = pitch * 8; cutoff += env * 1 oct"),
        DELAY.format("time = 1 / tempo"),
        DELAY.format("time = 1 / pitch + 1 ms"),
        DELAY.format("time = 100 ms * (tempo / tempo)"),
        "cell f : delay(longest = 4 s) { in <- osc; time = 3 s }",
        "cell f : fir_reverb(length = 4 s) { in <- osc; decay = learn 800 ms in 50 ms .. 4 s log }",
        "cell f : fir_reverb { in <- osc; decay = learn }",
    ],
)
def test_what_is_never_held_is_not_mentioned(line: str) -> None:
    assert codes(line) == []


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        (FILTER.format("cutoff = 1 kHz; cutoff += velocity * 100 %"), "P406", ("cutoff", "96 kHz", "beyond all")),
        (FILTER.format("cutoff = 1 kHz; cutoff += velocity * 10 oct"), "P406", ("cutoff", "96 kHz")),
        (FILTER.format("cutoff = 7 kHz; cutoff += loud * 1 oct"), "P406", ("cutoff", "110.5")),
        (FILTER.format("q = 2; q *= env"), "P406", ("q", "0.05")),
        (FILTER.format("cutoff = 40 kHz; cutoff += lfo1 * 20 st when wave is saw"), "P406", ("cutoff", "126.992")),
        (FILTER.format("cutoff = 15 kHz; cutoff += lfo1 * 20 Hz; cutoff += env * 3 oct"), "P406", ("cutoff", "120")),
        ("cell f : gain { in <- osc; level = 12 dB; level += velocity * 2 dB }", "P406", ("level", "200 dB", "266")),
        (DELAY.format("time = 60 / tempo"), "P420", ("30 s", "2 s", "`1 / tempo`", "500 ms")),
        (DELAY.format("time = 1010 s / (velocity + 1)"), "P420", ("10 s", "2 s")),
        (DELAY.format("time = 1 / pitch"), "P421", ("0.2381 ms", "1 ms", "4.2 kHz")),
        (DELAY.format("feedback = pitch / 4.2 kHz"), "P421", ("100", "99", "pitch")),
        (DELAY.format("time = 3 s"), "P408", ("3 s", "2 s", "longest = 3 s")),
        ("cell f : delay(longest = 500 ms) { in <- osc; time = learn }", "P408", ("2 s", "500 ms")),
        (DELAY.format("time = 1 / speed"), "P422", ("speed", "0 Hz")),
        (DELAY.format("time = 1 s / (velocity - 64)"), "P422", ("velocity - 64",)),
        ("cell f : fir_reverb { in <- osc; decay = learn 4 s }", "P423", ("4 s", "1 s")),
        ("cell f : fir_reverb { in <- osc; decay = learn 800 ms in 50 ms .. 4 s log }", "P424", ("4 s", "1 s")),
        ("cell f : fir_reverb { in <- osc; decay = 240 / tempo * 0.01 }", "P423", ("1.2 s", "1 s")),
        ("cell f : fir_reverb { in <- osc; decay = 1 s / (velocity + 1) }", "", ()),
        ("cell f : mix { in <- osc * 300 dB }", "P408", ("300 dB", "200 dB")),
        ("cell f : gain { in <- osc; level = 300 dB }", "P408", ("300 dB", "200 dB")),
    ],
)
def test_what_is_held_is_said_once_with_both_numbers(line: str, code: str, words: tuple[str, ...]) -> None:
    found = said(line)
    assert [one.code for one in found] == ([code] if code else [])
    for one in found:
        text = f"{one.message} {one.label_text} {one.help_text}"
        assert all(word in text for word in words), text


def test_ranges_get_notes_and_values_as_written_get_warnings() -> None:
    (written,) = said(DELAY.format("time = 60 / tempo"))
    (ranged,) = said(DELAY.format("time = 1 / pitch"))
    assert (written.severity, ranged.severity) == (Severity.WARNING, Severity.NOTE)


def test_a_definition_is_not_judged_by_values_that_its_instance_overrides() -> None:
    text = """patchc 1
patch echo {
  input in : audio
  param time = 5 s
  cell d : delay { in <- in; time = time }
  output out <- d
}
patch p {
  cell o : saw
  cell e : echo { in <- o; time = 100 ms }
  output main <- e
}
"""
    assert check_source(Source("p.patch", text)) == []
    (found,) = check_source(Source("p.patch", text.replace("; time = 100 ms", "")))
    assert found.code == "P408"


def test_a_circle_of_levels_ends() -> None:
    text = """patchc 1
patch p {
  cell a : saw { level += b * 6 dB }
  cell b : saw { level += a * 6 dB }
  cell f : svf { in <- a; cutoff += b * 1 oct }
  output main <- f
}
"""
    assert "P301" in [one.code for one in check_source(Source("p.patch", text))]


def test_intervals_hold_what_the_law_makes_of_any_values_inside() -> None:
    generator = random.Random(1)
    for _ in range(300):
        port, base, moves = _port(generator)
        whole = Intervals()
        outer = arrive(whole, port, base, lambda law, moves=moves: moves.get(law, []))
        for _ in range(5):
            inside = {law: [_inside(generator, one) for one in every] for law, every in moves.items()}
            inner = arrive(Intervals(), port, _inside(generator, base), lambda law, inside=inside: inside.get(law, []))
            slack = 1e-9 * (1 + abs(outer.low) + abs(outer.high))
            assert outer.low - slack <= inner.low <= inner.high <= outer.high + slack


def _inside(generator: random.Random, interval: Interval) -> Interval:
    place = interval.low + generator.random() * (interval.high - interval.low)
    return Interval(place, place)


def _port(generator: random.Random) -> tuple[PortLaw, Interval, dict[Law, list[Interval]]]:
    curve = generator.choice(list(Curve))
    power = 2.0 if curve is Curve.POW else 1.0
    domain = Range(low=1.0, high=generator.uniform(2, 50), curve=curve, power=power)
    limits = generator.choice([None, (0.5, generator.uniform(10, 90))])
    level = generator.random() < 0.3
    port = PortLaw(Dimension.LEVEL if level else Dimension.NUMBER, domain, limits)
    base = Interval(*sorted(generator.uniform(domain.low, domain.high) for _ in range(2)))
    moves = {
        law: [Interval(*sorted(generator.uniform(-1, 1) for _ in range(2)))] for law in (Law.RATIO, Law.ADD, Law.SHARE)
    }
    moves[Law.SCALE] = [Interval(*sorted(generator.random() for _ in range(2)))]
    return port, base, {law: every for law, every in moves.items() if generator.random() < 0.6}

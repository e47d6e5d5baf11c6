"""Numbers set from outside: an edit of the text, read by the rules of the language."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchc.graph.assign import Given
from patchc.graph.load import load_graph
from patchc.graph.open import set_in
from patchc.graph.write import to_text
from patchc.source.error import PatchError
from patchc.source.text import Source

TEXT = """patchc 1

patch v {
  param bright = 2 kHz
  cell osc : saw { freq = 110 Hz }
  cell vcf : svf { in <- osc; cutoff = bright }
  output out <- vcf
}

patch p(count : int = 2, length : time) {
  input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
  input amount : control
  cell env : decay { gate <- gate; time = length }
  cell lfo1 : lfo { }
  for k in 1 .. count {
    cell x[k] : v { bright = 1 kHz }
  }
  cell room : fir_reverb { in <- x[*], x[1] * -9 dB }
  cell tone : harmonic(partials = 3) { freq = pitch; freq += lfo1 * 20 ct; level = -6 dB * amount; level *= env }
  output main <- room, tone
}
"""
TEXT = TEXT.replace("  input amount", "  input gate : gate\n  input amount").replace(
    "length : time", "length : time = 1 s"
)
SOURCE = Source("p.patch", TEXT)


def graph_with(values: dict[str, Given]) -> str:
    graph, found = load_graph(SOURCE)
    assert graph is not None, [d.message for d in found]
    after, found, text = set_in(graph, SOURCE, values)
    assert after is not None, [d.message for d in found]
    assert load_graph(text)[0] == after
    return " ".join(to_text(after).split())


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("pitch", "C#4", "pitch : control = 277.182630976872"),
        ("pitch", 100.0, "pitch : control = 100 Hz in"),
        ("amount", "0.5", "amount : control = 0.5"),
        ("count", 3, "cell x[3].osc"),
        ("length", "4 s", "time = 4 s"),
        ("length", 4.0, "time = 4 s"),
        ("lfo1.rate", "3Hz", "rate = 3 Hz"),
        ("lfo1.shape", "square", "shape = square"),
        ("x[2].bright", "3 kHz", "cutoff = 3 kHz"),
        ("x[1].osc.freq", 55.0, "freq = 55 Hz"),
        ("room.length", "4s", "fir_reverb(length = 4 s)"),
        ("room.in[x[1].vcf:2].gain", "-3 dB", "x[1].vcf * -3 dB"),
        ("tone.freq[lfo1].depth", "1 st", "lfo1 * 1 st"),
        ("tone.partials", "30", "harmonic(partials = 30)"),
        ("tone.shape", "0.5, 0.3, 0.2", "shape = [0.5, 0.3, 0.2]"),
        ("tone.shape", [0.5, 0.25, 0.25], "shape = [0.5, 0.25, 0.25]"),
        ("tone.level", "learn -3 dB", "level = learn -3 dB in"),
    ],
)
def test_what_can_be_set(name: str, value: Given, shown: str) -> None:
    assert shown in graph_with({name: value})


def test_several_at_once_in_any_order() -> None:
    text = graph_with({"room.wet": "50 %", "pitch": "A4", "lfo1.rate": "2 Hz", "count": "1"})
    assert all(part in text for part in ("wet = 50 %", "pitch : control = 440 Hz", "rate = 2 Hz"))
    assert "x[2]" not in text


@pytest.mark.parametrize(
    ("name", "value", "code", "said"),
    [
        ("lfo1.rat", "3 Hz", "P217", "did you mean `lfo1.rate`?"),
        ("lfo1.rate", "3", "P401", "a frequency"),
        ("lfo1.rate", "3 s", "P401", "a time"),
        ("x[1].bright", "60", "P401", "a note such as `C4`"),
        ("room.length", "400 s", "P220", "from"),
        ("lfo1.shape", "sqare", "P227", "square"),
        ("tone.shape", "0.5, 0.5", "P305", ""),
        ("lfo1.rate", "1 +", "P100", ""),
    ],
)
def test_what_does_not_fit_is_said_of_what_was_set(name: str, value: str, code: str, said: str) -> None:
    graph, _ = load_graph(SOURCE)
    assert graph is not None
    after, found, _ = set_in(graph, SOURCE, {name: value})
    assert after is None
    assert [d.code for d in found] == [code]
    assert said in f"{found[0].message} {found[0].rule_text} {found[0].help_text}"
    assert found[0].span is not None
    assert found[0].span.source.name == "--set"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a b", "1"),
        ("room.wet", "1; cell x : saw"),
        ("room.wet", "10 %\n"),
        ("room.wet", ""),
        ("room.wet", "1 # 2"),
        ("room.wet", float("nan")),
        ("room.wet", True),
    ],
)
def test_what_is_no_value_is_refused(name: str, value: Given) -> None:
    graph, _ = load_graph(SOURCE)
    assert graph is not None
    with pytest.raises(PatchError) as refused:
        set_in(graph, SOURCE, {name: value})
    assert [d.code for d in refused.value.diagnostics] == ["P806"]


def test_a_graph_without_a_text_is_set_as_well(tmp_path: Path) -> None:
    graph, _ = load_graph(SOURCE)
    assert graph is not None
    after, _, text = set_in(graph, None, {"room.wet": 0.5})
    assert after is not None
    assert "wet    = 0.5" in to_text(after) or "wet = 0.5" in to_text(after)
    assert text.name == "p.patch"

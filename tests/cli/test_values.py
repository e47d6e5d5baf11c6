"""`--set NAME=VALUE`: what can be written, and what is said about what cannot."""

from __future__ import annotations

import pytest

from patchc.cli.values import Settings, Value, read_settings
from patchc.compiler.knobs import Knob
from patchc.graph.model import Const, Graph, Input, Role
from patchc.graph.model import Value as GraphValue
from patchc.source.error import PatchError
from patchc.units.domain import Choice, Curve, Domain, Range, Simplex
from patchc.units.unit import Dimension

PITCH = Input(
    name="pitch",
    kind="control",  # type: ignore[arg-type]
    value=GraphValue(
        default=Const(value=220.0, dimension=Dimension.FREQUENCY, unit="Hz"),
        domain=Range(low=27.5, high=4200, curve=Curve.LOG, dimension=Dimension.FREQUENCY, unit="Hz"),
        dimension=Dimension.FREQUENCY,
    ),
)
GATE = Input(name="gate", kind="gate")  # type: ignore[arg-type]
SOUND = Input(name="in", kind="audio")  # type: ignore[arg-type]
GRAPH = Graph(name="tone", inputs=(PITCH, GATE, SOUND))


def knob(name: str, dimension: Dimension, domain: Domain, width: int = 1) -> Knob:
    return Knob(name, Role.LEARN, dimension, "", domain, None, None, 0, width, vector=width > 1)


KNOBS = (
    knob("vcf.cutoff", Dimension.FREQUENCY, Range(low=20, high=8000, dimension=Dimension.FREQUENCY, unit="Hz")),
    knob("env.attack", Dimension.TIME, Range(low=0.001, high=2, dimension=Dimension.TIME, unit="ms")),
    knob("osc.level", Dimension.LEVEL, Range(low=-60, high=0, dimension=Dimension.LEVEL, unit="dB")),
    knob("osc.width", Dimension.NUMBER, Range(low=0, high=1, unit="%")),
    knob("lfo.shape", Dimension.NUMBER, Choice(members=("sine", "square", "saw")), 3),
    knob("tone.shape", Dimension.NUMBER, Simplex(), 3),
)


def read(*words: str) -> Settings:
    return read_settings(words, GRAPH, KNOBS)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("pitch=C4", 261.6255653),
        ("pitch=C#4", 277.1826310),
        ("pitch=Db4", 277.1826310),
        ("pitch=440Hz", 440.0),
        ("pitch=1.2 kHz", 1200.0),
        ("gate=1.5s", 1.5),
        ("gate=1500ms", 1.5),
        ("gate=0.2s..1.5s", (0.2, 1.5)),
        ("vcf.cutoff=800Hz", 800.0),
        ("env.attack=5ms", 0.005),
        ("osc.level=-6dB", -6.0),
        ("osc.width=20%", 0.2),
        ("osc.width=0.2", 0.2),
        ("lfo.shape=square", (0.0, 1.0, 0.0)),
        ("tone.shape=1,2,3", (1.0, 2.0, 3.0)),
    ],
)
def test_values(word: str, value: Value) -> None:
    settings = read(word)
    assert settings.values == {word.partition("=")[0]: pytest.approx(value)}
    assert settings.notes == []


def test_a_sound_for_an_audio_input() -> None:
    assert read("in=drums.wav").sounds == {"in": "drums.wav"}


def test_the_last_one_stands() -> None:
    assert read("pitch=C4", "pitch=A4").values == {"pitch": pytest.approx(440.0)}


def test_an_input_outside_its_range_is_said_and_done() -> None:
    settings = read("pitch=12kHz")
    assert settings.values == {"pitch": 12_000.0}
    assert [note.code for note in settings.notes] == ["P807"]


def test_a_number_outside_its_range_is_refused() -> None:
    with pytest.raises(PatchError) as refused:
        read("vcf.cutoff=12kHz")
    (found,) = refused.value.diagnostics
    assert (found.code, found.message) == ("P403", "`vcf.cutoff` = 12000 Hz lies outside 20 Hz .. 8 kHz")


@pytest.mark.parametrize(
    ("word", "code", "said"),
    [
        ("vcf.cutof=800Hz", "P802", "did you mean `vcf.cutoff`?"),
        ("zzz=1", "P802", "it has pitch, gate, in, vcf.cutoff"),
        ("vcf.cutoff", "P806", "written `name=value`"),
        ("vcf.cutoff=800hz", "P806", "did you mean `800Hz`?"),
        ("vcf.cutoff=800ms", "P806", "this is time"),
        ("vcf.cutoff=H4", "P806", "a frequency, in Hz, kHz, bpm"),
        ("vcf.cutoff=nan", "P806", "a frequency"),
        ("env.attack=", "P806", "a time, in s, ms, min"),
        ("lfo.shape=sqare", "P806", "did you mean `square`?"),
        ("lfo.shape=3", "P806", "one of sine, square, saw"),
        ("tone.shape=1,2", "P806", "3 numbers with commas between, not 2"),
        ("tone.shape=1", "P806", "3 numbers with commas between, not 1"),
        ("pitch=60", "P806", "write `--set pitch=60Hz`, or a note such as `C4`"),
        ("gate=1", "P806", "write `--set gate=1s`"),
        ("osc.level=-6", "P806", "write `--set osc.level=-6dB`"),
        ("gate=2Hz", "P806", "this is frequency"),
    ],
)
def test_refusals(word: str, code: str, said: str) -> None:
    with pytest.raises(PatchError) as error:
        read(word)
    (diagnostic,) = error.value.diagnostics
    assert diagnostic.code == code
    assert said in f"{diagnostic.message} {diagnostic.rule_text} {diagnostic.help_text}"


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(PatchError) as error:
        read("a=1", "vcf.cutoff=x", "pitch=C4")
    assert len(error.value.diagnostics) == 2


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("0.1s..0.3s,0.5s..0.8s", "a gate is one note; the first one alone is `--set gate=0.1s..0.3s`"),
        ("1s..2s..3s", "a gate is one note; the first one alone is `--set gate=1s..2s`"),
        ("../out/curve.wav", "for example `--set gate=0.2s..1.5s`"),
        ("0.1s..", "for example `--set gate=0.2s..1.5s`"),
        ("1s..2Hz", "for example `--set gate=1.5s`"),
        ("one..two", "for example `--set gate=1.5s`"),
    ],
)
def test_a_message_quotes_all_that_was_typed(text: str, help: str) -> None:
    with pytest.raises(PatchError) as caught:
        read_settings([f"gate={text}"], GRAPH, ())
    (only,) = caught.value.diagnostics
    assert only.message == f"`gate` cannot be `{text}`"
    assert only.help_text == help


def test_a_message_about_a_vector_quotes_all_of_it() -> None:
    with pytest.raises(PatchError) as caught:
        read_settings(["o.shape=1,2,x"], GRAPH, [knob("o.shape", Dimension.NUMBER, None, 3)])
    assert [said.message for said in caught.value.diagnostics] == ["`o.shape` cannot be `1,2,x`"]

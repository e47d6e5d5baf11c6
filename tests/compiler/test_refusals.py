"""Calls that do not fit are refused with a diagnostic that says what was expected, before anything is computed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from patchc.compiler.module import PatchModule
from patchc.source.diagnostic import Diagnostic
from patchc.source.error import PatchError

Compiler = Callable[..., PatchModule]

BODY = """
input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
input gate  : gate
input side  : audio
param wave = learn a in [a, b]
cell env  : decay { gate <- gate; time = predict }
cell bank : harmonic(partials = 3) { freq = pitch; shape = learn }
cell sum  : mix { in <- bank, side }
output main <- sum
"""
NAN = float("nan")


def refusal(synth: PatchModule, *args: object, **named: object) -> Diagnostic:
    with pytest.raises(PatchError) as caught:
        synth(*args, **named)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.message in str(caught.value)
    assert diagnostic.rule_text
    assert diagnostic.help_text
    return diagnostic


def test_predicted_numbers_have_to_be_supplied(build: Compiler) -> None:
    synth = build(BODY)
    assert refusal(synth).message == "no value for `env.time`"
    assert refusal(synth).code == "P604"
    synth(seconds=0.05, inputs={"env.time": 0.2})
    synth(synth.defaults(), seconds=0.05)


def test_inputs_without_a_default_have_to_be_given(build: Compiler) -> None:
    synth = build("input pitch : control\ncell s : sine { freq = pitch }\noutput main <- s")
    assert refusal(synth).message == "no value for `pitch`"
    assert synth(seconds=0.05, pitch=100.0).audio.shape == (1, 800)


@pytest.mark.parametrize(
    ("named", "code", "says"),
    [
        ({"ptch": 1.0}, "P605", "did you mean `pitch`?"),
        ({"inputs": {"env.tme": 1.0}}, "P605", "did you mean `env.time`?"),
        ({"taps": ["summ"]}, "P605", "did you mean `sum`?"),
        ({"taps": [(7, 7)]}, "P605", "(7, 7)"),
        ({"pitch": NAN}, "P607", "a finite number"),
        ({"pitch": "20 ms"}, "P607", "`pitch` cannot be a time"),
        ({"pitch": "loud"}, "P607", "`pitch` cannot be `loud`"),
        ({"pitch": "20 parsec"}, "P607", "`20 parsec`"),
        ({"pitch": object()}, "P607", "a object"),
        ({"pitch": torch.tensor([NAN, 1.0])}, "P607", "NaN or infinite"),
        ({"wave": "c"}, "P607", "one of a, b"),
        ({"pitch": torch.ones(1, 7)}, "P606", "[batch, 78]"),
        ({"pitch": torch.ones(1, 1, 7)}, "P606", "one number"),
        ({"wave": [1.0, 2.0, 3.0]}, "P606", "[batch, 2]"),
        ({"side": torch.ones(2, 7)}, "P606", "[batch, 1600]"),
        ({"gate": (0.5, 0.2)}, "P608", "write `gate=(0.2, 0.5)`"),
        ({"gate": (0.1, 0.2, 0.3)}, "P607", "(note-on, note-off)"),
        ({"gate": torch.tensor([0.1, -0.1])}, "P608", "before it begins"),
        ({"seconds": 0.0}, "P607", "a length above zero"),
        ({"seconds": NAN}, "P607", "a length above zero"),
        ({"seconds": -1.0}, "P607", "a length above zero"),
        ({"seconds": 1e9}, "P609", "`patchc.load(path, memory_limit=...)`"),
    ],
)
def test_values_by_name(build: Compiler, named: dict[str, object], code: str, says: str) -> None:
    synth = build(BODY)
    diagnostic = refusal(synth, synth.defaults(), **{"seconds": 0.1, **named})
    assert diagnostic.code == code
    assert says in f"{diagnostic.message} {diagnostic.rule_text} {diagnostic.help_text}"


def test_settings(build: Compiler) -> None:
    synth = build(BODY)
    settings = synth.draw(2)
    assert refusal(synth, settings[:, 1:]).code == "P606"
    assert refusal(synth, settings[0]).code == "P606"
    assert refusal(synth, settings[:, None].expand(-1, 9, -1)).code == "P606"
    assert refusal(synth, settings * NAN).message == "`wave` cannot be at nan"
    assert refusal(synth, settings + 2).code == "P607"
    assert refusal(synth, settings, pitch=torch.ones(3)).code == "P606"


def test_memory_is_bounded_before_it_is_taken(build: Compiler) -> None:
    synth = build(BODY, memory_limit=100_000)
    diagnostic = refusal(synth, synth.defaults(), seconds=2.0)
    assert diagnostic.code == "P609"
    assert diagnostic.message == "this takes about 0.7 MiB of memory, and the limit is 0.1 MiB"
    synth(synth.defaults(), seconds=0.1)


def test_values_of_other_kinds_that_fit(build: Compiler) -> None:
    synth = build(BODY)
    settings = synth.draw(2)
    reference = synth(settings, seconds=0.1, pitch=261.6255653005986)
    assert torch.equal(synth(settings, seconds=0.1, pitch="C4").audio, reference.audio)
    one_by_one = synth(settings, seconds=0.1, pitch=[200.0, 300.0])
    assert torch.equal(one_by_one.audio[:1], synth(settings[:1], seconds=0.1, pitch=200.0).audio)
    framed = torch.full((2, synth.frames(0.1)), 200.0)
    torch.testing.assert_close(
        synth(settings, seconds=0.1, pitch=framed).audio, synth(settings, seconds=0.1, pitch=200.0).audio
    )
    side = torch.linspace(-1, 1, 1600)
    sound = synth(settings, seconds=0.1, side=side)
    torch.testing.assert_close(sound.taps["sum"] - sound.taps["bank"], side.double().expand(2, -1))


def test_gates(build: Compiler) -> None:
    synth = build("input gate : gate\ncell env : adsr { gate <- gate; release = 10 ms }")
    usual = synth(seconds=0.4).taps["env"]
    torch.testing.assert_close(usual, synth(seconds=0.4, gate=0.3).taps["env"])
    torch.testing.assert_close(usual, synth(seconds=0.4, gate=(0.0, "300 ms")).taps["env"])
    both = synth(seconds=0.4, gate=(torch.tensor([0.0, 0.1]), 0.3)).taps["env"]
    torch.testing.assert_close(both[:1], usual)
    assert not both[1, : int(0.1 * synth.control_rate)].any()

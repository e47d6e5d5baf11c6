"""A value by name outside its range: one rule for every command and for Python; what an input is given is used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

import patchc
from patchc.source.error import PatchError

Run = Callable[..., Any]

PATCH = """patchc 1

patch p {
  input pitch  : control = 110 Hz in 27.5 Hz .. 4.2 kHz log
  param bright = learn 2 kHz in 200 Hz .. 8 kHz log
  param dull   = 1 kHz in 200 Hz .. 8 kHz log
  cell osc : saw { freq = pitch }
  cell vcf : svf { in <- osc; cutoff = bright; q = learn 2 in 1 .. 4 }
  cell vcg : svf { in <- vcf; cutoff = dull; q = predict 2 in 1 .. 4 }
  cell wind : noise_bank(bands = 2) { shape = learn [-20 dB, -40 dB] in -60 dB .. 0 dB }
  output main <- vcg, wind * -20 dB
}
"""
SHORT = ("--seconds", "20ms", "--rate", "16k", "-o", "x.wav")
COMMANDS = {
    "check": (),
    "render": SHORT,
    "render --n": (*SHORT, "--n", "2"),
    "draw": ("--n", "2"),
    "plan": (),
    "graph": (),
}
OUTSIDE = ("bright=12kHz", "dull=12kHz", "vcf.q=6", "vcg.q=0.5")


@pytest.fixture
def p(tmp_path: Path) -> str:
    (tmp_path / "p.patch").write_text(PATCH, encoding="utf-8")
    return str(tmp_path / "p.patch")


@pytest.mark.parametrize("word", OUTSIDE)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_a_number_outside_its_range(run: Run, p: str, command: str, word: str) -> None:
    done = run(command.split()[0], p, *COMMANDS[command], "--set", word)
    said = done.out + done.err
    assert done.code == (1 if command == "check" else 2)
    assert said.count("P403") == 1
    assert "lies outside" in said
    assert "default" not in said.split("P403")[1].split("\n")[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_uses_what_an_input_is_given_and_says_so(run: Run, p: str, command: str) -> None:
    done = run(command.split()[0], p, *COMMANDS[command], "--set", "pitch=5kHz")
    assert done.code == 0
    assert (done.out + done.err).count("P807") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bright", 12_000.0),
        ("bright", -3),
        ("bright", "12 kHz"),
        ("vcf.q", torch.tensor([2.0, 6.0])),
        ("vcg.q", 0.5),
        ("wind.shape", [-20.0, -70.0]),
    ],
)
def test_python_refuses_the_same(p: str, name: str, value: Any) -> None:
    synth = patchc.load(p, sample_rate=16_000)
    for call in (
        lambda: synth(synth.defaults(), seconds=0.01, **{name: value}),
        lambda: synth.positions({name: value}),
    ):
        with pytest.raises(PatchError) as refused:
            call()
        (found,) = refused.value.diagnostics
        assert (found.code, found.message.startswith(f"`{name}` = ")) == ("P403", True)


@pytest.mark.parametrize(("name", "value"), [("bright", "12 kHz"), ("dull", 12_000.0), ("vcg.q", 0.5)])
def test_what_is_set_when_loading_is_refused_as_well(p: str, name: str, value: Any) -> None:
    with pytest.raises(PatchError, match="lies outside"):
        patchc.load(p, set={name: value})


def test_an_input_is_used_as_it_is_given_and_held_says_so(p: str) -> None:
    synth = patchc.load(p, sample_rate=16_000)
    given = {"pitch": torch.tensor([440.0, 5000.0])}
    assert synth(synth.defaults(), seconds=0.01, inputs=given).audio.shape[0] == 2
    (said,) = synth.held(synth.defaults(), seconds=0.01, inputs=given)
    assert (said.code, said.message) == ("P807", "`pitch` = 5000 Hz lies outside its range")
    assert synth.held(synth.defaults(), seconds=0.01, pitch=440.0) == []


def test_ends_of_ranges_may_be_given_and_a_hair_more(p: str) -> None:
    synth = patchc.load(p, sample_rate=16_000)
    for value in (200.0, 8000.0, torch.tensor(8000.0) * (1 + 1e-6)):
        assert synth.positions({"bright": value}).shape == (1, synth.width)

"""Pages of cells say what the class says."""

from __future__ import annotations

import json

import pytest

from patchc.cells.page import completion_data, line, markdown, page
from patchc.cells.registry import cell_names, find_cell

SVF = """\
svf: A resonant filter of 12 dB an octave that stays stable however fast its cutoff moves.

Topology-preserving (Zavalishin 2012, The Art of VA Filter Design, chapter 4). `lowpass` and `highpass` reach a gain
of `q` at the cutoff; `bandpass` has a peak of 1. A cutoff is held to 0.49 of the sample rate.

port    takes      default  usual range                         held to         meaning
in      audio                                                                   What is filtered.
mode    a choice   lowpass  lowpass, highpass, bandpass, notch                  What is kept.
cutoff  frequency  1 kHz    20 Hz .. 16 kHz log                 1 Hz .. 96 kHz  Corner or centre frequency.
q       number     0.7071   0.5 .. 12 log                       0.05 .. 1000    Resonance.

output: audio. The sound.
when it is off: a bypass: its `in` passes unchanged
"""


def test_a_whole_page() -> None:
    assert page("svf") == SVF


@pytest.mark.parametrize("name", cell_names())
def test_every_port_is_on_the_page(name: str) -> None:
    cell = find_cell(name)
    assert cell is not None
    for text in (page(name), markdown(cell.spec)):
        assert all(port.name in text and port.doc in text for port in cell.spec.ports)
        assert all(size.name in text and size.doc in text for size in cell.spec.sizes)
        assert text.endswith("\n")
    assert line(name) == f"{name}: {cell.spec.summary}"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("adsr", ["a gate", "5 ms", "1 ms .. 2 s log", "70 %", "unipolar (0 .. 1)", "when it is off: silence"]),
        ("lfo", ["5 Hz", "0.1 Hz .. 20 Hz log", "bipolar (-1 .. 1)", "0 cyc", "any"]),
        ("harmonic", ["number [partials]", "even", "weights that add up to 1", "60", "1 .. 512"]),
        ("noise_bank", ["level [bands]", "-20 dB", "-80 dB .. 0 dB"]),
        ("delay", ["2 s", "1 ms .. 20 s", "-99 % .. 99 %"]),
    ],
)
def test_units_are_spoken(name: str, words: list[str]) -> None:
    assert [word for word in words if word not in page(name)] == []


def test_no_such_page() -> None:
    with pytest.raises(KeyError, match="svff"):
        page("svff")


def test_completion_data_is_plain() -> None:
    data = json.loads(json.dumps(completion_data()))
    assert sorted(data["cells"]) == sorted(cell_names())
    cutoff = next(port for port in data["cells"]["svf"]["ports"] if port["name"] == "cutoff")
    assert cutoff["dimension"] == "frequency"
    assert data["units"][cutoff["dimension"]] == ["Hz", "kHz", "bpm"]

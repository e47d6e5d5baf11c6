"""Options, arguments and settings of other programs lead to the ones that exist; words find cells and pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("line", "help_"),
    [
        ("--note C4", "`--set pitch=C4`"),
        ("--pitch C4", "`--set pitch=C4`"),
        ("--pitch=C4", "`--set pitch=C4`"),
        ("--length 3", "`--seconds 3`"),
        ("--lenght 3", "`--seconds 3`"),
        ("--duration 3", "`--seconds 3`"),
        ("--dur 3", "`--seconds 3`"),
        ("--time 3", "`--seconds 3`"),
        ("--out a.wav", "`--output`"),
        ("--output-file a.wav", "`--output`"),
        ("--sr 44100", "`--rate 44100`"),
        ("--samplerate 44100", "`--rate 44100`"),
        ("--format wav", "`-o sound.wav`"),
        ("--count 3", "`--n 3`"),
        ("--number 3", "`--n 3`"),
        ("--verbose", "`--debug`"),
        ("--normalize", "there is none"),
        ("--secnds 3", "did you mean `--seconds`?"),
        ("out.wav", "`-o out.wav`"),
        ("--set pitch C4", "`--set pitch=C4`"),
        ("pitch=C4", "`--set pitch=C4`"),
        ("--set frequency=440", "did you mean `pitch`?"),
        ("--set note=C4", "did you mean `pitch`?"),
        ("--set cutoff=800Hz", "did you mean `vcf.cutoff`?"),
        ("--set filter.cutoff=800Hz", "did you mean `vcf.cutoff`?"),
        ("--set trigger=1s", "did you mean `gate`?"),
        ("--set osc.volume=-6dB", "did you mean `osc.level`?"),
        ("--set vcf.mode=lp", "`lp` is `lowpass` here"),
        ("--set vcf.cuttoff=800Hz", "did you mean `vcf.cutoff`?"),
    ],
)
def test_render_leads_on(line: str, help_: str, run: Run, good: str) -> None:
    outcome = run("render", good, *line.split())
    assert outcome.code == 2
    assert help_ in outcome.err


def test_options_are_those_of_the_command(run: Run, good: str) -> None:
    assert "`--pitch C4`" in run("match", "a.wav", good, "--note", "C4").err
    assert "`--format json`" in run("check", good, "--json").err


@pytest.mark.parametrize(
    ("word", "cell"),
    [("lowpass", "svf"), ("tremolo", "gain"), ("chorus", "delay"), ("voltage", "gain"), ("Saw", "saw")],
)
def test_words_find_cells(word: str, cell: str, run: Run) -> None:
    outcome = run("cells", word)
    assert outcome.code == 0
    assert outcome.out.startswith(cell)
    assert cell in [found["name"] for found in json.loads(run("cells", word, "--json").out)["cells"]]


@pytest.mark.parametrize(
    ("word", "line"),
    [("modulation", "freq += lfo1 * 20 ct"), ("range", "P230"), ("lowpass", "patchc cells svf"), ("loop", "for k in")],
)
def test_words_find_pages(word: str, line: str, run: Run) -> None:
    outcome = run("explain", word)
    assert outcome.code == 0
    assert line in outcome.out


@pytest.mark.parametrize("words", [("cells", "zzzz"), ("explain", "zzzz"), ("explain", "P99")])
def test_what_nothing_is_called_is_refused(words: tuple[str, str], run: Run) -> None:
    assert run(*words).code == 2


LEAD = """patchc 1

patch lead {
  input pitch : control = 110 Hz
  cell osc : sine { freq = pitch }
  output main <- osc
}
"""


def test_a_patch_called_as_a_cell_that_does_not_exist(run: Run) -> None:
    outcome = run("check", "-", stdin=LEAD.replace("lead", "supersaw").replace("sine", "supersaw"))
    assert "there is no cell type `supersaw` that it could use instead of itself" in outcome.err + outcome.out


@pytest.mark.parametrize(
    ("source", "help_"),
    [("lowpass", "`lowpass` is `svf { mode = lowpass }` here"), ("saw", "`saw` is a type of cell"), ("chorus", "none")],
)
def test_types_in_place_of_cells(source: str, help_: str, run: Run) -> None:
    outcome = run("check", "-", stdin=LEAD.replace("<- osc", f"<- {source}"))
    assert help_ in outcome.err + outcome.out


RECIPES = {
    "invert": "in <- osc * -1",
    "polarity": "in <- osc * -1",
    "ping pong": "delay",
    "pingpong": "output right <- osc, c * 36 %",
    "velocity": "input velocity : control",
    "glide": "no cell slides",
    "portamento": "no cell slides",
    "fade": "attack = 2 s",
    "fade-in": "attack = 2 s",
    "depth": "above 100 % it inverts",
    "ringmod": "level *= osc2 * 200 %",
    "unison": "for k in 1 .. 5",
    "stereo": "left = mid + side",
    "mid_side": "left = mid + side",
    "tempo": "120 bpm",
    "mute": "-120 dB",
    "keytracking": "cutoff = pitch * 4",
    "self-oscillation": "rings at its cutoff",
    "semitones": "`semitones` is `st` here",
    "ct": "a unit of interval",
    "bandpass": "svf",
    "mfcc": "`mel_cepstrum`",
    "watch": "patchc check",
    "svf": "patchc cells svf",
    "p302": "hears",
}


@pytest.mark.parametrize("word", RECIPES)
def test_explain_answers(word: str, run: Run) -> None:
    outcome = run("explain", word)
    assert outcome.code == 0
    assert RECIPES[word] in outcome.out


def test_explain_knows_every_name_of_the_language(run: Run) -> None:
    from patchc.cells.registry import cell_names, find_cell
    from patchc.units.unit import UNITS

    words = "cell input output param for when maybe tap set moved use layer learn predict meta pass patch"
    ports = {port.name for name in cell_names() if (cell := find_cell(name)) for port in cell.spec.ports}
    for word in [*words.split(), *cell_names(), *(unit for unit in UNITS if unit), *sorted(ports)]:
        assert run("explain", word).code == 0, word


def test_what_explain_cannot_find_is_no_code(run: Run) -> None:
    assert "there is no code, cell or topic called `zzzz`" in run("explain", "zzzz").err
    assert "there is no code called `P99`" in run("explain", "P99").err


def test_the_ping_pong_of_explain_is_right(run: Run) -> None:
    line = run("explain", "pingpong").out.partition("\n")[0]
    head, _, rest = line.partition("   (")
    cells = [head, *(part for part in rest.split("`") if part.startswith(("cell", "output")))]
    body = "\n  ".join(["cell osc : saw", *cells])
    assert run("check", "-", stdin=f"patchc 1\n\npatch p {{\n  {body}\n}}\n").code == 0

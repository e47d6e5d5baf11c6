"""`--set` reaches any number of a patch, on every command that compiles; and what it cannot be is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

Run = Callable[..., Any]

PATCH = """patchc 1

patch p(length : time = 100 ms) {
  input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
  input gate  : gate
  cell env  : adsr { gate <- gate; attack = length }
  cell osc  : saw { freq = pitch; level = -6 dB; level *= env }
  cell tone : harmonic(partials = 3) { freq = 300 Hz; shape = learn [50 %, 30 %, 20 %] }
  cell vcf  : svf { in <- osc, tone * -12 dB; cutoff = learn 800 Hz }
  output main <- vcf
}
"""


@pytest.fixture
def p(tmp_path: Path) -> str:
    (tmp_path / "p.patch").write_text(PATCH, encoding="utf-8")
    return "p.patch"


def rendered(run: Run, tmp_path: Path, *settings: str) -> np.ndarray:
    done = run(
        "render", "p.patch", "-o", "out.wav", "--seconds", "0.1", "--rate", "16000", "--set", "gate=80ms", *settings
    )
    assert done.code == 0, done.err
    found: np.ndarray = soundfile.read(tmp_path / "out.wav")[0]
    return found


@pytest.mark.parametrize(
    "word",
    [
        "length=20ms",
        "env.release=5ms",
        "osc.level=-9dB",
        "osc.level[env].depth=50%",
        "tone.freq=C5",
        "tone.shape=0.2,0.2,0.6",
        "vcf.in[tone].gain=-3dB",
        "vcf.in[osc].gain=-3dB",
        "vcf.mode=highpass",
        "vcf.q=5",
        "pitch=C4",
        "vcf.cutoff=2kHz",
    ],
)
def test_setting_a_number_changes_the_sound(run: Run, p: str, tmp_path: Path, word: str) -> None:
    before, after = rendered(run, tmp_path), rendered(run, tmp_path, word)
    assert np.abs(before - after).max() > 1e-4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["pitch=60"], "write `--set pitch=60Hz`, or a note such as `C4`"),
        (["pitch=C4", "pitch=C5"], "several sounds are several calls"),
        (["env.attak=10ms"], "did you mean `env.attack`?"),
        (["ptch=C4"], "did you mean `pitch`?"),
        (["osc.level=3"], "`osc.level` is a level, but `3` is a plain number"),
        (["length=4"], "P220"),
        (["vcf.mode=lowpas"], "did you mean `lowpass`?"),
        (["osc.level=9 dB; cell x : saw"], "P806"),
    ],
)
def test_what_does_not_fit_is_said(run: Run, p: str, tmp_path: Path, words: list[str], said: str) -> None:
    done = run("render", p, "--set", *words)
    assert done.code == 2
    assert said in done.err
    assert list(tmp_path.glob("*.wav")) == []


def test_other_commands_set_as_well(run: Run, p: str) -> None:
    assert "attack   =  7 ms" in run("plan", p, "--set", "env.attack=7ms").out
    assert "440" in run("plan", p, "--set", "pitch=A4").out
    assert "learn  500 Hz" in run("plan", p, "--set", "vcf.cutoff=500Hz").out
    assert "wet" not in run("graph", p, "--format", "patch").out
    assert (
        "partials = 5" in run("graph", p, "--format", "patch", "--set", "tone.partials=5", "tone.shape=1,0,0,0,0").out
    )


def test_check_looks_at_what_is_set(run: Run, p: str) -> None:
    assert run("check", p, "--set", "vcf.cutoff=500Hz").code == 0
    said = run("check", p, "--set", "vcf.cutoff=90kHz")
    assert (said.code, "P403" in said.out) == (1, True)


def test_what_is_set_is_not_drawn(run: Run, p: str) -> None:
    drawn = json.loads(run("draw", p, "--n", "3", "--set", "vcf.cutoff=500Hz").out)
    assert [knob["name"] for knob in drawn["knobs"]] == ["tone.shape"]


NOTE = """patchc 1

patch p {
  input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
  input gate  : gate
  input take  : audio
  cell env : adsr { gate <- gate }
  cell osc : saw { freq = pitch; level = learn -6 dB; level *= env }
  cell sum : mix { in <- osc, take }
  output main <- sum
}
"""
LOOKING = ("check", "draw", "graph", "plan")


@pytest.fixture
def note(tmp_path: Path) -> str:
    (tmp_path / "note.patch").write_text(NOTE, encoding="utf-8")
    return "note.patch"


@pytest.mark.parametrize("command", LOOKING)
@pytest.mark.parametrize(
    "word", ["gate=1s", "gate=0.5s..1s", "gate=200ms", "take=voice.wav", "take=a b.wav", "pitch=C4"]
)
def test_notes_and_recordings_are_taken_everywhere(run: Run, note: str, command: str, word: str) -> None:
    done = run(command, note, "--set", word)
    assert (done.code, "error[" in done.err + done.out) == (0, False)


@pytest.mark.parametrize("command", [*LOOKING, "render"])
@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("gate=2", "write `--set gate=2s`"),
        ("gate=foo", "it is a time, in s, ms, min"),
        ("gate=1s,2s", "a gate is one note"),
        ("gate=..1s", "0.2s..1.5s"),
        ("trigger=1s", "did you mean `gate`?"),
        ("gat=1s", "did you mean `gate`?"),
    ],
)
def test_one_rule_for_notes(run: Run, note: str, command: str, word: str, said: str) -> None:
    done = run(command, note, "--set", word)
    assert done.code in (1, 2)
    assert said in done.err + done.out


def test_draw_renders_the_note_that_is_set(run: Run, note: str, tmp_path: Path) -> None:
    for name, gate in (("short", "50ms"), ("long", "400ms")):
        words = ("--render", f"{name}.wav", "--seconds", "0.5", "--rate", "8000", "--set", f"gate={gate}")
        assert run("draw", note, *words).code == 0
    short, long = (soundfile.read(tmp_path / f"{name}.wav")[0] for name in ("short", "long"))
    assert np.abs(long[3000:]).max() > 10 * np.abs(short[3000:]).max()


HALL = """patchc 1

patch voice(n : int = 2) {
  input pitch : control = 220 Hz
  for k in 1 .. n { cell o[k] : saw { freq = pitch * k } }
  cell s : mix { in <- o[*] }
  output out <- s
}

patch hall {
  input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
  for k in 1 .. 2 { cell v[k] : voice { pitch = pitch * k } }
  cell room : fir_reverb { in <- v[1], v[2] * -3 dB; decay = learn 900 ms }
  cell dly  : delay { in <- room; time = 20 ms }
  output left  <- room * -3 dB, dly
  output right <- dly
}
"""


@pytest.fixture
def hall(tmp_path: Path) -> str:
    (tmp_path / "hall.patch").write_text(HALL, encoding="utf-8")
    return "hall.patch"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("left.gain=-6dB", "`left[room].gain`"),
        ("left.level=-6dB", "`left[room].gain`"),
        ("left[rom].gain=-6dB", "`left[room].gain`, `left[dly].gain`"),
        ("right.gain=-3dB", "`right[dly].gain`"),
        ("room.in[v[2]].gain=-3dB", "`room.in[v[2].s].gain`"),
        ("v[1].n=3", "a size of `v[1]` is written where that is placed"),
        ("room[*].decay=1s", "`[*]` stands for all cells of a loop"),
        ("v[*].o[1].levl=-3dB", "`[*]` stands for all cells of a loop"),
        ("dly.time=20", "20 ms"),
        ("room.decay=500", "500ms"),
    ],
)
def test_names_and_units_that_are_not_there(run: Run, hall: str, word: str, said: str) -> None:
    for command in ("check", "render"):
        done = run(command, hall, "--set", word)
        assert done.code in (1, 2)
        assert said.replace(" ", "") in (done.err + done.out).replace(" ", "")


def test_a_star_sets_all_of_a_loop(run: Run, hall: str) -> None:
    plan = run("plan", hall, "--set", "v[*].o[*].level=-9dB", "v[1].o[2].level=-12dB").out
    assert (plan.count("-9 dB"), plan.count("-12 dB")) == (3, 1)


def test_plan_names_the_cables(run: Run, hall: str) -> None:
    plan = run("plan", hall).out.partition("cables, as `--set` names them\n")[2].split("\n")
    assert "  left[room].gain = -3 dB" in plan
    assert "  right[dly].gain" in plan
    for line in plan:
        if name := line.partition(" =")[0].strip():
            assert run("check", hall, "--set", f"{name}=-4dB").code == 0


def test_a_loud_sound_names_the_gains(run: Run, hall: str) -> None:
    said = run("render", hall, "--seconds", "0.2", "--no-tail", "--rate", "8000", "--set", "right[dly].gain=20dB").err
    assert "P710" in said
    settings = said.partition("or `--set ")[2].partition("`")[0].split()
    assert [word.partition("=")[0] for word in settings] == ["left[room].gain", "left[dly].gain", "right[dly].gain"]
    lower = run("render", hall, "--seconds", "0.2", "--no-tail", "--rate", "8000", "--set", *settings)
    assert (lower.code, "P710" in lower.err) == (0, False)


def test_a_note_is_no_number_of_the_text(note: str, tmp_path: Path) -> None:
    import patchc

    with pytest.raises(patchc.PatchError, match="given where the patch is played"):
        patchc.load(tmp_path / note, set={"gate": "1 s"})


@pytest.mark.parametrize("command", ["check", "render", "draw", "graph", "plan"])
@pytest.mark.parametrize(
    ("gate", "advice"),
    [("1s..0.5s", "write `--set gate=0.5s..1s`"), ("-1s", "a note has a length above zero")],
)
def test_a_note_that_ends_before_it_begins_is_refused_by_every_command(
    run: Run, tmp_path: Path, command: str, gate: str, advice: str
) -> None:
    text = "patchc 1\n\npatch p {\n  input gate : gate\n  cell e : adsr { gate <- gate; release = learn }\n"
    text += "  cell o : saw { freq = A3; level *= e }\n  output main <- o\n}\n"
    (tmp_path / "p.patch").write_text(text)
    said = run(command, "p.patch", "--set", f"gate={gate}")
    assert said.code != 0
    assert "error[P608]" in said.err + said.out
    assert advice in said.err + said.out


def test_a_value_that_is_refused_is_all_that_is_said(run: Run, tmp_path: Path) -> None:
    """Not also that it would be held at a limit."""
    text = "patchc 1\n\npatch p {\n  param bright = 2 kHz in 200 Hz .. 8 kHz log\n  cell e : lfo {}\n"
    text += "  cell n : noise {}\n  cell f : svf { in <- n; cutoff = bright; cutoff += e * 24 st }\n"
    text += "  output main <- f\n}\n"
    (tmp_path / "p.patch").write_text(text)
    said = run("check", "p.patch", "--set", "bright=50kHz")
    assert "error[P403]" in said.out + said.err
    assert "P406" not in said.out + said.err
    said = run("check", "p.patch", "--set", "f.cutoff[e].depth=50%")
    assert "write its unit, such as `50 st`" in said.out + said.err

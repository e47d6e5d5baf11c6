"""The patch that `match` writes, rendered with the line that it prints, gives the bytes of the wav beside it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

Run = Callable[..., Any]

HEAD = "patchc 1\n\npatch p {\n  input pitch : control = 110 Hz in 27.5 Hz .. 4.2 kHz log\n  input gate : gate\n"
NOTE = (
    HEAD
    + "  cell e : adsr { gate <- gate; attack = learn 20 ms; release = learn 100 ms }\n"
    + "  cell o : saw { freq = pitch; level *= e }\n"
)
MAIN = "patch p {\n  input pitch : control = 110 Hz in 27.5 Hz .. 4.2 kHz log\n"
PATCHES = {
    "a note": NOTE + "  output main <- o * -6 dB\n}\n",
    "too soft, so that a gain is written": NOTE + "  output main <- o * -40 dB\n}\n",
    "two channels": NOTE
    + "  cell l : gain { in <- o; level = learn -12 dB in -40 dB .. 0 dB }\n"
    + "  cell r : gain { in <- o; level = learn -12 dB in -40 dB .. 0 dB }\n"
    + "  output right <- r\n  output left <- l\n}\n",
    "mid and side": NOTE
    + "  cell w : pulse { freq = pitch; width = learn 30 % }\n  output mid <- o\n  output side <- w\n}\n",
    "a vector and no inputs": "patchc 1\n\npatch p {\n"
    + "  cell o : harmonic(partials = 4) { freq = 440 Hz; shape = learn }\n  output main <- o\n}\n",
    "a choice, a chance and noise": HEAD
    + "  param wave = learn saw in [saw, noise] ~ categorical(50 %, 50 %)\n"
    + "  cell s : saw { freq = pitch }\n  cell n : noise\n"
    + "  cell m : mix {\n    in <- s  when wave is saw\n    in <- n  when wave is noise\n  }\n"
    + "  cell f : svf  maybe learn 50 % { in <- m; cutoff = learn 2 kHz }\n"
    + "  output main <- f * -12 dB\n}\n",
    "numbers of a patch inside": "patchc 1\n\npatch v {\n  input pitch : control\n"
    + "  param c = learn 900 Hz in 100 Hz .. 8 kHz log\n"
    + "  cell o : saw { freq = pitch }\n  cell f : svf { in <- o; cutoff = c }\n  output out <- f\n}\n\n"
    + MAIN
    + "  for k in 1 .. 2 {\n    cell v[k] : v { pitch = pitch * k }\n  }\n  output main <- v[*] * -9 dB\n}\n",
}
QUICK = ("--steps", "4", "--starts", "1", "--rate", "16000", "--budget", "1", "--json", "-o", "found")


@pytest.fixture
def target(tmp_path: Path) -> str:
    """A note from 0.05 s to 0.4 s, its right channel softer and duller."""
    time = np.arange(22_050) / 44_100
    rise = np.clip((time - 0.05) / 0.02, 0, 1) * np.exp(-np.clip(time - 0.35, 0, None) / 0.03)
    left = rise * sum(0.3 / k * np.sin(2 * np.pi * 220 * k * time) for k in range(1, 12))
    soundfile.write(tmp_path / "t.wav", np.stack([left, 0.2 * rise * np.sin(2 * np.pi * 220 * time)], 1), 44_100)
    return "t.wav"


def rendered_again(run: Run, tmp_path: Path, said: Any) -> tuple[bytes, bytes]:
    assert said.code == 0, said.err
    line = shlex.split(json.loads(said.out)["play"])
    played = run(*line[1:], "-o", "again.wav")
    assert played.code == 0, played.err
    return (tmp_path / "again.wav").read_bytes(), (tmp_path / "found/p.wav").read_bytes()


@pytest.mark.parametrize("kind", PATCHES)
def test_the_written_patch_is_the_written_sound(kind: str, run: Run, target: str, tmp_path: Path) -> None:
    (tmp_path / "p.patch").write_text(PATCHES[kind])
    said = run("match", target, "p.patch", *QUICK, "--seed", "3")
    again, beside = rendered_again(run, tmp_path, said)
    assert again == beside
    text = (tmp_path / "found/p.patch").read_text()
    assert f"# played with: {json.loads(said.out)['play'].split('.patch ')[1]}" in text
    assert "-40 dB + " in text or not kind.startswith("too soft")


def test_a_recording_played_by_an_effect_is_in_the_line(run: Run, target: str, tmp_path: Path) -> None:
    text = "patchc 1\n\npatch p {\n  input sound : audio\n"
    text += "  cell f : onepole { in <- sound; cutoff = learn 500 Hz in 50 Hz .. 6 kHz log }\n  output main <- f\n}\n"
    (tmp_path / "p.patch").write_text(text)
    assert run("render", "p.patch", "--set", f"sound={target}", "f.cutoff=2kHz", "-o", "wet file.wav").code == 0
    said = run("match", "wet file.wav", "p.patch", "--set", f"sound={target}", *QUICK)
    again, beside = rendered_again(run, tmp_path, said)
    assert again == beside
    assert soundfile.info(tmp_path / "found/p.wav").channels == 2


def test_what_is_set_stays_and_is_written(run: Run, target: str, tmp_path: Path) -> None:
    (tmp_path / "p.patch").write_text(PATCHES["a note"])
    said = run("match", target, "p.patch", "--set", "e.release=70ms", "gate=0.05s..0.3s", *QUICK)
    again, beside = rendered_again(run, tmp_path, said)
    assert again == beside
    assert "release = learn 70 ms" in (tmp_path / "found/p.patch").read_text()


def test_what_no_line_can_say_is_said(run: Run, target: str, tmp_path: Path) -> None:
    text = "patchc 1\n\npatch p {\n  input loudness : control = -20 dB in -80 dB .. 0 dB\n"
    text += "  cell o : pulse { freq = 220 Hz; width = learn 30 %; level = loudness }\n  output main <- o\n}\n"
    (tmp_path / "p.patch").write_text(text)
    said = run("match", target, "p.patch", *QUICK)
    assert said.code == 0
    assert "no option of `patchc render` says `loudness` as it was matched" in said.err

"""`patchc match`: files, exit codes, and that Ctrl-C keeps what was found."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

Run = Callable[..., Any]

PATCH = """patchc 1

use "parts.patch" as parts

patch tone {
  input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
  cell osc : saw { freq = pitch; level = -12 dB }
  cell vcf : parts.filter { in <- osc }
  output main <- vcf
  tap main loss mss
}
"""
PARTS = """patchc 1

patch filter {
  input in : audio
  cell lp : onepole { in <- in; cutoff = learn 300 Hz in 50 Hz .. 8 kHz log }
  output out <- lp
}
"""


@pytest.fixture
def target(tmp_path: Path, run: Run) -> str:
    """The patch itself, with its filter at 2 kHz."""
    (tmp_path / "tone.patch").write_text(PATCH)
    (tmp_path / "parts.patch").write_text(PARTS)
    assert run("render", "tone.patch", "--set", "vcf.lp.cutoff=2kHz", "--seconds", "0.4", "-o", "beep.wav").code == 0
    return "beep.wav"


def test_finds_what_was_set(run: Run, target: str, tmp_path: Path) -> None:
    said = run(
        "match", target, "tone.patch", "--pitch", "A3", "--steps", "40", "--starts", "1", "--json", "-o", "found"
    )
    whole = json.loads(said.out)
    assert said.code == 0
    assert whole["values"]["vcf.lp.cutoff"] == pytest.approx(2000, rel=0.05)
    assert "wrote found/tone.patch, found/tone.wav, found/report.html" in said.err
    assert run("check", "found/tone.patch").code == 0
    assert run("check", "found/parts.patch").code == 0
    assert "<html" in (tmp_path / "found/report.html").read_text()
    found, rate = soundfile.read(tmp_path / "found/tone.wav")
    wanted, _ = soundfile.read(tmp_path / target)
    assert rate == 48_000
    assert np.abs(found[2000:] - wanted[2000:]).max() < 0.05


def test_a_table_of_what_was_found(run: Run, target: str, tmp_path: Path) -> None:
    said = run("match", target, "tone.patch", "--pitch", "A3", "--steps", "2", "--starts", "1", "--budget", "20")
    assert said.code == 0
    assert said.out.startswith("vcf.lp.cutoff  ")
    assert "was 300 Hz" in said.out
    assert (tmp_path / "match-beep/tone.patch").is_file()


def test_tolerance(run: Run, target: str) -> None:
    words = ["match", target, "tone.patch", "--pitch", "220Hz", "--steps", "2", "--starts", "1"]
    assert run(*words, "--tolerance", "1e-9").code == 4
    assert run(*words, "--tolerance", "100").code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["missing.wav", "tone.patch"], 2, "error[P701]"),
        (["tone.patch", "tone.patch"], 2, "error[P702]"),
        (["beep.wav", "tone.patch", "--pitch", "H9"], 2, "error[P806]: `pitch` cannot be `H9`"),
        (["beep.wav", "tone.patch", "--gate", "3Hz"], 2, "error[P806]: `gate` cannot be `3Hz`"),
        (["beep.wav", "missing.patch"], 2, "missing.patch"),
    ],
)
def test_what_cannot_be_matched(words: list[str], code: int, said: str, run: Run, target: str) -> None:
    outcome = run("match", *words)
    assert outcome.code in (code, 1)
    assert said in outcome.err


def test_nothing_to_learn(run: Run, target: str, tmp_path: Path) -> None:
    (tmp_path / "parts.patch").write_text(PARTS.replace("learn ", ""))
    said = run("match", target, "tone.patch")
    assert said.code == 1
    assert "P501" in said.err


def test_a_silent_target(run: Run, target: str, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "still.wav", np.zeros(8000), 16_000)
    said = run("match", "still.wav", "tone.patch")
    assert said.code == 2
    assert "error[P708]: the target `still.wav` is silent" in said.err


def test_an_offset_is_no_sound(run: Run, target: str, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "offset.wav", np.full(8000, 0.5), 16_000)
    said = run("match", "offset.wav", "tone.patch")
    assert said.code == 2
    assert "error[P708]: the target `offset.wav` is a constant offset and nothing else" in said.err
    assert "raise its level" not in said.err


def test_ctrl_c_keeps_the_best_so_far(target: str, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "patchc", "match", target, "tone.patch", "--steps", "100000", "-o", "found"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stderr is not None
    deadline = time.monotonic() + 90
    while "matching" not in process.stderr.readline():
        assert time.monotonic() < deadline
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "the best so far" in err
    assert out.startswith("vcf.lp.cutoff  ")
    assert sorted(path.name for path in (tmp_path / "found").iterdir()) == [
        "parts.patch",
        "report.html",
        "tone.patch",
        "tone.wav",
    ]


PLAYED = """patchc 1

patch v {
  input pitch : control = 110 Hz in 27.5 Hz .. 4.2 kHz log
  input gate : gate
  cell e : adsr { gate <- gate; attack = learn 20 ms; release = learn 100 ms }
  cell o : saw { freq = pitch; level *= e }
  output main <- o * learn -20 dB in -60 dB .. 0 dB
}
"""


def test_the_found_patch_plays_what_was_found(run: Run, tmp_path: Path) -> None:
    (tmp_path / "v.patch").write_text(PLAYED)
    run("render", "v.patch", "--set", "pitch=A3", "gate=0.1s..0.4s", "--seconds", "0.6", "-o", "t.wav")
    said = run("match", "t.wav", "v.patch", "--steps", "2", "--starts", "1", "--budget", "20", "--json", "-o", "found")
    line = json.loads(said.out)["play"].split()
    assert line[:3] == ["patchc", "render", "found/v.patch"]
    text = (tmp_path / "found/v.patch").read_text()
    assert "input pitch : control = A3 in" in text
    assert f"# played with: {' '.join(line[3:])}" in text
    assert f"play it: {' '.join(line)}" in said.err
    assert "level: target " in said.err
    assert run(*line[1:], "-o", "again.wav").code == 0
    one, other = (soundfile.read(tmp_path / name)[0] for name in ("found/v.wav", "again.wav"))
    assert len(one) == len(other)
    assert np.array_equal(one, other)


def test_channels_that_cancel_and_an_offset_are_said(run: Run, target: str, tmp_path: Path) -> None:
    tone = 0.5 * np.sin(2 * np.pi * 220 * np.arange(12_000) / 48_000)
    soundfile.write(tmp_path / "anti.wav", np.stack([tone, -tone], 1), 48_000)
    soundfile.write(tmp_path / "offset.wav", 0.5 * tone + 0.1, 48_000)
    words = ["tone.patch", "--steps", "0", "--starts", "1", "--budget", "10", "-o", "found"]
    anti, offset = run("match", "anti.wav", *words), run("match", "offset.wav", *words)
    assert anti.code == offset.code == 0
    assert "channels cancel each other: channel 1 alone is matched" in anti.err
    assert "constant offset of 0.1" in offset.err

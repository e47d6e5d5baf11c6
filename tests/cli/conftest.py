"""Runs commands: in this process where streams are only text, in one of its own where they matter."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from patchc.cli.main import app

GOOD = """patchc 1

## A tone.
patch tone {
  input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
  input gate  : gate

  cell env : adsr { gate <- gate; attack = learn 5 ms }
  cell osc : saw { freq = pitch; level = learn -6 dB in -40 dB .. 0 dB }
  cell vcf : svf { in <- osc; cutoff = learn 800 Hz in 20 Hz .. 8 kHz log; mode = learn lowpass }
  cell vca : gain { in <- vcf; level *= env }

  output main <- vca

  tap vcf, main loss mss
}
"""
BAD = GOOD.replace("in <- osc;", "in <- osk;")


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Run = Callable[..., Outcome]
Apart = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """`run("check", "voice.patch", stdin="...")`, in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: str, stdin: str = "") -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as stop:
            app([*words])
        out, err = capsys.readouterr()
        return Outcome(int(stop.value.code or 0), out, err)

    return call


@pytest.fixture
def good(tmp_path: Path) -> str:
    """A patch without mistakes in the folder that commands run in."""
    (tmp_path / "tone.patch").write_text(GOOD)
    return "tone.patch"


@pytest.fixture
def bad(tmp_path: Path) -> str:
    """A patch with one mistake."""
    (tmp_path / "bad.patch").write_text(BAD)
    return "bad.patch"


@pytest.fixture
def apart(tmp_path: Path) -> Apart:
    """Runs a command in a process of its own, in the folder of the test, with its streams as bytes."""

    def call(*words: str, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
        environment = {**{k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}, **variables}
        command = [sys.executable, "-m", "patchc", *words]
        return subprocess.run(command, cwd=tmp_path, input=stdin, env=environment, capture_output=True, timeout=120)

    return call

"""Exit codes and what is said with them: usage, findings, bugs, interruption, a reader that went away."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from patchc.cli.commands import explain
from patchc.cli.exits import MEANING

Run = Callable[..., Any]


@pytest.mark.parametrize("code", MEANING)
def test_every_code_is_in_the_help(code: int, run: Run) -> None:
    said = run("--help")
    assert said.code == 0
    assert re.search(rf"^ *{int(code)}  {re.escape(MEANING[code])}$", said.out, re.MULTILINE)  # type: ignore[index]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["chek"], "did you mean `patchc check`?"),
        (["zzzzzzzz"], "`patchc --help`"),
        (["check", "--fromat", "json"], "did you mean `--format`?"),
        (["check", "--format", "jason"], "`patchc check --help`"),
        (["graph"], "`patchc graph --help`"),
        (["explain", "P3O2"], "did you mean `P302`?"),
        (["cells", "svff"], "did you mean `svf`?"),
        (["new", "x.patch", "--kind", "granular"], "`patchc new --help`"),
        (["--color", "pink", "version"], "`patchc --help`"),
    ],
)
def test_usage(words: list[str], hint: str, run: Run) -> None:
    said = run(*words)
    assert (said.code, said.out) == (2, "")
    assert "error[P80" in said.err
    assert hint in said.err
    assert "Traceback" not in said.err


def test_no_words_is_help_on_the_error_stream(run: Run) -> None:
    said = run()
    assert (said.code, said.out) == (2, "")
    assert "Usage: patchc" in said.err


def test_a_bug_is_reported_as_ours(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("the moon is full")

    monkeypatch.setattr(explain, "_listed", broken)
    said = run("explain")
    assert (said.code, said.out) == (3, "")
    assert "error[P901]: internal error: ZeroDivisionError: the moon is full" in said.err
    assert "Traceback" not in said.err
    (path,) = re.findall(r"`([^`]*patchc-bug-[^`]*)`", said.err)
    report = Path(path).read_text(encoding="utf-8")
    Path(path).unlink()
    assert "command: patchc explain" in report
    assert "the moon is full" in report
    assert "python: 3." in report


def test_debug_shows_where_a_bug_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "_listed", lambda _: 1 // 0)
    said = run("explain", "--debug")
    (path,) = re.findall(r"`([^`]*patchc-bug-[^`]*)`", said.err)
    Path(path).unlink()
    assert "Traceback (most recent call last)" in said.err


def test_interruption(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(explain, "_listed", stopped)
    assert run("explain").code == 130


@pytest.mark.parametrize("words", [["explain"], ["new", "-"], ["schema"]], ids=lambda words: words[0])
def test_a_reader_that_goes_away_is_nobodys_fault(words: list[str]) -> None:
    command = [sys.executable, "-m", "patchc", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), said) == (0, b"")


def test_a_place_that_cannot_be_written_is_a_diagnostic(run: Run) -> None:
    said = run("new", "no/such/folder/voice.patch")
    assert said.code == 1
    assert "error[P805]: `no/such/folder/voice.patch` cannot be written" in said.err

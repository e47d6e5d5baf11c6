"""Options that are times and rates: every usual spelling, in every command that has them; what was typed is quoted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import soundfile

from patchc.cli.amounts import amount
from patchc.units.unit import Dimension

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "value"), [("1s", 1.0), ("500ms", 0.5), ("2", 2.0), ("0.5 sec", 0.5), ("1.5S", 1.5), ("1min", 60.0)]
)
def test_times(text: str, value: float) -> None:
    assert amount(Dimension.TIME, 0.001, 3600)(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("44.1k", 44_100), ("44.1kHz", 44_100), ("48000Hz", 48_000), ("48khz", 48_000), ("22050", 22_050), ("8e3", 8000)],
)
def test_rates(text: str, value: int) -> None:
    assert amount(Dimension.FREQUENCY, 1000, 768_000, whole=True)(text) == value


def test_a_render_takes_them(run: Run, good: str, tmp_path: Path) -> None:
    said = run("render", good, "--seconds", "250ms", "--rate", "44.1k", "--control-rate", "1kHz")
    assert said.code == 0
    assert soundfile.info(tmp_path / "tone.wav").samplerate == 44_100
    assert soundfile.info(tmp_path / "tone.wav").frames == 11_025


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["render", "--seconds", "1kHz"], "'--seconds': `1kHz` is no time: write `1.5s`, `500ms` or `2`"),
        (["render", "--seconds", "long"], "`long` is no time"),
        (["render", "--seconds", "0"], "`0` does not lie between its ends, 0.001 s to 3600 s"),
        (["render", "--seconds", "nan"], "`nan` is no time"),
        (["render", "--rate", "44.1ms"], "'--rate': `44.1ms` is no frequency: write `44.1kHz`, `44.1k` or `48000`"),
        (["draw", "--rate", "fast"], "`fast` is no frequency"),
        (["draw", "--seconds", "-1s"], "`-1s` does not lie"),
        (["bench", "--seconds", "1h"], "`1h` is no time"),
        (["plan", "--rate", "10"], "`10` does not lie"),
    ],
)
def test_what_was_typed_is_quoted(run: Run, good: str, words: list[str], said: str) -> None:
    found = run(words[0], good, *words[1:])
    assert found.code == 2
    assert said in found.err


def test_budgets(run: Run, good: str) -> None:
    assert "`soon` is no time" in run("match", "x.wav", good, "--budget", "soon").err
    assert "`soon` is no time" in run("demo", "--budget", "soon").err


def test_an_unknown_example_leaves_no_folder(run: Run, tmp_path: Path) -> None:
    assert run("demo", "--only", "pad", "-o", "page").code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["render", "draw"])
@pytest.mark.parametrize("seed", ["9223372036854775808", "-9223372036854775809", "1.5"])
def test_a_seed_of_more_than_64_bits_is_refused(run: Run, good: str, command: str, seed: str) -> None:
    done = run(command, good, "--seed", seed)
    assert done.code == 2
    assert "--seed" in done.err
    assert "P901" not in done.err

"""Inputs and params that nothing uses: `check` says so, once each, in every spelling, where nothing is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import patchc

Run = Callable[..., Any]

PATCH = """patchc 1

patch voice {
  input pitch    : control = 220 Hz
  input velocity : control = 100 %
  input gate     : gate
  input breath   : audio
  param bright = learn 2 kHz in 200 Hz .. 8 kHz log
  param wave = saw in [saw, square]
  param used = 3

  cell osc : saw { freq = 110 Hz * used }
  output main <- osc
}
"""
NAMES = ("pitch", "velocity", "gate", "breath", "bright", "wave")
SAID = """warning[P425]: nothing uses the control input `pitch`
 --> p.patch:4:9
4 |   input pitch    : control = 220 Hz
  |         ^^^^^ whatever it is given, the sound is the same
  = help: use it, for instance `port = pitch`, or delete its line
"""


@pytest.fixture
def p(tmp_path: Path) -> Path:
    (tmp_path / "p.patch").write_text(PATCH, encoding="utf-8")
    return tmp_path / "p.patch"


def test_each_is_said_once_with_what_to_do(run: Run, p: Path) -> None:
    done = run("check", "p.patch")
    assert (done.code, done.out.count("P425")) == (0, len(NAMES))
    assert done.out.startswith(SAID)
    assert all(f"`{name}`" in done.out for name in NAMES)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("cell o : saw { freq = pitch }", "pitch"),
        ("cell o : saw { freq = 1 Hz; level += velocity * 3 dB }", "velocity"),
        ("cell o : adsr { gate <- gate }", "gate"),
        ("cell o : gain { in <- breath }", "breath"),
        ("cell o : gain { in <- osc when wave is saw }", "wave"),
        ("param twice = bright * 2&cell o : saw { freq = twice }", "bright"),
        ("cell o : inner { pass pitch }", "pitch"),
        ("output side <- breath", "breath"),
    ],
)
def test_every_way_to_use_one_counts(p: Path, line: str, name: str) -> None:
    inner = "\npatch inner { input pitch : control; cell s : saw { freq = pitch }; output out <- s }\n"
    lines = "".join(f"  {one}\n" for one in line.split("&"))
    text = PATCH.replace("  output main", f"{lines}  output main")
    p.write_text(text.replace("\npatch", f"{inner}\npatch", 1) if "inner" in line else text, encoding="utf-8")
    found = [one.message for one in patchc.check(p) if one.code == "P425"]
    assert len(found) == len(NAMES) - 1
    assert not any(f"`{name}`" in message for message in found)


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_documents_say_the_same(run: Run, p: Path, form: str) -> None:
    run("graph", "p.patch", "--format", form, "-o", f"p.{form}")
    assert run("check", f"p.{form}").out.count("P425") == len(NAMES)


def test_where_something_is_wrong_only_that_is_said(p: Path) -> None:
    p.write_text(PATCH.replace("110 Hz", "pich"), encoding="utf-8")
    assert "P425" not in {one.code for one in patchc.check(p)}


def test_playing_says_nothing_of_it(run: Run, p: Path) -> None:
    assert "P425" not in run("render", "p.patch", "--seconds", "10ms", "-o", "x.wav").err


def test_the_examples_use_what_they_declare() -> None:
    folder = Path(__file__).parents[2]
    paths = [*folder.glob("examples/*.patch"), *folder.glob("patchc/cli/starters/*.patch")]
    assert paths
    assert [path.name for path in paths if "P425" in {one.code for one in patchc.check(path)}] == []

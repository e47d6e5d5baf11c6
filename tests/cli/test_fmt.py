"""`patchc fmt`: what it writes, what it leaves alone, what it only shows."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))


@pytest.fixture
def loose(tmp_path: Path, good: str) -> Path:
    """The good patch with its spacing spoilt."""
    path = tmp_path / "loose.patch"
    path.write_text((tmp_path / good).read_text().replace("cell env : adsr {", "cell env:adsr{"))
    return path


def test_rewrites(run: Run, loose: Path, good: str, tmp_path: Path) -> None:
    said = run("fmt", "loose.patch")
    assert (said.code, said.out, said.err) == (0, "", "1 file reformatted\n")
    assert loose.read_text() == (tmp_path / good).read_text()
    assert run("fmt", "loose.patch").err == "1 file left as it was\n"


def test_check_writes_nothing(run: Run, loose: Path, good: str) -> None:
    before = loose.read_text()
    said = run("fmt", "--check", "loose.patch", good)
    assert said.code == 1
    assert said.err == "would reformat loose.patch\n1 file would be reformatted, 1 file left as it was\n"
    assert loose.read_text() == before
    assert run("fmt", "--check", good).code == 0


def test_diff_shows_what_would_change(run: Run, loose: Path, good: str) -> None:
    said = run("fmt", "--diff", "loose.patch", good)
    assert said.code == 1
    assert "-  cell env:adsr{" in said.out
    assert "+  cell env : adsr {" in said.out
    assert "cell env:adsr{" in loose.read_text()
    assert run("fmt", "--diff", good).out == ""


def test_streams(run: Run, loose: Path, good: str, tmp_path: Path) -> None:
    said = run("fmt", "-", stdin=loose.read_text())
    assert (said.code, said.err) == (0, "")
    assert said.out == (tmp_path / good).read_text()


def test_a_file_with_syntax_errors_is_left_alone(run: Run, loose: Path, tmp_path: Path) -> None:
    (tmp_path / "torn.patch").write_text("patchc 1\n\npatch a {\n  cell : : saw\n}\n")
    said = run("fmt", "torn.patch", "loose.patch")
    assert said.code == 1
    assert "error[P1" in said.err
    assert "1 file reformatted" in said.err
    assert "cell : : saw" in (tmp_path / "torn.patch").read_text()


def test_mode_and_links_stay(run: Run, loose: Path, tmp_path: Path) -> None:
    loose.chmod(0o640)
    (tmp_path / "link.patch").symlink_to(loose)
    assert run("fmt", "link.patch").code == 0
    assert (tmp_path / "link.patch").is_symlink()
    assert stat.S_IMODE(os.stat(loose).st_mode) == 0o640
    assert "cell env : adsr {" in loose.read_text()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_layers_are_written_out_and_taken_away(path: Path, run: Run) -> None:
    plain = run("fmt", "--no-layers", "-", stdin=path.read_text()).out.replace('use "rooms.patch"', 'use "rooms.patch"')
    (Path("rooms.patch")).write_text((path.parent / "rooms.patch").read_text())
    layered = run("fmt", "--layers", "-", stdin=plain)
    assert layered.code == 0
    assert "layer layer_1 {" in layered.out
    assert run("check", "-", stdin=layered.out).code == 0
    again = run("fmt", "--no-layers", "-", stdin=layered.out).out
    assert (
        run("graph", "--format", "json", "-", stdin=again).out == run("graph", "--format", "json", "-", stdin=plain).out
    )

"""`patchc check`: which files, in which form, with which exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_a_good_patch(run: Run, good: str) -> None:
    said = run("check", good)
    assert (said.code, said.out, said.err) == (0, "", "no errors in tone.patch\n")


def test_a_bad_patch(run: Run, bad: str) -> None:
    said = run("check", bad)
    assert said.code == 1
    assert said.out.startswith("error[P201]: no cell, input or param called `osk`\n  --> bad.patch:10:")


def test_folders_patterns_and_repeats(run: Run, good: str, bad: str, tmp_path: Path) -> None:
    (tmp_path / "more/deep").mkdir(parents=True)
    (tmp_path / "more/deep/b.patch").write_text((tmp_path / good).read_text())
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden/c.patch").write_text("nonsense")
    assert run("check", ".").err.endswith("1 error in 3 files\n")
    assert run("check").err.endswith("1 error in 3 files\n")
    assert run("check", "*.patch").err.endswith("1 error in 2 files\n")
    assert run("check", "more/**/*.patch", "more", good, good).err == "no errors in 2 files\n"


def test_several_files_are_told_apart(run: Run, bad: str, tmp_path: Path) -> None:
    (tmp_path / "bad2.patch").write_text((tmp_path / bad).read_text())
    said = run("check", "bad.patch", "bad2.patch")
    assert "bad.patch:10:" in said.out
    assert "bad2.patch:10:" in said.out


@pytest.mark.parametrize("path", ["nothing/*.patch", "empty"])
def test_nothing_to_check_is_said(path: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = run("check", path)
    assert said.code == 1
    assert f"error[P803]: no .patch files in `{path}`" in said.out


def test_standard_input(run: Run, tmp_path: Path, good: str, bad: str) -> None:
    assert run("check", "-", stdin=(tmp_path / good).read_text()).code == 0
    said = run("check", "-", stdin=(tmp_path / bad).read_text())
    assert said.code == 1
    assert "--> <stdin>:10:" in said.out


def test_json_is_all_there_is_on_standard_output(run: Run, good: str, bad: str) -> None:
    said = run("check", "--format", "json", good, bad)
    whole = json.loads(said.out)
    assert (said.code, said.err) == (1, "")
    assert whole["counts"] == {"error": 1, "warning": 0, "note": 0}
    assert whole["diagnostics"][0]["code"] == "P201"
    assert whole["diagnostics"][0]["span"]["start"]["line"] == 10


def test_other_forms(run: Run, bad: str) -> None:
    assert run("check", "--format", "github", bad).out.startswith("::error file=bad.patch,line=10,")
    sarif = json.loads(run("check", "--format", "sarif", bad).out)
    assert sarif["runs"][0]["results"][0]["ruleId"] == "P201"


def test_one_patch_of_a_file(run: Run, tmp_path: Path) -> None:
    text = "patchc 1\n\npatch a {\n  cell x : saw { freq = nope }\n  output main <- x\n}\n\n"
    (tmp_path / "two.patch").write_text(text + "patch b {\n  cell x : saw { }\n  output main <- x\n}\n")
    assert run("check", "two.patch").code == 1
    assert run("check", "two.patch", "--patch", "b").code == 0
    assert run("check", "two.patch", "--patch", "a").code == 1
    said = run("check", "two.patch", "--patch", "c")
    assert said.code == 1
    assert "its patches are a, b" in said.out


def test_the_number_of_cells_is_bounded(run: Run, tmp_path: Path) -> None:
    body = "for k in 1 .. 50 { cell a[k] : saw { } }\n  output main <- a[*]"
    (tmp_path / "many.patch").write_text(f"patchc 1\n\npatch many {{\n  {body}\n}}\n")
    assert run("check", "many.patch").code == 0
    said = run("check", "many.patch", "--max-cells", "49")
    assert said.code == 1
    assert "error[P210]" in said.out


def test_grad_names_what_no_gradient_reaches(run: Run, tmp_path: Path) -> None:
    text = """patchc 1

patch tone {
  cell env : lfo { rate = learn 5 Hz }
  cell osc : sine { freq = 220 Hz; level = learn -6 dB }
  output main <- osc
  tap env, osc loss mss
}
"""
    (tmp_path / "a.patch").write_text(text.replace("tap env, osc", "tap osc").replace("cell env", "cell deaf"))
    said = run("check", "--grad", "a.patch")
    assert "P507" in said.out
    assert "`deaf.rate`" in said.out
    assert "osc.level" not in said.out

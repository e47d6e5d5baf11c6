"""The commands that look inside a patch, or something up, and the one that writes a first patch."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from patchc.cells.registry import cell_names
from patchc.source.explain import all_codes

Run = Callable[..., Any]

FORMS = {
    "text": "vcf",
    "mermaid": "flowchart",
    "dot": "digraph",
    "svg": "<svg",
    "json": '"layers"',
    "yaml": "layers:",
    "patch": "patchc 1",
}


@pytest.mark.parametrize("form", FORMS)
def test_graph(form: str, run: Run, good: str, tmp_path: Path) -> None:
    said = run("graph", "--format", form, good)
    assert (said.code, said.err) == (0, "")
    assert FORMS[form] in said.out
    assert run("graph", "--format", form, good, "-o", "out.txt").out == ""
    assert (tmp_path / "out.txt").read_text() == said.out


def test_grid(run: Run, good: str) -> None:
    said = run("graph", "--grid", good)
    assert said.code == 0
    assert "vcf" in said.out


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_graph_is_read_back(form: str, run: Run, good: str, tmp_path: Path) -> None:
    (tmp_path / f"tone.{form}").write_text(run("graph", "--format", form, good).out)
    assert run("graph", f"tone.{form}").out == run("graph", good).out


@pytest.mark.parametrize("command", ["graph", "plan", "render", "draw", "bench"])
def test_a_patch_with_mistakes_is_said_on_the_error_stream(command: str, run: Run, bad: str) -> None:
    said = run(command, bad)
    assert (said.code, said.out) == (1, "")
    assert "error[P201]" in said.err


def test_tokens(run: Run, good: str) -> None:
    said = run("tokens", good)
    assert (said.code, said.err) == (0, "")
    assert "NAME(tone)" in said.out


def test_tree_of_a_torn_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "torn.patch").write_text("patchc 1\n\npatch a {\n  cell : : saw\n  cell b : saw { }\n}\n")
    said = run("tree", "torn.patch")
    assert said.code == 1
    assert "name=b" in said.out
    assert "error[P1" in said.err


def test_plan(run: Run, good: str) -> None:
    said = run("plan", good)
    assert (said.code, said.err) == (0, "")
    assert "vcf.cutoff" in said.out


def test_cells(run: Run) -> None:
    assert [line.split()[0] for line in run("cells").out.splitlines()] == list(cell_names())
    assert "cutoff" in run("cells", "svf").out
    whole = json.loads(run("cells", "--json").out)
    assert [cell["name"] for cell in whole["cells"]] == list(cell_names())
    assert len(json.loads(run("cells", "svf", "--json").out)["cells"]) == 1


def test_explain(run: Run) -> None:
    listed = run("explain").out
    assert [code for code in all_codes() if f"  {code}  " not in listed] == []
    page = run("explain", "P302").out
    assert page.startswith("P302: ")
    assert run("explain", "p302").out == run("explain", "302").out == page
    assert [entry["code"] for entry in json.loads(run("explain", "--json").out)["codes"]] == list(all_codes())


def test_schema_describes_graphs(run: Run, good: str) -> None:
    schema = json.loads(run("schema").out)
    graph = json.loads(run("graph", "--format", "json", good).out)
    assert set(graph) <= set(schema["properties"])
    assert "span" not in schema["properties"]


def test_version(run: Run) -> None:
    assert run("--version").out.startswith("patchc ")
    assert "python 3." in run("version").out
    assert set(json.loads(run("version", "--json").out)["versions"]) >= {"patchc", "torch", "python"}


@pytest.mark.parametrize("kind", ["subtractive", "fm", "additive"])
def test_new_patches_are_good_and_formatted(kind: str, run: Run, tmp_path: Path) -> None:
    said = run("new", "My voice-2.patch", "--kind", kind)
    assert (said.code, said.out) == (0, "")
    assert "patch My_voice_2 {" in (tmp_path / "My voice-2.patch").read_text()
    assert run("check", "My voice-2.patch").err == "no errors in My voice-2.patch\n"
    assert run("fmt", "--check", "My voice-2.patch").code == 0


def test_new_overwrites_nothing(run: Run, tmp_path: Path, good: str) -> None:
    before = (tmp_path / good).read_text()
    said = run("new", good)
    assert said.code == 2
    assert "error[P804]" in said.err
    assert (tmp_path / good).read_text() == before


def test_new_to_standard_output(run: Run) -> None:
    assert "patch voice {" in run("new", "-").out

"""The three spellings of a patch are read alike by every face: `check`, `load`, the commands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import patchc
from patchc.cli.checking import CheckOptions, findings
from patchc.graph.load import load_graph
from patchc.graph.model import Graph
from patchc.graph.write import to_json, to_yaml
from patchc.source.text import Source

EXAMPLE = Path(__file__).parents[2] / "examples/wobble.patch"
SPELLINGS: dict[str, Callable[[Graph], str]] = {"json": to_json, "yaml": to_yaml, "YML": to_yaml}


@pytest.fixture(params=SPELLINGS)
def document(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    graph, _ = load_graph(Source(str(EXAMPLE), EXAMPLE.read_text("utf-8")))
    assert graph is not None
    path = tmp_path / f"wobble.{request.param}"
    path.write_text(SPELLINGS[request.param](graph), encoding="utf-8")
    return path


def test_a_right_document_is_clean_everywhere(document: Path) -> None:
    assert patchc.check(document) == []
    assert findings([str(document)], CheckOptions()) == ([str(document)], [])
    assert findings([str(document)], CheckOptions(grad=True))[1] == []
    assert patchc.load(document, sample_rate=8_000).graph.name == "wobble"


def test_a_wrong_document_is_wrong_everywhere(document: Path) -> None:
    text = document.read_text("utf-8")
    at = text.rindex("osc")
    document.write_text(text[:at] + "oscc" + text[at + 3 :], encoding="utf-8")
    said = [d.code for d in patchc.check(document)]
    assert said == ["P201"]
    assert [d.code for d in findings([str(document)], CheckOptions())[1]] == said
    with pytest.raises(patchc.PatchError) as caught:
        patchc.load(document)
    assert [d.code for d in caught.value.diagnostics] == said


@pytest.mark.parametrize("command", ["fmt", "tree", "tokens"])
def test_what_reads_text_refuses_data(document: Path, command: str) -> None:
    before = document.read_text("utf-8")
    done = subprocess.run([sys.executable, "-m", "patchc", command, str(document)], capture_output=True, text=True)
    assert done.returncode in (1, 2)
    assert "patchc graph --format patch" in done.stderr
    assert document.read_text("utf-8") == before


def test_a_named_pipe_is_said_and_the_other_files_are_checked(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.patch")
    (tmp_path / "b.patch").write_text("patchc 1\n\npatch p {\n}\n", encoding="utf-8")
    names, found = findings([str(tmp_path)], CheckOptions())
    assert len(names) == 2
    assert found[0].code == "P009"
    assert "a named pipe" in found[0].message
    assert {d.code for d in found[1:]} == {"P216"}

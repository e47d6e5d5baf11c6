"""`patchc demo`: one small example, everything on its page, and failures that are not hidden."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from patchc.cli.demo import run as demo_run
from patchc.cli.demo.matching import MATCHES
from patchc.cli.examples import examples_folder
from patchc.graph.load import load_graph
from patchc.source.text import Source

Run = Callable[..., Any]


class Page(HTMLParser):
    """Collects what a page points at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.files: set[str] = set()
        self.links: set[str] = set()
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids.add(found.get("id", ""))
        if tag == "img":
            self.files.add(found["src"])
        if "data-sound" in found:
            self.files.add(found["data-sound"])
        if tag == "a":
            self.links.add(found["href"].removeprefix("#"))


def test_one_example(run: Run, tmp_path: Path) -> None:
    said = run("demo", "--only", "kick", "-o", "page")
    assert said.code == 0, said.err
    assert "1 examples, 8 cells, 0 matches" in said.err
    text = (tmp_path / "page/index.html").read_text()
    page = Page(text)
    graph, _ = load_graph(Source("kick.patch", (examples_folder() / "kick.patch").read_text()))
    assert graph is not None
    assert [cell.name for cell in graph.cells if f"<b>{cell.name}</b>" not in text] == []
    assert {f"kick/{name}.flac" for name in ("output", "body", "click", "driven")} <= page.files
    assert [name for name in page.files if not (tmp_path / "page" / name).stat().st_size] == []
    assert page.links <= page.ids
    assert "<svg xmlns" in text
    assert "http://" not in re.sub(r'xmlns="[^"]*"', "", text)


def test_every_match_names_files_that_exist() -> None:
    home = examples_folder()
    assert [one.id for one in MATCHES if not (home / "targets" / one.file).is_file()] == []
    assert [one.id for one in MATCHES if not (home / one.patch_file).is_file()] == []


def test_an_example_with_a_mistake_is_shown_and_counted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "examples"
    home.mkdir()
    shutil.copy(examples_folder() / "kick.patch", home / "kick.patch")
    (home / "bad.patch").write_text("patchc 1\n\npatch bad {\n  cell a : sawe { }\n  output main <- a\n}\n")
    monkeypatch.setattr(demo_run, "examples_folder", lambda: home)
    monkeypatch.setattr(demo_run, "MATCHES", ())
    said = run("demo", "-o", "page")
    assert said.code == 1
    assert "1 could not be shown: bad" in said.err
    text = (tmp_path / "page/index.html").read_text()
    assert "error[P202]" in text
    assert 'id="kick"' in text


def test_an_unknown_example(run: Run) -> None:
    said = run("demo", "--only", "kik")
    assert said.code == 2
    assert "did you mean `kick`?" in said.err

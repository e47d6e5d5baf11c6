"""The documents are run: patches are checked, Python executed, commands tried, and every named path exists."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from patchc.graph.load import check_source
from patchc.source.diagnostic import has_errors
from patchc.source.text import Source

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
GENERATED = {"codes.md", "cells.md", "cli.md"}
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)(?:#([\w-]+))?\)")
NAMED_PATH = re.compile(r"`((?:patchc|tests|docs|examples|benchmarks|grammar|tools)/[\w./-]*\w)/?`")


class Block(NamedTuple):
    page: Path
    line: int
    language: str
    options: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(*languages: str) -> list[Block]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in FENCE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Block(page, line, match[1], match[2].strip(), match[3]))
    return [block for block in found if block.language in languages and block.page.name not in GENERATED]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds the examples, as a reader of the documents would have them."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


@pytest.mark.parametrize("block", blocks("patch"), ids=str)
def test_patches_check(block: Block) -> None:
    diagnostics = check_source(Source(str(block), block.text))
    assert not has_errors(diagnostics), [d.message for d in diagnostics]


@pytest.mark.parametrize("page", [p for p in PAGES if p.name not in GENERATED], ids=lambda p: p.name)
def test_python_runs(page: Path, workplace: Path) -> None:
    """The Python blocks of a page run one after another in one namespace."""
    space: dict[str, object] = {"__name__": page.stem}
    for block in blocks("python"):
        if block.page == page and "no-run" not in block.options:
            exec(compile("\n" * block.line + block.text, str(page), "exec"), space)


@pytest.mark.parametrize("block", blocks("console"), ids=str)
def test_commands_run(block: Block, workplace: Path) -> None:
    """Every line that begins with `$ patchc` ends with exit code 0, or with the one in `console exit=1`."""
    expected = int(found[1]) if (found := re.search(r"exit=(\d+)", block.options)) else 0
    for line in block.text.splitlines():
        if line.startswith("$ patchc "):
            done = subprocess.run([sys.executable, "-m", *shlex.split(line[2:])], capture_output=True, text=True)
            assert done.returncode == expected, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_named_paths_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    missing = [path for path in NAMED_PATH.findall(text) if not (ROOT / path).exists()]
    missing += [path for path, _ in LINK.findall(text) if not (page.parent / path).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_into_pages_arrive(page: Path) -> None:
    lost = []
    for path, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        if anchor and (target := page.parent / path).exists():
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.M)
            anchors = {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
            anchors |= set(re.findall(r'id="([\w-]+)"', target.read_text(encoding="utf-8")))
            if anchor not in anchors:
                lost.append(f"{path}#{anchor}")
    assert lost == []

"""`use`: files beside each other, each read once, none from outside, none in a circle."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from patchc.graph.load import check_source, load_graph
from patchc.source.text import Source

PART = "patchc 1\npatch part {\n cell o : saw\n output out <- o\n}\n"
MAIN = 'patchc 1\nuse "{path}" as p\npatch main {{\n cell a : p.part\n output m <- a\n}}\n'


def write(folder: Path, name: str, text: str) -> Source:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return Source(str(path), text)


def codes(source: Source, root: Path | None = None) -> list[str]:
    return [d.code for d in check_source(source, root)]


def test_a_patch_of_another_file_is_a_cell_type(tmp_path: Path) -> None:
    write(tmp_path, "sub/part.patch", PART)
    graph, diagnostics = load_graph(write(tmp_path, "main.patch", MAIN.format(path="sub/part.patch")))
    assert diagnostics == []
    assert graph is not None
    assert [cell.name for cell in graph.cells] == ["a.o"]


def test_paths_are_relative_to_the_file_that_uses(tmp_path: Path) -> None:
    write(tmp_path, "sub/deep/part.patch", PART)
    write(tmp_path, "sub/mid.patch", MAIN.format(path="deep/part.patch").replace("patch main", "patch part"))
    assert codes(write(tmp_path, "main.patch", MAIN.format(path="sub/mid.patch"))) == []


def test_a_mistake_in_a_used_file_is_said_there(tmp_path: Path) -> None:
    write(tmp_path, "part.patch", PART.replace("saw", "sow"))
    found = check_source(write(tmp_path, "main.patch", MAIN.format(path="part.patch")))
    assert [(d.code, d.span.source.name) for d in found if d.span] == [("P202", str(tmp_path / "part.patch"))]


@pytest.mark.parametrize(
    "path", ["../part.patch", "/etc/passwd", "sub/../../part.patch", "link.patch", "dir/part.patch"]
)
def test_nothing_outside_is_read(tmp_path: Path, path: str) -> None:
    write(tmp_path, "part.patch", PART)
    home = tmp_path / "home"
    source = write(home, "main.patch", MAIN.format(path=path))
    (home / "sub").mkdir()
    os.symlink(tmp_path / "part.patch", home / "link.patch")
    os.symlink(tmp_path, home / "dir")
    assert codes(source) == ["P225"]
    if path == "../part.patch":
        assert codes(source, root=tmp_path) == []


@pytest.mark.parametrize("path", ["gone.patch", "a\u0000b", "x" * 5000, "sub"])
def test_what_is_no_file_is_said_at_the_use(tmp_path: Path, path: str) -> None:
    (tmp_path / "sub").mkdir()
    found = check_source(write(tmp_path, "main.patch", MAIN.format(path=path)))
    assert [d.code for d in found] in (["P224"], ["P006"])
    assert found[0].span is not None
    assert found[0].span.line == 2


def test_circles_are_named_and_cut(tmp_path: Path) -> None:
    write(tmp_path, "b.patch", MAIN.format(path="c.patch").replace("patch main", "patch part"))
    write(tmp_path, "c.patch", MAIN.format(path="a.patch").replace("patch main", "patch part"))
    found = check_source(write(tmp_path, "a.patch", MAIN.format(path="b.patch")))
    assert [(d.code, d.message) for d in found] == [
        ("P226", "these files use each other in a circle: a.patch -> b.patch -> c.patch -> a.patch")
    ]


def test_a_file_used_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import patchc.graph.imports as imports

    read: list[Path] = []
    real = imports.read_source
    monkeypatch.setattr(imports, "read_source", lambda path: (read.append(path), real(path))[1])
    write(tmp_path, "part.patch", PART)
    text = MAIN.format(path="part.patch").replace("\npatch", '\nuse "./part.patch" as q\npatch', 1)
    text = text.replace("cell a : p.part", "cell a : p.part\n cell b : q.part").replace("m <- a", "m <- a, b")
    assert codes(write(tmp_path, "main.patch", text)) == []
    assert len(read) == 1


def test_what_a_used_file_uses_is_not_handed_on(tmp_path: Path) -> None:
    write(tmp_path, "part.patch", PART)
    write(tmp_path, "mid.patch", MAIN.format(path="part.patch").replace("patch main", "patch mid"))
    assert codes(write(tmp_path, "main.patch", MAIN.format(path="mid.patch"))) == ["P208"]


def test_a_missing_file_makes_no_unknown_types(tmp_path: Path) -> None:
    assert codes(write(tmp_path, "main.patch", MAIN.format(path="gone.patch"))) == ["P224"]

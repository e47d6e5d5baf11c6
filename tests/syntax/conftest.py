"""What the tests of this folder share: the examples, and short ways to parse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from patchc.source.text import Source
from patchc.syntax import tree
from patchc.syntax.parser import parse

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def examples() -> dict[str, str]:
    """The text of every example, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*.patch"))}


@pytest.fixture(scope="session")
def good() -> Callable[[str], tree.File]:
    """Parses a text that must have no mistakes."""

    def read(text: str) -> tree.File:
        file, found = parse(Source("test.patch", text))
        assert found == []
        return file

    return read


@pytest.fixture(scope="session")
def in_patch(good: Callable[[str], tree.File]) -> Callable[[str], tuple[tree.Stmt, ...]]:
    """The statements of a patch that holds `text`."""

    def read(text: str) -> tuple[tree.Stmt, ...]:
        patch = good(f"patchc 1\npatch p {{\n{text}\n}}\n").items[0]
        assert isinstance(patch, tree.Patch)
        return patch.body

    return read


@pytest.fixture(scope="session")
def in_cell(in_patch: Callable[[str], tuple[tree.Stmt, ...]]) -> Callable[[str], tuple[tree.Bind, ...]]:
    """The binds of a cell that holds `text`."""

    def read(text: str) -> tuple[tree.Bind, ...]:
        (cell,) = in_patch(f"cell c : t {{\n{text}\n}}")
        assert isinstance(cell, tree.Cell)
        return cell.binds

    return read

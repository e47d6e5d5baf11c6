"""The generated pages in docs/ are what the program says now."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("patchc_references", ROOT / "tools/references.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", ["docs/codes.md", "docs/cells.md", "docs/cli.md", "docs/pictures/subtractive.svg"])
def test_fresh(path: str) -> None:
    made = generator().pages()[path]
    assert (ROOT / path).read_text(encoding="utf-8") == made, "stale: run `python tools/references.py`"

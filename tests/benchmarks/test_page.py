"""benchmarks/README.md says what benchmarks/results say."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_the_page_is_made_from_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    assert (BENCHMARKS / "README.md").read_text(encoding="utf-8") == import_module("page").page()


@pytest.mark.parametrize("path", sorted((BENCHMARKS / "results").glob("*.json")), ids=lambda path: path.stem)
def test_results_hold_no_place_of_one_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    json.loads(text)
    assert "/home/" not in text
    assert str(BENCHMARKS.parent) not in text

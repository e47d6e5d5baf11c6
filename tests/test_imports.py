"""House rules: the front end and the command line start without torch, files say what they are and stay short."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FRONT_END = [
    "patchc",
    "patchc.syntax.parser",
    "patchc.graph.load",
    "patchc.graph.write",
    "patchc.compiler.plan",
    "patchc.cli.main",
]


@pytest.mark.parametrize("module", FRONT_END)
def test_loads_without_torch(module: str) -> None:
    code = f"import sys, {module}; print([m for m in ('torch', 'numpy', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def package_files() -> list[Path]:
    return sorted((ROOT / "patchc").rglob("*.py"))


def test_every_file_begins_with_a_sentence() -> None:
    speechless = [
        path for path in package_files() if not re.match(r'"""\S.*[.:;,\w`)]', path.read_text(encoding="utf-8"))
    ]
    assert speechless == []


def test_files_stay_short() -> None:
    assert [path for path in package_files() if len(path.read_text(encoding="utf-8").splitlines()) > 350] == []

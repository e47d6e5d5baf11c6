"""Where the example patches are: beside the package in its source tree, or inside it when it was installed."""

from __future__ import annotations

from pathlib import Path


def examples_folder() -> Path:
    """The folder with the examples and, in `targets/`, the recordings."""
    package = Path(__file__).resolve().parents[1]
    beside = package.parent / "examples"
    return beside if (package.parent / "grammar").is_dir() and beside.is_dir() else package / "examples"

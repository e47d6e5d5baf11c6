"""Which versions of patchc and of what it stands on are at work; none of them is imported to find out."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("patchc", "torch", "numpy", "lark", "pydantic", "typer", "soundfile")


def versions() -> dict[str, str]:
    """Name and version of each, and of Python."""
    return {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "from a source tree" if name == "patchc" else "not installed"

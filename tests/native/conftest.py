"""Compilers and caches of one test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from patchc.native import kernel_cache
from patchc.native.toolchain import find_compiler

Fake = Callable[[str], Path]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that libraries are kept in, empty; so is the one that serves in its place."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setattr(kernel_cache, "private", lambda: private)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "patchc" / "kernels"


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Makes a shell script the compiler; `$real` in it is the machine's."""

    def made(script: str) -> Path:
        monkeypatch.delenv("CXX", raising=False)
        path = tmp_path / "fake-c++"
        path.write_text(f"#!/bin/sh\nreal={find_compiler().path}\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("CXX", str(path))
        return path

    return made

"""Shared libraries out of C++ text, built once and kept on disk under a name that says all they depend on."""

from __future__ import annotations

import ctypes
import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

from patchc.native.toolchain import FLAGS, CompileError, find_compiler, machine
from patchc.syntax.grammar import cache_folder

HERE = Path(__file__).parent
ABI = "1"
"""Part of every name in the cache; raised when what a library is called with changes."""


@cache
def header(name: str) -> str:
    """The text of a header of this folder; sources carry it within, so that a library depends on its text alone."""
    return (HERE / name).read_text()


def load(source: str) -> ctypes.CDLL:
    """The library of a C++ text, from the cache or built now. Raises `CompileError`.

    Two processes may build the same one at once: each writes a file of its own and renames it. What cannot be loaded
    (a file cut short) is built again. A folder that cannot be written to is replaced by one that lasts as long as the
    process.
    """
    name = f"{digest(source)}.so"
    for folder in _folders():
        path = folder / name
        if path.exists() and (library := _opened(path)) is not None:
            return library
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return _built(source, folder / name)
        except OSError:
            continue
    raise CompileError("no folder to build in: neither the cache nor the one for temporary files can be written to")


def is_cached(source: str) -> bool:
    """Whether `load` would find it built."""
    return any((folder / f"{digest(source)}.so").exists() for folder in _folders())


def digest(source: str) -> str:
    """The name of a source's library: a hash of its text, the compiler, its flags, the machine and the interface."""
    parts = (ABI, source, *FLAGS, find_compiler().identity, machine())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _folders() -> list[Path]:
    """Where libraries are kept, and where they go if that is not to be."""
    try:
        return [cache_folder() / "kernels", _own_folder()]
    except RuntimeError:  # no home
        return [_own_folder()]


@cache
def _own_folder() -> Path:
    """A folder nobody else can write to: what lies in a cache is run."""
    return Path(tempfile.mkdtemp(prefix="patchc-"))


def _opened(path: Path) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(str(path))
    except OSError:
        return None


def _built(source: str, target: Path) -> ctypes.CDLL:
    """Built beside `target` and renamed: whoever is stopped half-way leaves nothing that looks whole."""
    handle, text = tempfile.mkstemp(suffix=".cpp", dir=target.parent)
    partial = Path(f"{text}.so")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(source)
        find_compiler().build(Path(text), partial)
        os.replace(partial, target)
        return ctypes.CDLL(str(target))
    finally:
        Path(text).unlink(missing_ok=True)
        partial.unlink(missing_ok=True)

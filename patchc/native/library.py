"""Shared libraries out of C++ text, built once and kept on disk under a name that says all they depend on."""

from __future__ import annotations

import ctypes
import hashlib
import os
from contextlib import suppress
from functools import cache
from pathlib import Path

from patchc.native.shelf import is_own, shelves, tidy, workplace
from patchc.native.toolchain import FLAGS, CompileError, extra_flags, find_compiler, machine

HERE = Path(__file__).parent
ABI = "2"
"""Part of every name in the cache; raised when what a library is called with changes."""


@cache
def header(name: str) -> str:
    """The text of a header of this folder; sources carry it within, so that a library depends on its text alone."""
    return (HERE / name).read_text()


def load(source: str) -> ctypes.CDLL:
    """The library of a C++ text, from the cache or built now. Raises `CompileError`.

    Two processes may build the same one at once: each builds in a folder of its own and moves what is whole. What is
    damaged, or could be somebody else's, is built again. Where the cache cannot be used, a folder serves that lasts as
    long as the process.
    """
    name = digest(source)
    for folder in shelves():
        library = _found(folder, name)
        if library is not None:
            return library
    for folder in shelves():
        with suppress(OSError):  # a full disk, or one that nothing may be run from
            return _built(source, folder, name)
    raise CompileError("no folder to build in: neither the cache nor the one for temporary files can be used")


def is_cached(source: str) -> bool:
    """Whether `load` would find it built."""
    return any(_kept(folder, digest(source)) for folder in shelves())


def digest(source: str) -> str:
    """The name of a source's library: a hash of its text, the compiler, its flags, the machine and the interface."""
    parts = (ABI, source, *FLAGS, *extra_flags(), find_compiler().identity, machine())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _kept(folder: Path, name: str) -> list[Path]:
    return list(folder.glob(f"{name}.*.so"))


def _found(folder: Path, name: str) -> ctypes.CDLL | None:
    """The library as it was built: a file that was cut short would end the process when it is run."""
    for path in _kept(folder, name):
        with suppress(OSError):
            if is_own(path) and _sum(path) == path.suffixes[-2][1:]:
                library = ctypes.CDLL(str(path))
                os.utime(path)  # libraries that are used are kept
                return library
    return None


def _sum(path: Path) -> str:
    """A hash of a file, part of its name."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _built(source: str, folder: Path, name: str) -> ctypes.CDLL:
    with workplace(folder) as place:
        text, partial = place / "kernel.cpp", place / "kernel.so"
        text.write_text(source)
        find_compiler().build(text, partial)
        partial.chmod(0o700)
        target = folder / f"{name}.{_sum(partial)}.so"
        os.replace(partial, target)
    tidy(folder)
    return ctypes.CDLL(str(target))

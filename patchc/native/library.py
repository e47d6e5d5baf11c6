"""Shared libraries out of C++ text, built once and kept on disk under a name that says all they depend on."""

from __future__ import annotations

import ctypes
import hashlib
import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Protocol

from patchc.native.kernel_cache import cache_folders, is_own, tidy, workplace
from patchc.native.toolchain import CompileError, find_compiler

HERE = Path(__file__).parent
ABI = "2"
"""Part of every name in the cache; raised when what a library is called with changes."""


class Builder(Protocol):
    """What makes libraries out of texts."""

    @property
    def suffix(self) -> str:
        """What the name of a text ends with."""

    @property
    def parts(self) -> tuple[str, ...]:
        """All that a library depends on besides its text."""

    def build(self, source: Path, target: Path) -> None:
        """Makes the library `target`. Raises `CompileError`."""


@cache
def header(name: str) -> str:
    """The text of a header of this folder; sources carry it within, so that a library depends on its text alone."""
    return (HERE / name).read_text()


def load(source: str, builder: Builder | None = None) -> ctypes.CDLL:
    """The library of a C++ text, or of one for `builder`, from the cache or built now. Raises `CompileError`.

    Two processes may build the same one at once: each builds in a folder of its own and moves what is whole. What is
    damaged, or could be somebody else's, is built again. Where the cache cannot be used, a folder serves that lasts as
    long as the process.
    """
    builder = builder or find_compiler()
    name = digest(source, builder)
    for folder in cache_folders():
        library = _found(folder, name)
        if library is not None:
            return library
    for folder in cache_folders():
        with suppress(OSError):  # a full disk, or one that nothing may be run from
            return _built(source, folder, name, builder)
    raise CompileError("no folder to build in: neither the cache nor the one for temporary files can be used")


def is_cached(source: str) -> bool:
    """Whether `load` would find it built."""
    return any(_kept(folder, digest(source)) for folder in cache_folders())


def digest(source: str, builder: Builder | None = None) -> str:
    """The name of a source's library: a hash of its text, the compiler, its flags, the machine and the interface."""
    parts = (ABI, source, *(builder or find_compiler()).parts)
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


def _built(source: str, folder: Path, name: str, builder: Builder) -> ctypes.CDLL:
    with workplace(folder) as place:
        text, partial = place / f"kernel{builder.suffix}", place / "kernel.so"
        text.write_text(source)
        builder.build(text, partial)
        partial.chmod(0o700)
        target = folder / f"{name}.{_sum(partial)}.so"
        os.replace(partial, target)
    tidy(folder)
    return ctypes.CDLL(str(target))

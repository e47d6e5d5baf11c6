"""Folders that libraries are kept in: this user's alone, since what lies there is run, and never too full."""

from __future__ import annotations

import atexit
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from patchc.syntax.grammar import cache_folder

MOST = 500
"""Libraries that a folder may hold."""

LARGEST = 512 * 2**20
"""Bytes that they may take together."""

STALE = 3600.0
"""Seconds after which nobody is still building in a folder: whoever did was stopped."""

BUILDING = "building-"


def cache_folders() -> Iterator[Path]:
    """Folders that only this user can write to: the cache, and one that lasts as long as the process."""
    with suppress(OSError, RuntimeError):  # no home, or none to write to
        kept = cache_folder() / "kernels"
        kept.mkdir(parents=True, exist_ok=True, mode=0o700)
        if is_own(kept) and os.access(kept, os.W_OK | os.X_OK):
            yield kept
    with suppress(OSError):
        yield private()


def is_own(path: Path) -> bool:
    """Whether `path` belongs to this user and nobody else may write to it."""
    found = path.lstat()
    return not stat.S_ISLNK(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


@cache
def private() -> Path:
    """A folder of this process's own."""
    folder = Path(tempfile.mkdtemp(prefix="patchc-"))
    atexit.register(_remove, folder, os.getpid())
    return folder


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # and not a fork of it
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """A folder within `folder` to build in; whoever is stopped half-way leaves nothing that looks whole."""
    place = Path(tempfile.mkdtemp(prefix=BUILDING, dir=folder))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def tidy(folder: Path) -> None:
    """Removes the libraries that were used longest ago, if there are too many, and what stopped builds have left.

    Others may do the same at the same time, or be using what is removed: a library that is loaded stays loaded.
    """
    libraries: list[tuple[float, int, Path]] = []
    now = time.time()
    for path in folder.iterdir():
        with suppress(OSError):
            found = path.stat()
            if path.suffix == ".so":
                libraries.append((found.st_mtime, found.st_size, path))
            elif path.name.startswith(BUILDING) and now - found.st_mtime > STALE:
                shutil.rmtree(path, ignore_errors=True)
    libraries.sort(reverse=True)
    total = 0
    for number, (_, size, path) in enumerate(libraries):
        total += size
        if number >= MOST or total > LARGEST:
            with suppress(OSError):
                path.unlink()

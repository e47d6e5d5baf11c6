"""The machine's C++ compiler: where it is, what it is asked for, and what is said when there is none."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NAMES = ("c++", "g++", "clang++")
FLAGS = (
    "-std=c++17",
    "-O2",
    "-fPIC",
    "-shared",
    "-pthread",
    "-ffp-contract=fast",  # one rounding for a product and a sum
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fno-signed-zeros",
    "-fno-exceptions",
    "-fno-rtti",
    "-w",
)
TUNINGS = (("-march=native",), ("-mcpu=native",), ())
"""Tried in this order: a compiler, or one for this machine, may not know the first."""

PATIENCE = 120.0
"""Seconds that one compilation may take."""


class CompileError(Exception):
    """No library could be built; the message says why, and what to do."""


@dataclass(frozen=True)
class Compiler:
    """A compiler by its path. `CXX` in the environment is used before the usual names."""

    path: str

    @property
    def identity(self) -> str:
        """What tells this compiler from another one, without running it."""
        found = Path(self.path).resolve()
        try:
            stat = found.stat()
        except OSError:
            return self.path
        return f"{found} {stat.st_size} {stat.st_mtime_ns}"

    def build(self, source: Path, target: Path, extra: Sequence[str] = ()) -> None:
        """Makes the shared library `target`. Raises `CompileError` with what the compiler said."""
        said = ""
        for tuning in TUNINGS:
            command = [self.path, *FLAGS, *tuning, *extra, str(source), "-o", str(target)]
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
            except (OSError, subprocess.TimeoutExpired) as error:
                raise CompileError(f"{self.path} did not finish: {error}") from error
            if done.returncode == 0:
                return
            said = said or done.stderr
        raise CompileError(f"{self.path} refused the kernel: {_first_error(said)}")


def _first_error(said: str) -> str:
    lines = [line for line in said.splitlines() if "error" in line] or said.splitlines() or ["no reason given"]
    return lines[0][:300]


@cache
def find_compiler() -> Compiler:
    """The compiler of this machine. Raises `CompileError` if there is none."""
    asked = os.environ.get("CXX")
    for name in [asked] if asked else NAMES:
        path = shutil.which(name)
        if path is not None:
            return Compiler(path)
    wanted = f"`{asked}` (from CXX)" if asked else ", ".join(NAMES)
    raise CompileError(f"no C++ compiler in the path: looked for {wanted}")


@cache
def machine() -> str:
    """What `-march=native` depends on, as a short hash: a cache may be shared between machines."""
    flags = ""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith(("flags", "Features")):
                flags = line
                break
    except OSError:
        flags = platform.processor()
    return hashlib.sha256(f"{platform.machine()} {platform.system()} {flags}".encode()).hexdigest()[:12]

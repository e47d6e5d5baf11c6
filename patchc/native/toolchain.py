"""The machine's C++ compiler: where it is, what it is asked for, and what is said when there is none."""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import shutil
import signal
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NAMES = ("c++", "g++", "clang++")
FLAGS = (
    "-std=c++17",
    "-O1",  # on these long straight loops as fast as more, in half the time
    "-fexpensive-optimizations",
    "-fschedule-insns",  # what one sample waits for goes beside what the next can do: a tenth faster
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

EXTRA = "PATCHC_CXXFLAGS"
"""The variable of the environment that holds more flags, which come last and so win."""


class CompileError(Exception):
    """No library could be built; the message says why, and what to do."""


@dataclass(frozen=True)
class Compiler:
    """A compiler by its path, with arguments where it has some of its own, as in `CXX="ccache g++"`."""

    path: str
    arguments: tuple[str, ...] = ()
    suffix = ".cpp"

    @property
    def parts(self) -> tuple[str, ...]:
        """All that a library depends on besides its text."""
        return *FLAGS, *extra_flags(), identity(self.path), *self.arguments, machine()

    def build(self, source: Path, target: Path) -> None:
        """Makes the shared library `target`; whatever else is written lies beside it. Raises `CompileError`."""
        said = ""
        for tuning in TUNINGS:
            command = [self.path, *self.arguments, *FLAGS, *tuning, *extra_flags(), str(source), "-o", str(target)]
            code, errors = run_compiler(command, target.parent, PATIENCE)
            if code == 0 and target.exists():
                return
            said = said or errors
        raise CompileError(f"{self.path} refused the kernel: {first_error(said)}")


def extra_flags() -> tuple[str, ...]:
    """The flags of `PATCHC_CXXFLAGS`. Raises `CompileError` where they cannot be read."""
    return _words(EXTRA)


def _words(variable: str) -> tuple[str, ...]:
    """A variable of the environment, read as a shell would."""
    try:
        return tuple(shlex.split(os.environ.get(variable, "")))
    except ValueError as error:
        raise CompileError(f"{variable} in the environment cannot be read: {error}") from error


def identity(path: str) -> str:
    """What tells a program from another one, without running it."""
    found = Path(path).resolve()
    try:
        stat = found.stat()
    except OSError:
        return path
    return f"{found} {stat.st_size} {stat.st_mtime_ns}"


def run_compiler(command: list[str], folder: Path, patience: float) -> tuple[int, str]:
    """Runs a compiler and all that it starts as one group, which ends with it: when it takes too long, on Ctrl-C.

    Gives what it returned, and what it said.
    """
    environment = {**os.environ, "TMPDIR": str(folder), "LC_ALL": "C"}
    interrupts = HeldInterrupts()
    try:
        with interrupts:  # one that arrived before there is a `process` to end would leave the compiler running
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment,
                start_new_session=True,
            )
    except OSError as error:
        raise CompileError(f"{command[0]} does not run: {error.strerror}") from error
    try:
        interrupts.deliver()
        _, errors = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired as error:
        raise CompileError(f"{command[0]} did not finish in {patience:.0f} s") from error
    finally:
        if process.returncode is None:
            _end(process)
    return process.returncode, errors.decode(errors="replace")


class HeldInterrupts:
    """Ctrl-C within the block waits for `deliver`. Other threads than the main one are never interrupted."""

    def __init__(self) -> None:
        self._came = False

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._former = signal.signal(signal.SIGINT, self._note)

    def __exit__(self, *_: object) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._former)

    def _note(self, *_: object) -> None:
        self._came = True

    def deliver(self) -> None:
        """Lets the interrupt that has come do what it does."""
        if self._came:
            signal.raise_signal(signal.SIGINT)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    with process:  # closes its pipe and waits
        pass


def first_error(said: str) -> str:
    """What matters of all that a compiler said."""
    lines = [line for line in said.splitlines() if "error" in line] or said.splitlines() or ["no reason given"]
    return lines[0][:300]


def find_compiler() -> Compiler:
    """The compiler that `CXX` asks for, else one of the usual. Raises `CompileError` if there is none."""
    return _find(_words("CXX"), os.environ.get("PATH"))


@cache
def _find(asked: tuple[str, ...], path: str | None) -> Compiler:
    for name in asked[:1] or NAMES:
        found = shutil.which(name, path=path)
        if found is not None:
            return Compiler(found, asked[1:])
    wanted = f"`{asked[0]}` (from CXX)" if asked else ", ".join(NAMES)
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

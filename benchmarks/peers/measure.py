"""Runs workers, each in a process of its own: one side after the other, round after round."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cases import Allocator, Case, Home, Side

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PATIENCE = 900
"""Seconds a worker may take."""

KEEP = {
    "MALLOC_MMAP_THRESHOLD_": "8589934592",
    "MALLOC_TRIM_THRESHOLD_": "34359738368",
    "MALLOC_TOP_PAD_": "268435456",
}
"""What `tuned` means: no tensor is mapped by itself, and nothing goes back to the system."""

THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass
class Measured:
    """What the workers of one side printed, a dictionary each, or why there is nothing."""

    side: Side
    runs: list[dict[str, Any]] = field(default_factory=list)
    failure: str | None = None


@dataclass(frozen=True)
class Outcome:
    """A case under one allocator, with its sides in the order of `case.sides`."""

    case: Case
    allocator: Allocator
    sides: tuple[Measured, ...]


def measure(case: Case, allocator: Allocator, rounds: int, seconds: float, tick: Callable[[], None]) -> Outcome:
    """`rounds` runs of every side, taken in turns; a side that failed is left alone. `tick` is called after each."""
    outcome = Outcome(case, allocator, tuple(Measured(side) for side in case.sides))
    for _ in range(rounds):
        for measured in outcome.sides:
            if measured.failure is None:
                _run_once(case, allocator, seconds, measured)
            tick()
    return outcome


def _run_once(case: Case, allocator: Allocator, seconds: float, measured: Measured) -> None:
    python = _python(measured.side.home)
    if not python.exists():
        measured.failure = f"not set up: {python.relative_to(ROOT)}"
        return
    command = [str(python), *_told(case, measured.side, seconds)]
    environment = _environment(allocator, measured.side.threads)
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        measured.failure = f"took more than {PATIENCE} s"
        return
    if done.returncode:
        measured.failure = _last_line(done.stderr) or f"ended with {done.returncode}"
    else:
        measured.runs.append(json.loads(_last_line(done.stdout)) | {"warning": _warning(done.stderr)})


def _told(case: Case, side: Side, seconds: float) -> list[str]:
    numbers = {"--batch": case.batch, "--mode": case.mode, "--seconds": seconds, "--threads": side.threads}
    options = [str(word) for pair in numbers.items() for word in pair]
    return [str(HERE / "workers" / side.worker), *side.options, *options]


def _python(home: Home) -> Path:
    return Path(sys.executable) if home is Home.OWN else ROOT / ".cache/peers" / home / "bin/python"


def _environment(allocator: Allocator, threads: int) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    return clean | dict.fromkeys(THREADS, str(threads)) | (KEEP if allocator is Allocator.TUNED else {})


def _warning(text: str) -> str | None:
    """The text of the first warning of Python: `file:line: SomeWarning: text`."""
    return next((line.split("Warning: ", 1)[1] for line in text.splitlines() if "Warning: " in line), None)


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "")

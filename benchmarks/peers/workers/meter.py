"""Times one call again and again in a process of its own, and prints what it cost as one line of JSON."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

WARM, CALLS, SPAN = 2, 3, 0.5
"""Calls before the clock counts; the fewest calls timed, and the fewest seconds."""


def parser(about: str | None) -> argparse.ArgumentParser:
    """What every worker is told."""
    found = argparse.ArgumentParser(description=about)
    found.add_argument("--batch", type=int, default=1, help="sounds at once")
    found.add_argument("--mode", choices=["forward", "gradient", "pullback"], default="forward")
    found.add_argument("--seconds", type=float, default=4.0, help="length of each sound")
    found.add_argument("--rate", type=int, default=44_100, help="samples a second")
    found.add_argument("--threads", type=int, default=2)
    return found


def parse(found: argparse.ArgumentParser) -> argparse.Namespace:
    """Reads the command line and, before anything starts threads, keeps this process to as many cores as it may use."""
    options = found.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[-options.threads :])
    options.samples = round(options.seconds * options.rate)
    return options


def measure(
    call: Callable[[], Any], check: Callable[[Any], float], packages: Sequence[str], **facts: Callable[[], object]
) -> None:
    """Times `call`, which is done when it returns; `check` makes one number of what it returns.

    `facts` are asked for once everything is timed.
    """
    before = _memory("VmRSS")
    first, *_ = [_seconds(call) for _ in range(WARM)]
    started, busy = time.perf_counter(), time.process_time()
    spent: list[float] = []
    while len(spent) < CALLS or sum(spent) < SPAN:
        spent.append(_seconds(call))
    cores = (time.process_time() - busy) / (time.perf_counter() - started)
    found = {
        "seconds": statistics.median(spent),
        "fastest": min(spent),
        "slowest": max(spent),
        "calls": len(spent),
        "first_seconds": first,
        "cores": round(cores, 2),
        "before_mib": before,
        "peak_mib": _memory("VmHWM"),
        "check": check(call()),
        "versions": {name: version(name) for name in packages},
        **{name: ask() for name, ask in facts.items()},
    }
    print(json.dumps(found))


def _seconds(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _memory(field: str) -> float:
    """Mebibytes: VmRSS is what this process holds, VmHWM the most it ever held (and not, as rusage, its parent)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return round(int(next(line for line in lines if line.startswith(field)).split()[1]) / 1024, 1)

"""The patches against the peers: alternating processes, the same threads, both allocator settings, medians.

    make peers                                    sets the peers up, and measures everything
    python benchmarks/peers/compare.py --quick    sounds of one second, three runs: does everything work?

Prints a table, and writes benchmarks/results/peers.json after every case, so that Ctrl-C keeps what is done. How fast
the losses are against auraloss is in benchmarks/loss_speed.py.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cases import Allocator, Case, all_cases
from measure import ROOT, Outcome, measure
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from table import as_data, printed, remarks, rows

RUNS, SECONDS = 7, 4.0
QUICK_RUNS, QUICK_SECONDS = 3, 1.0


def main() -> int:
    """130 if it was interrupted, else 0: slower than asked for is no failure."""
    options = _options()
    cases = [case for case in all_cases() if not options.only or case.name.split()[0] in options.only]
    seconds = QUICK_SECONDS if options.quick else SECONDS
    runs = options.runs or (QUICK_RUNS if options.quick else RUNS)
    done: list[Outcome] = []
    stopped = False
    try:
        for outcome in _measured(cases, runs, seconds):
            done.append(outcome)
            _save(options.output, done, runs, seconds)
    except KeyboardInterrupt:
        stopped = True
    _show(done, seconds)
    return 130 if stopped else 0


def _options() -> argparse.Namespace:
    names = list(dict.fromkeys(case.name.split()[0] for case in all_cases()))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="sounds of one second, three runs; for trying things")
    parser.add_argument("--only", nargs="+", choices=names, metavar="CASE", help=", ".join(names))
    parser.add_argument("--runs", type=int, help=f"processes of each side; {RUNS}, or {QUICK_RUNS} if quick")
    parser.add_argument("-o", "--output", type=Path, help="where results go")
    options = parser.parse_args()
    if options.output is None:
        options.output = ROOT / (".cache/peers/quick.json" if options.quick else "benchmarks/results/peers.json")
    return options


def _measured(cases: Sequence[Case], runs: int, seconds: float) -> Iterator[Outcome]:
    """Every case under both allocators, with a bar on the terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=runs * len(Allocator) * sum(len(case.sides) for case in cases))
        for case in cases:
            for allocator in Allocator:
                progress.update(task, description=f"{case.name} {case.batch} {case.mode} {allocator}")
                yield measure(case, allocator, runs, seconds, lambda: progress.advance(task))


def _show(done: Sequence[Outcome], seconds: float) -> None:
    found = [row for outcome in done for row in rows(outcome, seconds)]
    console = Console()
    if not console.is_terminal:
        console.width = 160
    console.print(printed(found))
    for remark in remarks(found):
        console.print(remark, highlight=False, markup=False)


def _save(path: Path, done: Sequence[Outcome], runs: int, seconds: float) -> None:
    about = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join(["python", *sys.argv]),
        "machine": _machine(),
        "versions": _versions(done),
        "seconds": seconds,
        "runs": runs,
        "unit": "`nanoseconds` a sample; `peak` and `grown` in MiB; `ratio` is times faster, `memory` a share",
        "rows": [as_data(row) for outcome in done for row in rows(outcome, seconds)],
        "measured": [_as_data(outcome) for outcome in done],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _as_data(outcome: Outcome) -> dict[str, Any]:
    case = outcome.case
    sides = {
        measured.side.name: {"threads": measured.side.threads, "failure": measured.failure, "runs": measured.runs}
        for measured in outcome.sides
    }
    return {"case": case.name, "batch": case.batch, "mode": case.mode, "allocator": outcome.allocator, "sides": sides}


def _machine() -> dict[str, str | int]:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    return {"processor": name, "cores": len(os.sched_getaffinity(0)), "system": platform.platform()}


def _versions(done: Sequence[Outcome]) -> dict[str, str]:
    found = {"python": platform.python_version()}
    for outcome in done:
        for measured in outcome.sides:
            for run in measured.runs[:1]:
                found |= run["versions"]
    return found


if __name__ == "__main__":
    raise SystemExit(main())

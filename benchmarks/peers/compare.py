"""The patches against the peers: alternating processes, the same threads, both allocator settings, medians.

    make peers                                    sets the peers up, and measures everything
    python benchmarks/peers/compare.py --quick    sounds of one second, three runs: does everything work?
    python benchmarks/peers/compare.py --only voice:16:gradient filter      some of the questions

Prints a table, and writes benchmarks/results/peers.json after every question, so that Ctrl-C keeps what is done. Rows
of other questions stay there with the date of their own. How fast the losses are is in benchmarks/loss_speed.py.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
    asked = [one for one in questions() if not options.only or any(one.is_of(word) for word in options.only)]
    seconds = QUICK_SECONDS if options.quick else SECONDS
    runs = options.runs or (QUICK_RUNS if options.quick else RUNS)
    done: list[Outcome] = []
    stopped = False
    try:
        for outcome in _measured(asked, runs, seconds):
            done.append(outcome)
            _save(options.output, done, runs, seconds)
    except KeyboardInterrupt:
        stopped = True
    _show(done, seconds)
    return 130 if stopped else 0


def _options() -> argparse.Namespace:
    names = ", ".join(dict.fromkeys(str(one).partition(":")[0] for one in questions()))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="sounds of one second, three runs; for trying things")
    how = "CASE, or CASE:BATCH:MODE:ALLOCATOR as far as wanted, of"
    parser.add_argument("--only", nargs="+", metavar="CASE", help=f"{how} {names}")
    parser.add_argument("--runs", type=int, help=f"processes of each side; {RUNS}, or {QUICK_RUNS} if quick")
    parser.add_argument("-o", "--output", type=Path, help="where results go")
    options = parser.parse_args()
    for word in options.only or ():
        if not any(one.is_of(word) for one in questions()):
            parser.error(f"nothing is measured under `{word}`; there is {names}")
    if options.output is None:
        options.output = ROOT / (".cache/peers/quick.json" if options.quick else "benchmarks/results/peers.json")
    return options


@dataclass(frozen=True)
class Question:
    """A case under one allocator, written `voice:16:gradient:tuned`."""

    case: Case
    allocator: Allocator

    def __str__(self) -> str:
        return f"{self.case.name.split()[0]}:{self.case.batch}:{self.case.mode}:{self.allocator}"

    def is_of(self, word: str) -> bool:
        """Whether `word` is the beginning of its name."""
        return f"{self}:".startswith(f"{word}:")


def questions() -> list[Question]:
    return [Question(case, allocator) for case in all_cases() for allocator in Allocator]


def _measured(asked: Sequence[Question], runs: int, seconds: float) -> Iterator[Outcome]:
    """Every question, with a bar on the terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=runs * sum(len(one.case.sides) for one in asked))
        for one in asked:
            progress.update(task, description=str(one))
            yield measure(one.case, one.allocator, runs, seconds, lambda: progress.advance(task))


def _show(done: Sequence[Outcome], seconds: float) -> None:
    found = [row for outcome in done for row in rows(outcome, seconds)]
    console = Console()
    if not console.is_terminal:
        console.width = 160
    console.print(printed(found))
    for remark in remarks(found):
        console.print(remark, highlight=False, markup=False)


def _save(path: Path, done: Sequence[Outcome], runs: int, seconds: float) -> None:
    """Writes what was measured; rows of other questions that are there already stay, if they are of like sounds."""
    how = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "runs": runs}
    fresh = [as_data(row) | how for outcome in done for row in rows(outcome, seconds)]
    measured = [_as_data(outcome) for outcome in done]
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    alike = before if (before.get("seconds"), before.get("machine")) == (seconds, _machine()) else {}
    about = {
        "machine": _machine(),
        "versions": alike.get("versions", {}) | _versions(done),
        "seconds": seconds,
        "unit": "`nanoseconds` a sample; `peak` and `grown` in MiB; `ratio` is times faster, `memory` a share",
        "rows": _renewed(alike.get("rows", []), fresh),
        "measured": _renewed(alike.get("measured", []), measured),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _renewed(old: Sequence[dict[str, Any]], fresh: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """`fresh`, and of `old` what answers other questions; in the order in which questions are asked."""

    def key(item: dict[str, Any]) -> tuple[Any, ...]:
        return item["case"], item["batch"], item["mode"], item["allocator"]

    answered = {key(item) for item in fresh}
    order = {(one.case.name, one.case.batch, one.case.mode, one.allocator): n for n, one in enumerate(questions())}
    kept = [item for item in old if key(item) not in answered]
    return sorted([*kept, *fresh], key=lambda item: order.get(key(item), len(order)))


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

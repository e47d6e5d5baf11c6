"""How fast the examples render: 2 s at 44.1 kHz, alone and 16 at once, in times real time. `make bench` runs it."""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import torch

from patchc.compiler.load import load
from patchc.compiler.module import PatchModule

HERE = Path(__file__).parent
SECONDS, RATE = 2.0, 44_100
GOALS = {1: 20.0, 16: 60.0}
"""Times real time that every example has to reach, by batch size, on two cores."""


def main() -> int:
    """Prints a table, writes `benchmarks/results/render_speed.json`; 1 if an example misses its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7, help="timed runs, of which the median counts")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--backward", action="store_true", help="time forward and backward together")
    parser.add_argument("examples", nargs="*", type=Path, default=sorted((HERE.parent / "examples").glob("*.patch")))
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    rows = [_row(path, options.repeats, options.backward) for path in options.examples]
    print(_table(rows))
    if not options.backward:
        _save(rows, options)
    return int(any(row[f"batch {batch}"] < goal for row in rows for batch, goal in GOALS.items()))


def _row(path: Path, repeats: int, backward: bool) -> dict[str, str | float]:
    synth = load(path, sample_rate=RATE)
    row: dict[str, str | float] = {"example": path.stem, "cells": len(synth.plan.steps)}
    for batch in GOALS:
        spent = _seconds(synth, batch, repeats, backward)
        row[f"batch {batch}"] = round(batch * SECONDS / spent, 1)
        row[f"ms {batch}"] = round(1000 * spent, 1)
    return row


def _seconds(synth: PatchModule, batch: int, repeats: int, backward: bool) -> float:
    """The median time of one call, after one that warms up."""
    settings = synth.draw(batch, seed=0).requires_grad_(backward)
    spent = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        with torch.set_grad_enabled(backward):
            sound = synth(settings, seconds=SECONDS, taps=[])
            if backward:
                sound.audio.square().mean().backward()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent[1:])


def _table(rows: list[dict[str, str | float]]) -> str:
    heads = list(rows[0])
    lines = [heads, *([str(row[head]) for head in heads] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def _save(rows: list[dict[str, str | float]], options: argparse.Namespace) -> None:
    about = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": SECONDS,
        "sample_rate": RATE,
        "threads": options.threads,
        "repeats": options.repeats,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "processor": platform.machine(),
        "unit": "`batch n` is times real time for n sounds at once, `ms n` the time of one call",
        "examples": rows,
    }
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "render_speed.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())

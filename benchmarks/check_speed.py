"""How long `patchc check` takes: on generated patches of 1,000 and 10,000 cells, and to start at all.

    python benchmarks/check_speed.py

Prints what it measured and writes it to benchmarks/results/check_speed.json.
"""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples/subtractive.patch"
SIZES = (1_000, 10_000)
BASE = [sys.executable, "-c", "import lark, pydantic, typer"]
COMMAND = [sys.executable, "-m", "patchc"]
STARTS = 9


def voices(cells: int) -> str:
    """A patch of `cells` cells written out one by one: voices of envelope, oscillator, filter and amplifier."""
    count = cells // 4
    lines = [
        "patchc 1",
        "",
        "patch many {",
        "  input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log",
        "  input gate : gate",
    ]
    for k in range(count):
        lines += [
            f"  cell env{k} : adsr {{ gate <- gate; decay = learn {100 + k % 400} ms }}",
            f"  cell osc{k} : saw {{ freq = pitch * {1 + k % 7}; level = learn -{6 + k % 20} dB }}",
            f"  cell vcf{k} : svf {{ in <- osc{k}; cutoff = learn 800 Hz; cutoff += env{k} * 9 st }}",
            f"  cell vca{k} : gain {{ in <- vcf{k}; level *= env{k} }}",
        ]
    lines.append("  output main <- " + ", ".join(f"vca{k}" for k in range(count)))
    return "\n".join([*lines, "  tap main loss mss", "}", ""])


def seconds(command: Sequence[str], times: int) -> list[float]:
    """Wall times of a command, sorted."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        found.append(time.perf_counter() - started)
    return sorted(found)


def measure_growth() -> list[dict[str, float]]:
    """Checking, without the start of the interpreter: the part that grows with the patch."""
    from patchc.graph.load import check_source
    from patchc.source.text import Source

    rows = []
    for cells in SIZES:
        source = Source("many.patch", voices(cells))
        started = time.perf_counter()
        found = check_source(source)
        took = time.perf_counter() - started
        assert found == [], found[0].message
        rows.append({"cells": cells, "kilobytes": round(len(source.text) / 1000), "seconds": round(took, 3)})
    return rows


def measure_whole(cells: int) -> float:
    """The command on a file of so many cells."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.patch"
        path.write_text(voices(cells))
        return seconds([*COMMAND, "check", str(path)], 1)[0]


def measure_start() -> dict[str, float]:
    """Median wall times: importing what the command stands on, `check` on an example, `--help`. Taken in turns."""
    commands = {"base": BASE, "check": [*COMMAND, "check", str(EXAMPLE)], "help": [*COMMAND, "--help"]}
    for command in commands.values():
        seconds(command, 1)
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(STARTS):
        for name, command in commands.items():
            found[name] += seconds(command, 1)
    return {name: round(statistics.median(times), 3) for name, times in found.items()}


def main() -> None:
    start = measure_start()
    growth = measure_growth()
    ratio = {name: round(start[name] / start["base"], 2) for name in ("check", "help")}
    factor = round(growth[-1]["seconds"] / growth[0]["seconds"], 1)
    result = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "start_seconds": start,
        "start_ratio": ratio,
        "growth": growth,
        "growth_factor": factor,
        "command_seconds": {str(cells): round(measure_whole(cells), 3) for cells in SIZES},
    }
    for row in growth:
        print(f"{row['cells']:6,} cells: {row['seconds']:.2f} s ({row['kilobytes']} kB)")
    print(f"ten times the cells take {factor} times as long")
    print(
        f"import lark, pydantic, typer {start['base']} s; check {start['check']} s ({ratio['check']} times)", end="; "
    )
    print(f"--help {start['help']} s ({ratio['help']} times)")
    path = ROOT / "benchmarks/results/check_speed.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2) + "\n")
    print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

"""What a general compiler makes of the plain executor, next to a kernel: time to build, and time to play."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import torch

HERE = Path(__file__).parent
RATE, SECONDS, BATCH = 44_100, 1.0, 16
EXAMPLES = ("wobble", "subtractive", "voice")


def main() -> int:
    """Prints a table, and writes benchmarks/results/inductor_speed.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7, help="timed runs, of which the median counts")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("examples", nargs="*", default=EXAMPLES)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as folder:  # so that both have to build
        os.environ |= {"XDG_CACHE_HOME": folder, "TORCHINDUCTOR_CACHE_DIR": f"{folder}/inductor"}
        rows = [_row(name, options.repeats) for name in options.examples]
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    about = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "torch": torch.__version__,
        "python": platform.python_version(),
        "threads": options.threads,
        "repeats": options.repeats,
        "unit": f"seconds to the first sound, and nanoseconds a sample, of {BATCH} x {SECONDS:g} s at {RATE} Hz",
        "rows": rows,
    }
    path = HERE / "results/inductor_speed.json"
    path.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return 0


def _row(name: str, repeats: int) -> dict[str, str | float]:
    from patchc.compiler.load import load

    path = HERE.parent / f"examples/{name}.patch"
    fused, plain = (load(path, sample_rate=RATE, executor=executor) for executor in ("fused", "reference"))
    settings = fused.draw(BATCH, seed=1)
    players = {"kernel": fused, "inductor": torch.compile(plain), "plain": plain}
    row: dict[str, str | float] = {"example": name}
    calls: dict[str, Callable[[], object]] = {}
    for label, player in players.items():
        calls[label] = lambda player=player: player(settings, seconds=SECONDS, taps=[])
        row[f"{label}, first"] = round(_spent(calls[label]), 2)
    spent = {label: [] for label in calls}
    for _ in range(repeats):
        for label, call in calls.items():
            spent[label].append(_spent(call))
    return row | {f"{label}, ns": round(statistics.median(times) * 1e9 / _SAMPLES, 2) for label, times in spent.items()}


_SAMPLES = BATCH * SECONDS * RATE


def _spent(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    with torch.no_grad():
        call()
    return time.perf_counter() - start


if __name__ == "__main__":
    raise SystemExit(main())

"""How fast examples render beside another tree of patchc, in alternating processes: `beside.py OTHER`.

16 sounds of one and of four seconds at 48 kHz on one thread, forward and with gradients. Each round starts a process on
either tree, and a second one on the other tree as a control. The fastest call of all rounds counts, since what else
runs on a machine only adds to a time. A control apart from 1 is what the machine adds even so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
BATCH, RATE = 16, 48_000
GOAL = 0.9
"""Speed that is left at least."""


def main() -> int:
    """Prints a table, writes `benchmarks/results/beside.json`; 1 if anything is slower than the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path, help="a tree of patchc to compare with")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--repeats", type=int, default=9, help="calls in a process")
    parser.add_argument("--examples", nargs="+", default=["voice", "subtractive"])
    parser.add_argument("--seconds", nargs="+", type=float, default=[1.0, 4.0])
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_measured(options)))
        return 0
    rounds = [_round(options) for _ in range(options.rounds)]
    table = {name: _row([one[name] for one in rounds]) for name in rounds[0]}
    for name, row in table.items():
        print(
            f"{name:32} {row['ms']:8.2f} ms, other {row['other ms']:8.2f} ms, "
            f"{row['times as fast']:.2f} times as fast, control {row['control']:.2f}"
        )
    _save(table, options)
    return int(any(row["times as fast"] < GOAL for row in table.values()))


def _round(options: argparse.Namespace) -> dict[str, tuple[float, float, float]]:
    other_tree = options.other.resolve()
    here, other, again = (_process(tree, options) for tree in (HERE.parent, other_tree, other_tree))
    return {name: (here[name], other[name], again[name]) for name in here}


def _process(tree: Path, options: argparse.Namespace) -> dict[str, float]:
    """The fastest calls of a process that imports patchc from `tree`; the examples are those of this tree."""
    names = ["--examples", *options.examples, "--seconds", *map(str, options.seconds)]
    command = [sys.executable, __file__, str(tree), "--measure", "--repeats", str(options.repeats), *names]
    environment = {**os.environ, "PYTHONPATH": str(tree), "OMP_NUM_THREADS": "1"}
    found = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    times: dict[str, float] = json.loads(found.stdout.splitlines()[-1])
    return times


def _measured(options: argparse.Namespace) -> dict[str, float]:
    import torch

    import patchc

    torch.set_num_threads(1)
    found = {}
    for example in options.examples:
        synth = patchc.load(HERE.parent / "examples" / f"{example}.patch", sample_rate=RATE)
        settings = synth.draw(BATCH, seed=0)
        for seconds in options.seconds:
            for backward in (False, True):
                name = f"{example}, {seconds:g} s, {'both ways' if backward else 'forward'}"
                found[name] = min(_spent(synth, settings, seconds, backward) for _ in range(options.repeats))
    return found


def _spent(synth: object, settings: object, seconds: float, backward: bool) -> float:
    """Milliseconds of a processor for one call: others may want it too."""
    start = time.process_time()
    sound = synth(settings.clone().requires_grad_(backward), seconds=seconds, taps=[])  # type: ignore[operator,attr-defined]
    if backward:
        sound.audio.square().mean().backward()
    return 1000 * (time.process_time() - start)


def _row(rounds: list[tuple[float, float, float]]) -> dict[str, float]:
    here, other, again = (min(times) for times in zip(*rounds, strict=True))
    return {
        "ms": round(here, 2),
        "other ms": round(other, 2),
        "times as fast": round(other / here, 3),
        "control": round(other / again, 3),
    }


def _save(table: dict[str, dict[str, float]], options: argparse.Namespace) -> None:
    result = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "processor": platform.processor() or platform.machine(),
        "rounds": options.rounds,
        "other": _commit(options.other),
        "table": table,
    }
    (HERE / "results" / "beside.json").write_text(json.dumps(result, indent=1) + "\n")


def _commit(tree: Path) -> str:
    found = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=tree, capture_output=True, text=True)
    return found.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

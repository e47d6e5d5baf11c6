"""How long until there is sound: `patchc render` beside importing torch, and kernels of thirty cells, built or kept.

    python benchmarks/start_speed.py

Prints what it measured and writes it to benchmarks/results/start_speed.json.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from scaling import voices

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "examples/wobble.patch"
CELLS, STARTS = 30, 7

BUILDING = """
import sys, time
import patchc
synth = patchc.load(sys.argv[1], sample_rate=44_100)
settings = synth.draw(16, seed=0).requires_grad_()
started = time.perf_counter()
synth(settings, seconds=0.01, taps=[])
print(time.perf_counter() - started)
"""
"""Kernels are built, both ways, before the first sound of settings that want gradients."""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        found = _starts(Path(folder)) | _kernels(Path(folder))
    for name, seconds in found.items():
        print(f"{name}: {seconds:.2f} s")
    about = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "unit": f"seconds, the median of {STARTS} processes in turn",
        "seconds": {name: round(seconds, 3) for name, seconds in found.items()},
    }
    (HERE / "results/start_speed.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return 0


def _starts(folder: Path) -> dict[str, float]:
    """Whole processes, in turn, with kernels that are there already."""
    render = [sys.executable, "-m", "patchc", "render", str(EXAMPLE), "--seconds", "1", "-o", str(folder / "one.wav")]
    commands = {"import torch": [sys.executable, "-c", "import torch"], "patchc render of 1 s": render}
    for command in commands.values():
        _took(command)
    rounds = [{name: _took(command) for name, command in commands.items()} for _ in range(STARTS)]
    return {name: statistics.median(one[name] for one in rounds) for name in commands}


def _kernels(folder: Path) -> dict[str, float]:
    """The first call of a patch, both ways, in a process without kept kernels and in others that have them."""
    patch = folder / "thirty.patch"
    patch.write_text(voices(CELLS), encoding="utf-8")
    command = [sys.executable, "-c", BUILDING, str(patch)]
    cold = [float(_said(command, {"XDG_CACHE_HOME": str(folder / str(number))})) for number in range(STARTS)]
    warm = [float(_said(command, {"XDG_CACHE_HOME": str(folder / "0")})) for _ in range(STARTS)]
    names = (f"first call of {CELLS} cells, built", f"first call of {CELLS} cells, kept")
    return dict(zip(names, map(statistics.median, (cold, warm)), strict=True))


def _took(command: Sequence[str]) -> float:
    started = time.perf_counter()
    _said(command, {})
    return time.perf_counter() - started


def _said(command: Sequence[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(command, env=os.environ | environment, check=True, capture_output=True, text=True)
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main())

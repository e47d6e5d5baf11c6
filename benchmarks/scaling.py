"""How the cost of a patch grows: with the batch, the length of the sound and the number of cells; and to compile it.

    python benchmarks/scaling.py

Prints the slope of each growth, 1 where twice as much takes twice as long; writes benchmarks/results/scaling.json and
the picture docs/pictures/scaling.png.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples/subtractive.patch"
RATE = 44_100
BATCHES = (32, 64, 128, 256)
LENGTHS = (0.5, 1.0, 2.0, 4.0, 8.0)
ABREAST = 32
"""Sounds at once where something else grows: enough to fill the lanes of two cores."""
CELLS = (10, 30, 100, 300, 1000)
MODES = {"forward": False, "forward and backward": True}
"""With or without a gradient."""


@dataclass(frozen=True)
class Growth:
    """Milliseconds against what grows, NaN where it could not be done; slopes are those of the logarithms."""

    title: str
    along: str
    sizes: Sequence[float]
    milliseconds: dict[str, list[float]]

    @property
    def slopes(self) -> dict[str, float]:
        return {name: round(slope(self.sizes, spent), 2) for name, spent in self.milliseconds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7, help="timed calls, of which the median counts")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # Kernels of an earlier run would hide what compiling costs.
        os.environ["XDG_CACHE_HOME"] = folder
        import torch

        torch.set_num_threads(options.threads)
        found = (_batches(options.repeats), _lengths(options.repeats), *_cells(options.repeats, Path(folder)))
    for growth in found:
        print(f"{growth.title}: " + ", ".join(f"{name} {value}" for name, value in growth.slopes.items()))
    _save(found, options)
    _draw(found, ROOT / "docs/pictures/scaling.png")


def slope(sizes: Sequence[float], spent: Sequence[float]) -> float:
    """That of the straight line nearest to `log spent` over `log sizes`, by least squares; NaN for a single point."""
    pairs = [(math.log(size), math.log(cost)) for size, cost in zip(sizes, spent, strict=True) if math.isfinite(cost)]
    return statistics.linear_regression(*zip(*pairs, strict=True)).slope if len(pairs) > 1 else math.nan


# --- what is measured


def _batches(repeats: int) -> Growth:
    call = _renderer(EXAMPLE)
    spent = _both(lambda batch, gradient: call(int(batch), 1.0, gradient), BATCHES, repeats)
    return Growth("batch of sounds of 1 s", "sounds at once", BATCHES, spent)


def _lengths(repeats: int) -> Growth:
    call = _renderer(EXAMPLE)
    spent = _both(lambda seconds, gradient: call(ABREAST, seconds, gradient), LENGTHS, repeats)
    return Growth(f"length of {ABREAST} sounds", "seconds of sound", LENGTHS, spent)


def _cells(repeats: int, folder: Path) -> tuple[Growth, Growth]:
    """What patches of more and more cells cost to render, and to make ready."""
    made = [_many(cells, repeats, folder) for cells in CELLS]
    rendered = {name: [one[name] for one in made] for name in MODES}
    compiled = {name: [one[name] for one in made] for name in ("load", "first call", "first gradient")}
    return (
        Growth(f"cells, {ABREAST} sounds of 0.25 s", "cells", CELLS, rendered),
        Growth("compiling", "cells", CELLS, compiled),
    )


def _many(cells: int, repeats: int, folder: Path) -> dict[str, float]:
    """Milliseconds by name, of those that came to an end: a patch may be more than a compiler can take."""
    path = folder / f"cells_{cells}.patch"
    path.write_text(voices(cells), encoding="utf-8")
    found: dict[str, float] = defaultdict(lambda: math.nan)
    try:
        started = time.perf_counter()
        call = _renderer(path)
        found["load"] = 1000 * (time.perf_counter() - started)
        for first, (name, gradient) in zip(("first call", "first gradient"), MODES.items(), strict=True):
            found[first] = _timed(lambda gradient=gradient: call(ABREAST, 0.25, gradient))
            found[name] = _milliseconds(lambda gradient=gradient: call(ABREAST, 0.25, gradient), repeats)
    except Exception as error:  # whatever stopped a compiler, the other sizes count
        print(f"{cells} cells: {str(error)[:200]}")
    return found


def voices(cells: int) -> str:
    """A patch of about so many cells: voices of envelope, oscillator and filter, and a sum."""
    count = max(1, (cells - 1) // 3)
    lines = [
        "patchc 1",
        "patch many {",
        "  input pitch : control = 110 Hz in 27.5 Hz .. 4.2 kHz log",
        "  input gate : gate",
    ]
    for k in range(count):
        lines += [
            f"  cell env{k} : adsr {{ gate <- gate; decay = learn {100 + k % 400} ms }}",
            f"  cell osc{k} : saw {{ freq = pitch * {1 + k % 7}; level = learn -{6 + k % 20} dB; level *= env{k} }}",
            f"  cell vcf{k} : svf {{ in <- osc{k}; cutoff = learn 800 Hz; cutoff += env{k} * 9 st }}",
        ]
    lines.append("  cell sum : mix { in <- " + ", ".join(f"vcf{k}" for k in range(count)) + " }")
    return "\n".join([*lines, "  output main <- sum", "}", ""])


# --- how


def _renderer(path: Path) -> Callable[[int, float, bool], None]:
    """Renders so many sounds of so many seconds, with or without gradients."""
    import torch

    import patchc

    synth = patchc.load(path, sample_rate=RATE)

    def call(batch: int, seconds: float, gradient: bool) -> None:
        settings = synth.draw(batch, seed=0).requires_grad_(gradient)
        with torch.set_grad_enabled(gradient):
            sound = synth(settings, seconds=seconds, taps=[])
            if gradient:
                sound.audio.square().mean().backward()

    return call


def _both(call: Callable[[float, bool], None], sizes: Sequence[float], repeats: int) -> dict[str, list[float]]:
    return {
        name: [_milliseconds(lambda size=size, gradient=gradient: call(size, gradient), repeats) for size in sizes]
        for name, gradient in MODES.items()
    }


def _milliseconds(call: Callable[[], None], repeats: int) -> float:
    """The median of `repeats` calls, after one that warms up."""
    return statistics.median([_timed(call) for _ in range(repeats + 1)][1:])


def _timed(call: Callable[[], None]) -> float:
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)


# --- what is kept


def _save(found: Sequence[Growth], options: argparse.Namespace) -> None:
    from importlib.metadata import version

    about = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "sample_rate": RATE,
        "threads": options.threads,
        "repeats": options.repeats,
        "python": platform.python_version(),
        "torch": version("torch"),
        "processor": platform.machine(),
        "growth": [_as_data(growth) for growth in found],
    }
    path = ROOT / "benchmarks/results/scaling.json"
    path.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def _as_data(growth: Growth) -> dict[str, object]:
    """For a file, in which there is no NaN: what could not be done is null."""
    spent = {
        name: [round(cost, 3) if math.isfinite(cost) else None for cost in costs]
        for name, costs in growth.milliseconds.items()
    }
    slopes = {name: value if math.isfinite(value) else None for name, value in growth.slopes.items()}
    return asdict(growth) | {"milliseconds": spent, "slopes": slopes}


def _draw(found: Sequence[Growth], path: Path) -> None:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, places = pyplot.subplots(2, 2, figsize=(9, 7), layout="constrained")
    for axes, growth in zip(places.flat, found, strict=True):
        for name, spent in growth.milliseconds.items():
            axes.loglog(growth.sizes, spent, "o-", markersize=4, label=f"{name}: slope {growth.slopes[name]:g}")
        axes.set(title=growth.title, xlabel=growth.along, ylabel="milliseconds")
        axes.set_xticks(growth.sizes, [f"{size:g}" for size in growth.sizes])
        axes.set_ylim(top=4 * axes.get_ylim()[1])  # room for the names
        axes.minorticks_off()
        axes.grid(alpha=0.3)
        axes.legend(loc="upper left", fontsize="small", frameon=False)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()

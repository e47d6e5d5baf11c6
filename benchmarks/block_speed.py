"""How fast cells on blocks play: native code beside plain torch, and additive synthesis beside the textbook's bank.

All voices of a batch for four seconds at 44.1 kHz, a control frame every 59 samples. What is compared is run in turn in
one process, so that a busy machine slows both; the medians are compared.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import torch
from torch import Tensor

from patchc.dsp.native.dsp import BlockDsp
from patchc.dsp.reference import TensorDsp
from patchc.dsp.resample import upsample

HERE = Path(__file__).parent
RATE, HOP, SECONDS = 44_100, 59, 4.0
GOAL = 10.0
"""Times that harmonics and noise together have to be faster than a plain bank of harmonics alone."""

PIECE = 64
"""Frames at a time in the plain bank: of 16, 64, 256 and all at once the fastest for both ways together."""

WIDTHS = (25, 100, 400)
"""Partials for which memory is measured."""

Row = dict[str, str | float]
Play = Callable[[TensorDsp, dict[str, Tensor]], Tensor]


def main() -> int:
    """Prints three tables, writes `benchmarks/results/block_speed.json`; 1 if the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="timed runs, of which the median counts")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--memory-of", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.memory_of:
        print(_memory(options.memory_of[0], int(options.memory_of[1]), options.batch))
        return 0
    makers: dict[str, Callable[[], list[Row]]] = {
        "primitives": lambda: [_primitive(name, options) for name in PRIMITIVES],
        "banks": lambda: [_bank(backward, options) for backward in (False, True)],
        "memory": lambda: [_peaks(width) for width in WIDTHS],
    }
    tables: dict[str, list[Row]] = {}
    for name, make in makers.items():
        tables[name] = make()
        print(_table(tables[name]), end="\n\n", flush=True)
    _save(tables, options)
    return int(any(float(row["times faster"]) < GOAL for row in tables["banks"]))


# --- the primitives, one by one

PRIMITIVES: dict[str, Play] = {
    "phase": lambda dsp, v: dsp.phase(v["freq"]),
    "delay": lambda dsp, v: dsp.delay(v["x"], v["seconds"], v["feedback"], 1.0, 0.001),
    "delay that stands still": lambda dsp, v: dsp.delay(v["x"], v["decay"], v["feedback"], 1.0, 0.001),
    "partials": lambda dsp, v: dsp.partials(v["turn"], v["freq"], v["shape"]),
    "shaped noise": lambda dsp, v: dsp.shaped_noise(v["bands"]),
    "shaped noise that stands still": lambda dsp, v: dsp.shaped_noise(v["bands"][:, :1]),
    "room": lambda dsp, v: dsp.reverberate(v["x"], v["decay"], 1.0),
}
FEW = 2
"""Voices for primitives and memory: plain torch takes minutes for many."""


def _primitive(name: str, options: argparse.Namespace) -> Row:
    given = inputs(FEW, 100)
    row: Row = {"primitive": name}
    for way, backward in (("forward", False), ("both ways", True)):
        runs = [_player(kind, PRIMITIVES[name], given, backward) for kind in (BlockDsp, TensorDsp)]
        native, plain = (1e9 * spent / (FEW * _ticks()) for spent in _in_turn(runs, options.repeats))
        row |= {
            f"{way}, ns": round(native, 1),
            f"{way}, torch": round(plain, 1),
            f"{way}, times": round(plain / native),
        }
    return row


def _player(kind: type[TensorDsp], play: Play, given: dict[str, Tensor], backward: bool) -> Callable[[], None]:
    dsp = machine(kind, FEW)
    own = {name: one.clone().requires_grad_(backward) for name, one in given.items()}

    def run() -> None:
        with torch.set_grad_enabled(backward):
            heard = play(dsp, own)
            if backward:
                heard.square().mean().backward()

    return run


# --- harmonics and noise


def _bank(backward: bool, options: argparse.Namespace) -> Row:
    given = inputs(options.batch, 100)
    ours, plain = (lambda: harmonics_and_noise(given, backward)), (lambda: plain_bank(given, backward))
    native, torches = _in_turn([ours, plain], options.repeats)
    return {
        "16 x 4 s": "both ways" if backward else "forward",
        "harmonics and noise, s": round(native, 3),
        "plain bank, s": round(torches, 3),
        "times faster": round(torches / native, 1),
    }


def harmonics_and_noise(given: dict[str, Tensor], backward: bool) -> None:
    """Additive synthesis with 65 bands of noise, as the cells `harmonic` and `noise_bank` play it."""
    dsp = machine(BlockDsp, len(given["pitch"]))
    names = ("pitch", "level", "shape", "bands")
    pitch, level, shape, bands = (given[name].clone().requires_grad_(backward) for name in names)
    with torch.set_grad_enabled(backward):
        freq, loud = upsample(pitch, HOP, _ticks(), log=True), upsample(level, HOP, _ticks())
        heard = loud * (dsp.partials(dsp.phase(freq), freq, shape) + dsp.shaped_noise(bands))
        if backward:
            heard.square().mean().backward()


def plain_bank(given: dict[str, Tensor], backward: bool) -> None:
    """The textbook's bank of sines in torch, a voice and `PIECE` frames at a time: what fits the cache is fastest."""
    numbers = torch.arange(1, given["shape"].shape[2] + 1)
    for row in range(len(given["pitch"])):
        names = ("pitch", "level", "shape")
        pitch, level, shape = (given[name][row : row + 1].clone().requires_grad_(backward) for name in names)
        with torch.set_grad_enabled(backward):
            freq = upsample(pitch, HOP, _ticks(), log=True)
            turns = torch.cumsum(freq / RATE, 1)
            pieces = [_piece(start, freq, turns, shape, numbers) for start in range(0, _ticks(), PIECE * HOP)]
            heard = upsample(level, HOP, _ticks()) * torch.cat(pieces, 1)
            if backward:
                heard.square().mean().backward()


def _piece(start: int, freq: Tensor, turns: Tensor, shape: Tensor, numbers: Tensor) -> Tensor:
    some = slice(start, start + PIECE * HOP)
    audible = (freq[:, some, None] * numbers < RATE / 2).float()
    weights = upsample(shape[:, start // HOP : start // HOP + PIECE + 1], HOP, audible.shape[1]) * audible
    return (weights * torch.sin(2 * math.pi * turns[:, some, None] * numbers)).sum(-1)


# --- memory


def _peaks(width: int) -> Row:
    """Peak memory beyond that of the inputs for `FEW` voices both ways, each measured in a process of its own."""
    row: Row = {"partials": width}
    for name in ("ours", "plain"):
        command = [sys.executable, __file__, "--batch", str(FEW), "--memory-of", name, str(width)]
        row[f"{name}, MB"] = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return row


def _memory(name: str, width: int, batch: int) -> float:
    play = harmonics_and_noise if name == "ours" else plain_bank
    play(inputs(1, 2), True)
    given = inputs(batch, width)
    Path("/proc/self/clear_refs").write_text("5")  # the peak is forgotten
    before = _resident("VmRSS")
    play(given, True)
    return (_resident("VmHWM") - before) // 1024


def _resident(what: str) -> int:
    """Kilobytes of memory, now or at its peak, as Linux counts them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))


# --- what all share


def _ticks() -> int:
    return round(SECONDS * RATE)


def machine(kind: type[TensorDsp], batch: int) -> TensorDsp:
    """The machine of a cell, with a seed for each voice."""
    return kind(rate=float(RATE), time=_ticks(), hop=HOP, seed=torch.arange(batch), key=3)


def inputs(batch: int, width: int) -> dict[str, Tensor]:
    """Signals by the sample and vectors by the frame, alike for everybody."""
    generator = torch.Generator().manual_seed(0)
    frames = -(-_ticks() // HOP) + 1
    draw = lambda *shape: torch.rand(shape, generator=generator)  # noqa: E731
    ticks = torch.arange(_ticks())[None]
    return {
        "x": draw(batch, _ticks()) - 0.5,
        "freq": 100 + 5 * torch.sin(ticks / 1000) + draw(batch, 1),
        "turn": draw(batch, _ticks()),
        "seconds": 0.25 + 0.01 * torch.sin(ticks / 3000) * draw(batch, 1),
        "feedback": 0.5 * draw(batch, 1),
        "decay": 0.3 + draw(batch, 1) / 2,
        "pitch": 100 + 100 * draw(batch, 1) * (1 + 0.01 * torch.sin(torch.arange(frames) / 100)),
        "level": draw(batch, frames),
        "shape": torch.softmax(3 * draw(batch, frames, width), 2),
        "bands": draw(batch, frames, 65),
    }


def _in_turn(runs: list[Callable[[], None]], repeats: int) -> list[float]:
    """The median time of each, after one run that warms up."""
    spent: list[list[float]] = [[] for _ in runs]
    for _ in range(repeats + 1):
        for run, times in zip(runs, spent, strict=True):
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
    return [statistics.median(times[1:]) for times in spent]


def _table(rows: list[Row]) -> str:
    heads = list(rows[0])
    lines = [heads, *([str(row[head]) for head in heads] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def _save(tables: dict[str, list[Row]], options: argparse.Namespace) -> None:
    about = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": SECONDS,
        "sample_rate": RATE,
        "batch": options.batch,
        "threads": options.threads,
        "repeats": options.repeats,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "processor": platform.machine(),
        "unit": f"`primitives` are nanoseconds per sample for {FEW} voices, `memory` is for as many both ways: "
        "what grows with the partials are their weights by the frame and the slopes by those",
        **tables,
    }
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "block_speed.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())

"""Times a patch: how much faster than it sounds, with and without gradients, what it holds, where the time goes."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch

from patchc.cli.progress import Progress
from patchc.compiler.module import PatchModule
from patchc.compiler.probe import trial_inputs

BATCHES = (1, 16, 64)
RUNS = 7


@dataclass(frozen=True)
class Row:
    """One batch size: medians in seconds, and how much memory grew, in MiB."""

    batch: int
    forward: float
    gradient: float
    memory: float


@dataclass(frozen=True)
class Bench:
    """What was measured. `cells` is the share of each cell in the operations of the kernels, `limit` ns a sample."""

    seconds: float
    sample_rate: int
    threads: int
    executor: str
    build: float
    rows: tuple[Row, ...]
    cells: dict[str, float]
    operations: float
    limit: float | None
    blocks: tuple[str, ...]

    def json(self) -> dict[str, Any]:
        return asdict(self)


def bench(synth: PatchModule, seconds: float, batches: tuple[int, ...] = BATCHES) -> Bench:
    """Measures with as many threads as torch has. The first call, which may build kernels, is timed by itself."""
    with Progress("timing", len(batches) * (RUNS + 1) + 1) as progress:
        start = time.perf_counter()
        synth(synth.draw(1, 0), seconds=seconds, taps=[], inputs=trial_inputs(synth, seconds))
        build = time.perf_counter() - start
        progress.step("built")
        rows = tuple(_row(synth, batch, seconds, progress) for batch in batches)
    counts = synth.operations()
    operations = sum(counts.values())
    largest = sorted(counts.items(), key=lambda item: -item[1])
    share = {name: count / operations for name, count in largest if count}
    threads = torch.get_num_threads()
    limit = _limit(operations, threads) if counts else None
    return Bench(
        seconds, synth.sample_rate, threads, synth.executor, build, rows, share, operations, limit, synth.blocks
    )


def _limit(operations: float, threads: int) -> float | None:
    """Nanoseconds a sample if every core did nothing but these operations at its best rate."""
    from patchc.native.peak import peak
    from patchc.native.toolchain import CompileError

    try:
        rate, lanes = peak()
    except CompileError:
        return None
    return operations / (rate * lanes * threads)


def _row(synth: PatchModule, batch: int, seconds: float, progress: Progress) -> Row:
    settings = synth.draw(batch, seed=0).clamp(0.02, 0.98).requires_grad_()
    inputs = trial_inputs(synth, seconds)

    def forward() -> None:
        with torch.no_grad():
            synth(settings, seconds=seconds, taps=[], inputs=inputs)

    def gradient() -> None:
        settings.grad = None
        synth(settings, seconds=seconds, taps=[], inputs=inputs).audio.square().mean().backward()

    before = _peak()
    spent = []
    for _ in range(RUNS + 1):
        spent.append((_spent(forward), _spent(gradient)))
        progress.step(f"batch {batch}")
    ahead, back = (statistics.median(one[place] for one in spent[1:]) for place in (0, 1))
    return Row(batch, ahead, back, _peak() - before)


def _spent(call: Callable[[], None]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def text(found: Bench) -> str:
    """The measurement as people read it."""
    rate = f"{found.sample_rate / 1000:g} kHz"
    threads = "1 thread" if found.threads == 1 else f"{found.threads} threads"
    lines = [
        f"{found.seconds:g} s at {rate}, {threads}, {found.executor} executor; first call {found.build:.2f} s",
        "",
        f"{'batch':>5}  {'forward':>22}  {'with gradients':>22}  {'memory':>9}",
    ]
    lines += [_line(row, found) for row in found.rows]
    if found.cells:
        lines += ["", f"{found.operations:.0f} operations on vectors a sample, by cell"]
        lines += [f"  {share:6.1%}  {name}" for name, share in found.cells.items() if share >= 0.005]
    if found.blocks:
        lines += ["", f"by themselves, between kernels: {', '.join(found.blocks)}"]
    if found.limit is not None:
        fastest = min(row.forward / (row.batch * found.seconds * found.sample_rate) for row in found.rows) * 1e9
        how = f"{fastest:.2f} ns a sample is {fastest / found.limit:.1f} times the {found.limit:.2f} ns"
        lines += ["", f"{how} that these operations would take alone"]
    return "\n".join(lines) + "\n"


def _line(row: Row, found: Bench) -> str:
    def speed(spent: float) -> str:
        sound = row.batch * found.seconds
        return f"{sound / spent:,.0f} x {spent * 1e9 / (sound * found.sample_rate):8.2f} ns"

    return f"{row.batch:5}  {speed(row.forward):>22}  {speed(row.gradient):>22}  {row.memory:5.0f} MiB"

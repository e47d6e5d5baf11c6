"""From what was measured to rows: nanoseconds a sample, the ratio, what was asked for, and memory."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cases import Peer
from measure import Measured, Outcome
from rich.table import Table

RATE, NOISY = 44_100, 1.5
"""Samples a second, and how far apart the runs of one side may be before it is said."""


@dataclass(frozen=True)
class Cost:
    """The medians of one side: nanoseconds a sample; mebibytes at the peak, and how many of them the work itself took.

    `spread` is the slowest run over the fastest, and `cores` how many were busy: far from 1, and from the threads asked
    for, others were at work. `faults` of `numbers` numbers have no finite gradient; None where none was taken.
    `warning` is the first that a run gave.
    """

    nanoseconds: float
    spread: float
    cores: float
    peak: float
    grown: float
    faults: int | None = None
    numbers: int | None = None
    warning: str | None = None


@dataclass(frozen=True)
class Row:
    """One patch against one peer, or alone. A `target` is how many times faster the patch has to be."""

    case: str
    batch: int
    mode: str
    allocator: str
    peer: str
    ours: Cost | None
    theirs: Cost | None
    target: float | None
    memory_target: float | None
    failure: str | None

    @property
    def ratio(self) -> float | None:
        """How many times faster the patch is."""
        return self.theirs.nanoseconds / self.ours.nanoseconds if self.ours and self.theirs else None

    @property
    def memory(self) -> float | None:
        """The patch's share of the peer's memory, libraries left out."""
        return self.ours.grown / self.theirs.grown if self.ours and self.theirs and self.theirs.grown > 0 else None

    @property
    def fast(self) -> bool | None:
        """Whether the patch is as much faster as it has to be; None if nothing is asked for, or known."""
        return None if self.target is None or self.ratio is None else self.ratio >= self.target

    @property
    def small(self) -> bool | None:
        """Whether the patch takes as little memory as it has to."""
        return None if self.memory_target is None or self.memory is None else self.memory <= self.memory_target


def rows(outcome: Outcome, seconds: float) -> Iterator[Row]:
    """A row for each peer of a case; one row if it has none."""
    case = outcome.case
    samples = case.batch * round(seconds * RATE)
    ours, *others = outcome.sides
    pairs: list[tuple[Peer | None, Measured | None]] = list(zip(case.peers, others, strict=True)) or [(None, None)]
    for peer, measured in pairs:
        sides = [side for side in (ours, measured) if side]
        yield Row(
            case=case.name,
            batch=case.batch,
            mode=case.mode,
            allocator=outcome.allocator,
            peer=peer.side.name if peer else "",
            ours=cost(ours, samples),
            theirs=cost(measured, samples) if measured else None,
            target=peer.faster.get(outcome.allocator) if peer else None,
            memory_target=peer.memory if peer else None,
            failure="; ".join(f"{side.side.name}: {side.failure}" for side in sides if side.failure) or None,
        )


def cost(measured: Measured, samples: int) -> Cost | None:
    """Medians over the runs of one side, or None if there is no run."""
    if not measured.runs:
        return None
    times = [run["seconds"] for run in measured.runs]
    gradients = measured.runs[-1].get("gradients")
    return Cost(
        nanoseconds=1e9 * _median(measured, "seconds") / samples,
        spread=max(times) / min(times),
        cores=_median(measured, "cores"),
        peak=_median(measured, "peak_mib"),
        grown=statistics.median(run["peak_mib"] - run["before_mib"] for run in measured.runs),
        faults=gradients["missing"] + gradients["nonfinite"] if gradients else None,
        numbers=gradients["numbers"] if gradients else None,
        warning=next((run["warning"] for run in measured.runs if run.get("warning")), None),
    )


def _median(measured: Measured, name: str) -> float:
    return float(statistics.median(run[name] for run in measured.runs))


# --- for people

HEADS = (
    "case",
    "batch",
    "mode",
    "malloc",
    "peer",
    "ours",
    "peer's",
    "ratio",
    "target",
    "ours",
    "peer's",
    "share",
    "target",
)
UNITS = ("", "", "", "", "", "ns", "ns", "", "", "MiB", "MiB", "", "")


def printed(found: Iterable[Row]) -> Table:
    """The table, with mebibytes as `peak (grown)` and a sign for targets met and missed."""
    table = Table(title="nanoseconds a sample, and memory at its peak (without libraries)", title_justify="left")
    for head, unit in zip(HEADS, UNITS, strict=True):
        left = head in ("case", "mode", "malloc", "peer")
        table.add_column(f"{head}\n{unit}", justify="left" if left else "right", no_wrap=True)
    for row in found:
        table.add_row(*_cells(row), style="red" if False in (row.fast, row.small) else "")
    return table


def _cells(row: Row) -> list[str]:
    sign = {True: " ✓", False: " ✗", None: ""}
    return [
        row.case,
        str(row.batch),
        row.mode,
        row.allocator,
        row.peer,
        _speed(row.ours),
        _speed(row.theirs),
        f"{row.ratio:.2f}{sign[row.fast]}" if row.ratio else "",
        f"{row.target:g}" if row.target else "",
        _mebibytes(row.ours),
        _mebibytes(row.theirs),
        f"{row.memory:.2f}{sign[row.small]}" if row.memory and row.theirs and row.theirs.numbers else "",
        f"{row.memory_target:g}" if row.memory_target else "",
    ]


def _speed(spent: Cost | None) -> str:
    return f"{spent.nanoseconds:.2f}" if spent else "-"


def _mebibytes(spent: Cost | None) -> str:
    return f"{spent.peak:.0f} ({spent.grown:.0f})" if spent else "-"


def remarks(found: Iterable[Row]) -> list[str]:
    """What the table has no column for, each once: who failed, whose gradients are not all finite, what is noisy."""
    return list(dict.fromkeys(remark for row in found for remark in _remarks(row)))


def _remarks(row: Row) -> Iterator[str]:
    where = f"{row.case}, batch {row.batch}, {row.mode}"
    if row.failure:
        yield f"{where}: {row.failure}"
    for name, spent in (("patchc", row.ours), (row.peer, row.theirs)):
        if spent and spent.faults:
            yield f"{where}: {name} has no finite gradient for {spent.faults} of {spent.numbers} numbers"
        if spent and spent.warning:
            yield f"{where}: {name} warned: {spent.warning}"
        if spent and spent.spread > NOISY:
            yield f"{where}, {row.allocator}: noisy, {name}'s slowest run took {spent.spread:.1f} times its fastest"


def as_data(row: Row) -> dict[str, Any]:
    """The row for a file."""

    def numbers(spent: Cost | None) -> dict[str, Any] | None:
        return {name: _rounded(value) for name, value in vars(spent).items()} if spent else None

    found = {**vars(row), "ours": numbers(row.ours), "theirs": numbers(row.theirs)}
    told = {"ratio": _rounded(row.ratio), "fast": row.fast, "memory": _rounded(row.memory), "small": row.small}
    return found | told


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value

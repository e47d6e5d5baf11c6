"""What losses cost with their gradients: multi-scale spectra against auraloss, and a chain loss over six taps.

    python benchmarks/loss_speed.py

16 sounds of 4 s at 16 kHz, six window lengths, 75 % overlap. All cases take turns in one process and the medians of
their times are compared, since a machine that others use slows down and speeds up; `cpu` is the time of all cores
together, which says what is spent where others wait too. Prints a table and writes benchmarks/results/loss_speed.json;
1 if a goal is missed or the two libraries do not say the same.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from unittest.mock import patch

import auraloss
import torch
from torch import Tensor

from patchc.graph.load import load_graph
from patchc.losses.chain import ChainLoss
from patchc.losses.mss import Mss
from patchc.losses.spectra import kernel
from patchc.source.text import Source

RESULTS = Path(__file__).parent / "results" / "loss_speed.json"
BATCH, SECONDS, RATE = 16, 4, 16_000
SAMPLES = SECONDS * RATE
SIZES = (2048, 1024, 512, 256, 128, 64)
FLOOR = -140.0
"""Below all that is heard, like the 1e-8 at which auraloss clamps power: then both compute the same."""

PATCH = """patchc 1
patch voice {
  cell osc1  : saw
  cell osc2  : pulse
  cell mixed : mix { in <- osc1, osc2 }
  cell vcf   : svf { in <- mixed }
  cell vca   : gain { in <- vcf }
  output main <- vca

  tap osc1, osc2, mixed, vcf, vca, main loss mss
}
"""

TAPS = ("osc1", "osc2", "mixed", "vcf", "vca", "main")

GOAL_RATIO, GOAL_CHAIN = 2.5, 600.0
"""Times faster than auraloss, and nanoseconds a sample of the chain, on two threads."""

AURALOSS, EACH_CALL, PREPARED = "auraloss", "mss, target analysed each time", "mss, target prepared"
PLAIN, CHAIN, TRANSFORMS = "mss without a C++ compiler", "chain of six taps", "torch's transforms alone"


@dataclass(frozen=True)
class Sound:
    """What a chain loss compares."""

    audio: Tensor
    taps: dict[str, Tensor]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=9, help="timed turns, of which the median counts")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    apart = difference()
    spent = in_turns(cases(), options.repeats)
    rows = {name: in_nanoseconds(times) for name, times in spent.items()}
    ratios = {name: round(rows[AURALOSS]["median"] / rows[name]["median"], 2) for name in (EACH_CALL, PREPARED, PLAIN)}
    print(table(rows, ratios))
    print(f"the values of the two libraries differ by {apart:.1e}")
    save({"values_differ": apart, "ratios": ratios, "cases": rows}, options)
    return int(
        apart > 1e-3 or min(ratios[EACH_CALL], ratios[PREPARED]) < GOAL_RATIO or rows[CHAIN]["median"] > GOAL_CHAIN
    )


def noise(seed: int, *shape: int) -> Tensor:
    """White noise with silence at both ends, where auraloss mirrors a signal and patchc does not."""
    length = SAMPLES - 2 * max(SIZES)
    middle = 0.2 * torch.randn(*shape, length, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.pad(middle, (max(SIZES), max(SIZES)))


def multi_resolution() -> torch.nn.Module:
    hops = [size // 4 for size in SIZES]
    loss: torch.nn.Module = auraloss.freq.MultiResolutionSTFTLoss(
        SIZES, hops, SIZES, w_sc=0.0, w_log_mag=1.0, w_lin_mag=1.0
    )
    return loss


def difference() -> float:
    """How far apart the values of the two libraries are, relative."""
    prediction, target = noise(0, BATCH), noise(1, BATCH)
    theirs = multi_resolution()(prediction[:, None], target[:, None])
    return abs(float(Mss(RATE, floor=FLOOR)(prediction, target).mean() / theirs) - 1)


def cases() -> dict[str, Callable[[], object]]:
    """What is timed, by name: one call forward and backward each."""
    prediction, target = noise(0, BATCH).requires_grad_(), noise(1, BATCH)
    theirs, ours = multi_resolution(), Mss(RATE, floor=FLOOR)
    prepared = ours.prepare(target)
    with without_kernel():
        plain = ours.prepare(target)

    def by_formula() -> object:
        with without_kernel():
            return torch.autograd.grad(ours(prediction, plain).mean(), prediction)

    return {
        AURALOSS: lambda: torch.autograd.grad(theirs(prediction[:, None], target[:, None]), prediction),
        EACH_CALL: lambda: torch.autograd.grad(ours(prediction, target).mean(), prediction),
        PREPARED: lambda: torch.autograd.grad(ours(prediction, prepared).mean(), prediction),
        PLAIN: by_formula,
        CHAIN: chain_of_six(),
        TRANSFORMS: transforms(),
    }


def without_kernel() -> AbstractContextManager[object]:
    """As on a machine without a C++ compiler."""
    return patch.object(kernel, "is_there", lambda: False)


def chain_of_six() -> Callable[[], object]:
    graph, _ = load_graph(Source("voice.patch", PATCH))
    assert graph is not None
    chain = ChainLoss.of(graph, sample_rate=RATE, control_rate=250)
    sounds = [dict(zip(TAPS, noise(seed, len(TAPS), BATCH), strict=True)) for seed in (2, 3)]
    sound, target = (Sound(taps["main"], taps) for taps in sounds)
    given, compared = list(sound.taps.values()), chain.prepare(target)
    for signal in given:
        signal.requires_grad_()
    return lambda: torch.autograd.grad(chain(sound, compared).mean, given)


def transforms() -> Callable[[], object]:
    """The real FFTs there and back that six window lengths need, sound by sound, on frames that lie ready."""
    frames = [torch.randn(SAMPLES * 4 // size + 1, size) for size in SIZES]
    return lambda: [torch.fft.irfft(torch.fft.rfft(part), part.shape[1]) for part in frames for _ in range(BATCH)]


def in_turns(named: dict[str, Callable[[], object]], repeats: int) -> dict[str, list[tuple[float, float]]]:
    """Seconds of each call, on the clock and of all cores together; a first turn that warms up does not count."""
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in named}
    for number in range(repeats + 1):
        for name, call in named.items():
            start, worked = time.perf_counter(), time.process_time()
            call()
            if number:
                spent[name].append((time.perf_counter() - start, time.process_time() - worked))
    return spent


def in_nanoseconds(times: list[tuple[float, float]]) -> dict[str, float]:
    """Of one sample of audio."""
    clock, cores = ([1e9 * spent / (BATCH * SAMPLES) for spent in column] for column in zip(*times, strict=True))
    found = {"min": min(clock), "median": statistics.median(clock), "max": max(clock), "cpu": statistics.median(cores)}
    return {name: round(value, 1) for name, value in found.items()}


def table(rows: dict[str, dict[str, float]], ratios: dict[str, float]) -> str:
    lines: list[tuple[str, ...]] = [("ns per sample", "min", "median", "max", "cpu", "times faster than auraloss")]
    for name, numbers in rows.items():
        lines.append((name, *(str(number) for number in numbers.values()), str(ratios.get(name, ""))))
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def save(found: dict[str, object], options: argparse.Namespace) -> None:
    about = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "batch": BATCH,
        "seconds": SECONDS,
        "sample_rate": RATE,
        "sizes": SIZES,
        "threads": options.threads,
        "repeats": options.repeats,
        "kernel": kernel.is_there(),
        "torch": torch.__version__,
        "auraloss": version("auraloss"),
        "python": platform.python_version(),
        "processor": platform.machine(),
        "unit": "nanoseconds per sample of audio (batch times time), forward and backward; ratios are of medians",
        **found,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())

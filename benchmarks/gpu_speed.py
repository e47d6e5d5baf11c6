"""How fast patches render on a CUDA device: Voice and subtractive, 1,024 sounds of 4 s at once, and their gradients.

    python benchmarks/gpu_speed.py

Every call gets settings of its own, and the clock stops when the device is done. The first sounds are compared with the
kernel of the processor. Prints a table beside what others have published, with their conditions; writes
benchmarks/results/gpu_speed.json. Without a CUDA device it compiles what would run, says so, and measures nothing.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import torch
from torch import Tensor

from patchc.compiler.fused import cuda, operator
from patchc.compiler.fused.region import Form
from patchc.compiler.load import load
from patchc.compiler.module import PatchModule
from patchc.native.cuda_toolchain import find_nvcc
from patchc.native.toolchain import CompileError

ROOT = Path(__file__).resolve().parent.parent
PATCHES = ("voice", "subtractive")
RATE, SECONDS = 44_100, 4.0
CHECKED = 8
"""Sounds that are compared with the processor's."""

AGREED = -100.0
"""Decibels that the difference may have."""

PUBLISHED = (
    "Published by others (forward only: neither gives gradients; their Voice has no filter):",
    "  torchsynth   16,200 x real time: batch 128, 4 s, 44.1 kHz, one V100 (Turian et al. 2021)",
    "  SynthAX      over 90,000 x at its peak: batches of 2 to 1,024, 4 s, 44.1 kHz, device not stated;",
    "               its script stops the clock without waiting for the device",
)


@dataclass(frozen=True)
class Row:
    """One patch in one direction."""

    patch: str
    what: str
    milliseconds: float
    real_times: float
    samples_a_second: float
    gigabytes: float
    decibels: float  # of the difference from the processor


def main() -> int:
    """Returns 1 where the device's sounds are not the processor's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--repeats", type=int, default=10, help="timed calls, of which the median counts")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "gpu_speed.json")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        return _only_compile()
    rows = [row for name in PATCHES for row in _measure(name, options.batch, options.repeats)]
    print(_table(rows))
    print("\n".join(PUBLISHED))
    _save(rows, options)
    return int(any(row.decibels > AGREED for row in rows))


# --- without a device


def _only_compile() -> int:
    print("There is no CUDA device here: nothing is measured.")
    for name in PATCHES:
        print(f"{name}: {_compiled(name)}")
    return 0


def _compiled(name: str) -> str:
    """What a compiler says to the sources of a patch."""
    try:
        compiler = find_nvcc("sm_90")
        start = time.perf_counter()
        texts = list(_texts(name))
        for text in texts:
            with tempfile.TemporaryDirectory() as folder:
                source = Path(folder, "kernel.cu")
                source.write_text(cuda.whole(text))
                compiler.build(source, source.with_suffix(".so"))
    except CompileError as error:
        return f"not compiled: {error}"
    return f"{len(texts)} sources compile for {compiler.device}, in {time.perf_counter() - start:.0f} s"


def _texts(name: str) -> Iterator[str]:
    """What is built for a call with settings and one sound to give."""
    fused = _load(name)._fused
    assert fused is not None
    for step in fused.steps(Form("still"), ()):
        kernel = operator.kernel(step.key)
        yield from (kernel.forward_text, kernel.backward_text)
        if kernel.split:
            yield kernel.split_text


# --- with one


def _load(name: str) -> PatchModule:
    path = ROOT / "examples" / f"{name}.patch"
    return load(path, sample_rate=RATE, split_time=True, memory_limit=2**62)


def _measure(name: str, batch: int, repeats: int) -> list[Row]:
    processor, device = _load(name), _load(name).cuda()
    settings = [device.draw(batch, seed=seed) for seed in range(repeats + 2)]
    rows = []
    for what, gradients in (("forward", False), ("forward and backward", True)):
        found = [one[:CHECKED] for one in _call(device, settings[0], gradients)]
        expected = _call(processor, settings[0][:CHECKED].cpu(), gradients)
        decibels = max(_decibels(*pair) for pair in zip(found, expected, strict=True))
        del found
        torch.cuda.reset_peak_memory_stats()
        spent = [_timed(device, one, gradients) for one in settings][2:]  # the first two warm up
        taken = statistics.median(spent)
        rows.append(
            Row(
                patch=name,
                what=what,
                milliseconds=round(1000 * taken, 3),
                real_times=round(batch * SECONDS / taken),
                samples_a_second=round(batch * SECONDS * RATE / taken),
                gigabytes=round(torch.cuda.max_memory_allocated() / 1e9, 2),
                decibels=round(decibels, 1),
            )
        )
    assert device.executor == "fused"
    return rows


def _call(synth: PatchModule, settings: Tensor, gradients: bool) -> list[Tensor]:
    """The sound, and the gradients of a sum over it that weighs every sample differently."""
    leaf = settings.clone().requires_grad_(gradients)
    with torch.set_grad_enabled(gradients):
        audio = synth(leaf, seconds=SECONDS, taps=[]).audio
    if not gradients:
        return [audio]
    weights = torch.cos(torch.arange(audio.shape[-1], device=audio.device, dtype=torch.float64) * 0.37).float()
    return [audio, *torch.autograd.grad((audio * weights).sum(), leaf)]


def _timed(synth: PatchModule, settings: Tensor, gradients: bool) -> float:
    torch.cuda.synchronize()
    start = time.perf_counter()
    leaf = settings.requires_grad_(gradients)
    with torch.set_grad_enabled(gradients):
        audio = synth(leaf, seconds=SECONDS, taps=[]).audio
        if gradients:
            torch.autograd.grad(audio, leaf, torch.ones_like(audio))
    torch.cuda.synchronize()
    return time.perf_counter() - start


def _decibels(found: Tensor, expected: Tensor) -> float:
    """How loud the difference is beside what was expected."""
    exact = expected.detach().double()
    ratio = float((found.detach().cpu().double() - exact).norm() / exact.norm())
    return 20 * math.log10(ratio) if ratio > 0 else -math.inf


# --- what is said


def _table(rows: list[Row]) -> str:
    heads = ["patch", "what", "ms", "x real time", "samples/s", "GB", "dB from the processor"]
    lines = [heads, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def _cells(row: Row) -> list[str]:
    speed = [f"{row.milliseconds:.2f}", f"{row.real_times:,.0f}", f"{row.samples_a_second:.2e}"]
    return [row.patch, row.what, *speed, f"{row.gigabytes:.2f}", f"{row.decibels:.0f}"]


def _save(rows: list[Row], options: argparse.Namespace) -> None:
    about = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "device": torch.cuda.get_device_name(),
        "command": " ".join(["python", *sys.argv]),
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "batch": options.batch,
        "seconds": SECONDS,
        "sample_rate": RATE,
        "repeats": options.repeats,
        "unit": "`real_times` is seconds of sound in a second, waiting for the device before and after each call",
        "rows": [asdict(row) for row in rows],
    }
    options.out.parent.mkdir(exist_ok=True)
    options.out.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())

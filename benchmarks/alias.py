"""What is mirrored at the Nyquist limit: lines below a pitch of 2,093 Hz (C7), and lines anywhere that are no harmonic.

    python benchmarks/alias.py

Plays kernels at 48 kHz, prints what it measured and writes it to benchmarks/results/alias.json. Every level is next to
the loudest line but 0 Hz. `plain` is the curve as it is written (`oversample = 1`), `shipped` that of the cell.
"""

from __future__ import annotations

import json
import math
import platform
from datetime import UTC, datetime
from pathlib import Path

import torch
from torch import Tensor

from patchc.compiler.load import compile_graph
from patchc.graph.load import load_graph
from patchc.source.text import Source

HERE = Path(__file__).resolve().parent
RATE, FREQ, SECONDS, SKIPPED = 48_000, 2093.0, 1.4, 2400
WIDTH, HEARD = 20.0, 16_000.0
"""Hz either side of a harmonic that the window spreads it over, and up to where other lines count."""

SOUND = "cell hum : {cell} {{ freq = {freq:g} Hz; level = 0 dB }}"
OSCILLATORS = {name: SOUND.format(cell=name, freq=FREQ) for name in ("saw", "pulse", "triangle", "sine")}
CURVES = {f"shaper, {shape}": ("shaper", f"; shape = {shape}") for shape in ("tanh", "cubic", "fold")}
CURVES["wavefolder"] = ("wavefolder", "")


def main() -> int:
    rows = [{"cell": name, "form": "shipped", **_levels(_played(line, "hum"))} for name, line in OSCILLATORS.items()]
    for name, (cell, more) in CURVES.items():
        for form, sizes in (("plain", "(oversample = 1)"), ("shipped", "")):
            line = f"cell bent : {cell}{sizes} {{ in <- hum; drive = 24 dB{more} }}"
            rows.append({"cell": name, "form": form, **_levels(_played(f"{OSCILLATORS['sine']}\n{line}", "bent"))})
    for row in rows:
        print(f"{row['cell']:14} {row['form']:8} {row['below']:7.1f} dB below the pitch, {row['stray']:7.1f} anywhere")
    about = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": platform.processor() or platform.machine(),
        "unit": f"dB next to the loudest line; `stray` up to {HEARD:g} Hz",
        "sound": f"{FREQ:g} Hz at {RATE} Hz, float32; curves bend a sine at 24 dB of drive",
        "rows": rows,
    }
    (HERE / "results/alias.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return 0


def _played(cells: str, out: str) -> Tensor:
    """`[time]`, float64, without its first 50 ms."""
    source = Source("alias.patch", f"patchc 1\n\npatch alias {{\n{cells}\noutput main <- {out}\n}}\n")
    graph, diagnostics = load_graph(source)
    if graph is None:
        raise SystemExit("\n".join(one.message for one in diagnostics))
    synth = compile_graph(graph, source, sample_rate=RATE)
    with torch.no_grad():
        heard: Tensor = synth(synth.defaults(), seconds=SECONDS, taps=[]).audio
    return heard.reshape(-1)[SKIPPED:].double()


def _levels(heard: Tensor) -> dict[str, float]:
    """The loudest line below the pitch, and the loudest that is no harmonic, in dB."""
    window = torch.kaiser_window(len(heard), periodic=False, beta=22.0, dtype=torch.float64)
    level = torch.fft.rfft(heard * window).abs()
    hertz = torch.arange(len(level), dtype=torch.float64) * RATE / len(heard)
    away = (hertz - (hertz / FREQ).round() * FREQ).abs() > WIDTH
    loudest = level[hertz > WIDTH].max()
    chosen = {"below": away & (hertz < FREQ), "stray": away & (hertz < HEARD)}
    return {name: round(20 * math.log10(float(level[mask].max() / loudest)), 1) for name, mask in chosen.items()}


if __name__ == "__main__":
    raise SystemExit(main())

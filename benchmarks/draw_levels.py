"""How loud draws of the examples are: shares of sounds that peak beyond full scale, and that stay below -50 dBFS.

    python benchmarks/draw_levels.py [voice.patch ...]

Inputs are at their defaults, and a note is held for 75 % of a second. Without names, prints what it measured of every
example that sounds by itself and writes it to benchmarks/results/draw_levels.json.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import torch
from torch import Tensor

from patchc import load
from patchc.cells.spec import Kind
from patchc.compiler.inputs import HELD
from patchc.compiler.module import PatchModule

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples"
DRAWS, RATE, SECONDS, BATCH = 200, 48_000, 1.0, 20
FAINT_DB = -50.0


def main(names: list[str]) -> int:
    found = {}
    for path in [EXAMPLES / name for name in names] or sorted(EXAMPLES.glob("*.patch")):
        synth = load(path, sample_rate=RATE)
        if sounds_alone(synth):
            found[path.stem] = levels(synth, DRAWS, SECONDS)
            print(path.stem, found[path.stem])
    if not names:
        about = {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "unit": f"shares of {DRAWS} sounds of {SECONDS:g} s at {RATE} Hz",
            "levels": found,
        }
        (HERE / "results/draw_levels.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return 0


def sounds_alone(synth: PatchModule) -> bool:
    """Whether a patch makes sound without a recording."""
    return all(item.kind is not Kind.AUDIO for item in synth.graph.inputs)


def levels(synth: PatchModule, count: int, seconds: float) -> dict[str, float]:
    """The shares of `count` draws that are too loud and too faint."""
    peaks = peaks_of(synth, count, seconds)
    faint = 10 ** (FAINT_DB / 20)
    return {
        "above": round(float((peaks > 1).double().mean()), 3),
        "below": round(float((peaks < faint).double().mean()), 3),
    }


def peaks_of(synth: PatchModule, count: int, seconds: float) -> Tensor:
    """The peaks `[count]` of draws, of which 1 is full scale."""
    gates = {item.name: HELD * seconds for item in synth.graph.inputs if item.kind is Kind.GATE}
    with torch.inference_mode():
        sounds = [
            synth(part, seconds=seconds, seed=item, taps=[], inputs=gates).audio.abs().reshape(len(part), -1).amax(-1)
            for item, part in enumerate(synth.draw(count, seed=0).split(BATCH))
        ]
    return torch.cat(sounds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

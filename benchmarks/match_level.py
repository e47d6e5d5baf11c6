"""How near a match comes to the level of its target: five recordings by default, and twenty sounds patches can make.

    python benchmarks/match_level.py

Takes ten minutes or so. Prints each row and writes all of them to benchmarks/results/match_level.json. The pairs and
the seeds are fixed; nothing was tuned on them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from patchc import load
from patchc.cells.spec import Kind
from patchc.matching.match import Match, match

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples"
RECORDINGS = {
    EXAMPLES / "targets/csound_fm_bell.wav": "fm_bell",
    HERE / "targets/csound_pluck.wav": "subtractive",
    HERE / "targets/espeak_ah.wav": "harmonic_noise",
    EXAMPLES / "targets/gm056_n56.wav": "fm_brass",
    EXAMPLES / "targets/csound_moogladder.wav": "acid",
}
DRAWN = ("subtractive", "fm_bell", "kick", "organ", "fm_brass")
SEEDS = range(700, 704)
GIVEN = {"pitch": 220.0, "gate": 0.6}


def main() -> int:
    rows = []
    for row in (*_recorded(), *_drawn()):
        print(f"{row['target']:24} {row['patch']:16} {row['apart_db']:+6.2f} dB")
        rows.append(row)
    for kind, limit in (("recording", 1.5), ("draw", 0.5)):
        apart = [abs(row["apart_db"]) for row in rows if row["kind"] == kind]
        print(f"{sum(one <= limit for one in apart)} of {len(apart)} of kind {kind} within {limit:g} dB")
    about = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "unit": "RMS level in dBFS without constant offsets; `apart_db` is match minus target",
        "rows": rows,
    }
    (HERE / "results/match_level.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return 0


def _recorded() -> Iterator[dict[str, Any]]:
    """Recordings, with every setting of the match at its default."""
    for target, patch in RECORDINGS.items():
        yield _row("recording", target.name, patch, match(load(EXAMPLES / f"{patch}.patch"), target))


def _drawn() -> Iterator[dict[str, Any]]:
    """Draws of the patch itself, 1 s at 16 kHz, pitch and gate given."""
    for patch in DRAWN:
        synth = load(EXAMPLES / f"{patch}.patch", sample_rate=16_000)
        kinds = {item.name: item.kind for item in synth.graph.inputs}
        inputs = {name: value for name, value in GIVEN.items() if name in kinds}
        for seed in SEEDS:
            with torch.inference_mode():
                target = synth(synth.draw(1, seed), seconds=1.0, taps=[], inputs=inputs).audio[0]
            told = {name: GIVEN[name] for name in inputs if kinds[name] in (Kind.CONTROL, Kind.GATE)}
            yield _row("draw", f"seed {seed}", patch, match(synth, target.clone(), **told))


def _row(kind: str, target: str, patch: str, found: Match) -> dict[str, Any]:
    level = found.level
    return {
        "kind": kind,
        "target": target,
        "patch": patch,
        "target_db": round(level.target_db, 2),
        "match_db": round(level.match_db, 2),
        "apart_db": round(level.match_db - level.target_db, 2),
        "remark": level.remark or "",
    }


if __name__ == "__main__":
    raise SystemExit(main())

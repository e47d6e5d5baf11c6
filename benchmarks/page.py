"""Writes benchmarks/README.md out of the measurements in benchmarks/results: `python benchmarks/page.py`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "results"

INTRODUCTION = """# How fast, next to whom; how clean, how loud

<!-- Made by benchmarks/page.py from benchmarks/results. -->

Times are ratios within one run, on the machine named with each table; another machine gives other nanoseconds and about
the same ratios. `make peers` measures against programs of others, `make bench` the rest, and `patchc bench PATCH` a
patch of yours."""


def main() -> int:
    (HERE / "README.md").write_text(page(), encoding="utf-8")
    return 0


def page() -> str:
    """The whole page, from whichever results there are."""
    sections = [_peers, _start, _inductor, _loss, _blocks, _scaling, _beside, _alias, _draw_levels, _match_level]
    names = ["peers", "start_speed", "inductor_speed", "loss_speed", "block_speed", "scaling"]
    names += ["beside", "alias", "draw_levels", "match_level"]
    found = [make(data) for make, name in zip(sections, names, strict=True) if (data := _read(name)) is not None]
    return "\n\n".join([INTRODUCTION, *found]) + "\n"


def _read(name: str) -> Any:
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _peers(data: Any) -> str:
    head = ["patch", "batch", "what", "memory of libc", "patchc, ns", "next to", "ns", "times faster", "goal", "memory"]
    head += ["processes", "date"]
    rows = [_peer(row) for row in data["rows"]]
    machine = ", ".join(str(value) for value in data["machine"].values())
    about = (
        f"{data['seconds']:g} s at 44.1 kHz, medians of alternating processes of three timed calls or more. {machine}."
    )
    end = (
        "`gradient` is that of the sound's mean square, by each library itself (torch takes 2 to 6 ns a sample); "
        "`pullback` begins with a gradient for the sound that is there already, so it is what the synths take. "
        "`memory` is the share of the peer's that a call took beyond what its libraries had taken before."
    )
    return "\n\n".join(["## Programs of others", about, _table(head, rows), end])


def _peer(row: Any) -> list[str]:
    def number(side: Any) -> str:
        return f"{side['nanoseconds']:.3g}" if side else "-"

    ratio, goal, memory = row["ratio"], row["target"], row["memory"]
    reached = "" if goal is None or ratio is None else (" ✓" if ratio >= goal else " ✗")
    return [
        row["case"],
        str(row["batch"]),
        row["mode"],
        row["allocator"],
        number(row["ours"]),
        row["peer"] or "-",
        number(row["theirs"]),
        f"{ratio:.1f}" if ratio else (row["failure"] or "-"),
        f"{goal:g}{reached}" if goal else "-",
        f"{memory:.2f}" if memory else "-",
        str(row["runs"]),
        row["date"][:10],
    ]


def _start(data: Any) -> str:
    rows = [[name, f"{spent:.2f}"] for name, spent in data["seconds"].items()]
    about = f"{data['unit'][0].upper()}{data['unit'][1:]}. {data['date'][:10]}."
    return "\n\n".join(["## Until there is sound", about, _table(["what", "s"], rows)])


def _inductor(data: Any) -> str:
    head = list(data["rows"][0])
    rows = [[str(value) for value in row.values()] for row in data["rows"]]
    about = f"{data['unit'][0].upper()}{data['unit'][1:]}; {data['threads']} threads, torch {data['torch']}."
    return "\n\n".join(["## A general compiler", f"{about} {data['date'][:10]}.", _table(head, rows)])


def _loss(data: Any) -> str:
    rows = [[name, f"{spent['median']:.0f}"] for name, spent in data["cases"].items()]
    sounds = f"{data['batch']} x {data['seconds']} s at {data['sample_rate']} Hz"
    about = f"Forward and backward, {sounds}, {data['threads']} threads."
    ratios = "; ".join(f"{name}: {ratio:g} times auraloss" for name, ratio in data["ratios"].items())
    return "\n\n".join(
        ["## Losses", f"{about} {data['date'][:10]}.", _table(["loss", "ns a sample"], rows), f"{ratios}."]
    )


def _blocks(data: Any) -> str:
    parts = [f"## Cells that work on blocks\n\n{data['threads']} thread(s), {data['date'][:10]}. {data['unit']}."]
    parts += [_table(list(rows[0]), [[str(v) for v in row.values()] for row in rows]) for rows in _lists(data)]
    return "\n\n".join(parts)


def _lists(data: Any) -> Iterable[list[Any]]:
    return [value for value in data.values() if isinstance(value, list) and value]


def _scaling(data: Any) -> str:
    rows = []
    for growth in data["growth"]:
        for name, slope in growth.get("slopes", {}).items():
            rows.append([growth["title"], name, f"{slope:.2f}"])
    picture = "![Time against batch, seconds and cells](../docs/pictures/scaling.png)"
    about = "Slopes of time on double logarithmic paper: 1 is in proportion."
    return "\n\n".join(
        ["## Growth", f"{about} {data['date'][:10]}.", _table(["along", "what", "slope"], rows), picture]
    )


def _beside(data: Any) -> str:
    head = ["what", "ms", "before, ms", "times as fast", "control"]
    rows = [[name, *(str(value) for value in row.values())] for name, row in data["table"].items()]
    about = (
        f"`python benchmarks/beside.py OTHER`, OTHER at {data['other']}: 16 sounds at 48 kHz on one thread, "
        f"{data['rounds']} rounds of alternating processes. `control` is OTHER next to itself. {data['date'][:10]}."
    )
    return "\n\n".join(["## Next to an earlier build", about, _table(head, rows)])


def _alias(data: Any) -> str:
    rows = [[row["cell"], row["form"], f"{row['below']:.1f}", f"{row['stray']:.1f}"] for row in data["rows"]]
    about = (
        f"`python benchmarks/alias.py`: {data['sound']}. `below` is the loudest line below the pitch, `stray` the "
        f"loudest that is no harmonic, in {data['unit'].replace(';', ',')}. {data['date'][:10]}."
    )
    return "\n\n".join(["## Aliases", about, _table(["cell", "form", "below", "stray"], rows)])


def _draw_levels(data: Any) -> str:
    rows = [[name, f"{row['above']:.1%}", f"{row['below']:.1%}"] for name, row in data["levels"].items()]
    about = f"`python benchmarks/draw_levels.py`: {data['unit']}. {data['date'][:10]}."
    head = ["patch", "peak above full scale", "peak below -50 dBFS"]
    return "\n\n".join(["## How loud drawn sounds are", about, _table(head, rows)])


def _match_level(data: Any) -> str:
    names, levels = ("kind", "target", "patch"), ("target_db", "match_db", "apart_db")
    rows = [[*(row[key] for key in names), *(f"{row[key]:.2f}" for key in levels)] for row in data["rows"]]
    head = ["kind", "target", "patch", "target, dBFS", "match, dBFS", "apart, dB"]
    about = f"`python benchmarks/match_level.py`: {data['unit']}. {data['date'][:10]}."
    return "\n\n".join(["## The level of matches", about, _table(head, rows)])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    raise SystemExit(main())

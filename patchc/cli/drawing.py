"""Drawn sounds as data and in words: JSON with all about the knobs, CSV, a line of JSON each, patches, messages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from patchc.cli.drawn import Drawn, unit_of
from patchc.cli.files import folder, write
from patchc.compiler.knobs import Knob
from patchc.compiler.module import PatchModule
from patchc.units.domain import Choice
from patchc.units.unit import UNITS, written

FEW = 8
"""Sounds of which each gets a line of its own."""
WIDTH = 100
KEPT = "\0"
"""Stands for spaces where no line ends."""


def as_json(drawn: Drawn) -> str:
    """All by name, in the unit each knob has in the patch, one sound a line."""
    knobs = [
        {"name": knob.name, "unit": unit_of(knob), "columns": [knob.columns.start, knob.columns.stop]}
        for knob in drawn.synth.knobs
    ]
    parts = zip(drawn.numbers, drawn.seeds, _by_name(drawn), drawn.settings.tolist(), strict=True)
    lines = [
        json.dumps({"index": number - 1, "item": number, "seed": seed, "values": values, "positions": positions})
        for number, seed, values, positions in parts
    ]
    head = json.dumps({"schema": 2, "patch": drawn.synth.graph.name, "seed": drawn.seed, "knobs": knobs}, indent=2)
    inside = ",\n    ".join(lines)
    return f'{head[:-2]},\n  "settings": [\n    {inside}\n  ]\n}}\n'


def as_csv(drawn: Drawn) -> str:
    """One line per sound; a vector takes a column per entry, called `tone.shape[0]` and so on."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["index", *(name for knob in drawn.synth.knobs for name in _columns(knob))])
    for number, values in zip(drawn.numbers, drawn.values(), strict=True):
        rows.writerow([number - 1, *(entry for value in values for entry in _entries(value))])
    return text.getvalue()


def columns(synth: PatchModule) -> str:
    """In which unit each column of the CSV is."""
    units = ((knob.name, "" if isinstance(knob.domain, Choice) else unit_of(knob)) for knob in synth.knobs)
    named = ", ".join(f"{name} in {unit}" for name, unit in units if unit)
    return f"columns: {named or 'plain numbers'}"


def as_manifest(drawn: Drawn, files: Sequence[str]) -> str:
    """A line of JSON per sound: its file, its number, the seed of its noise, its knobs and their units."""
    units = {knob.name: unit_of(knob) for knob in drawn.synth.knobs}
    parts = zip(files, drawn.numbers, drawn.seeds, _by_name(drawn), strict=True)
    return "".join(
        json.dumps({"file": file, "item": number, "seed": seed, "settings": values, "units": units}) + "\n"
        for file, number, seed, values in parts
    )


def told(drawn: Drawn, files: Sequence[str]) -> Iterator[str]:
    """What each of a few sounds is and how to have it again; one line about all of many."""
    if len(drawn) > FEW:
        ends = f"{drawn.numbers[0]} to {drawn.numbers[-1]}"
        yield f"drawn with `--seed {drawn.seed}`; `--first K --n 1` makes one again, K from {ends}"
        return
    for file, number, seed, values in zip(files, drawn.numbers, drawn.seeds, drawn.values(), strict=True):
        yield f"{file}: again with `--seed {drawn.seed} --first {number} --n 1`; the seed of its noise is {seed}"
        knobs = zip(drawn.synth.knobs, values, strict=True)
        parts = (f"{knob.name} {_in_words(knob, value)}".replace(" ", KEPT) for knob, value in knobs)
        lines = fill(", ".join(parts), WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
        yield lines.replace(KEPT, " ")


def patch_files(drawn: Drawn, where: str | None) -> list[str]:
    """What sounds written as patches into the folder `where` are called; none without a folder."""
    return list(drawn.files(str(Path(where) / f"{drawn.synth.graph.name}.patch"))) if where else []


def write_patches(drawn: Drawn, where: str) -> str:
    """Writes each sound as a patch into the folder `where`, numbered; says so. Raises `PatchError`."""
    folder(where)
    names = patch_files(drawn, where)
    for name, row in zip(names, drawn.settings, strict=True):
        write(name, drawn.synth.text(row[None]))
    return f"wrote {len(names)} patch{'es' if len(names) > 1 else ''}: {names[0]} to {names[-1]}"


def _by_name(drawn: Drawn) -> Iterator[dict[str, Any]]:
    names = [knob.name for knob in drawn.synth.knobs]
    return (dict(zip(names, values, strict=True)) for values in drawn.values())


def _in_words(knob: Knob, value: Any) -> str:
    if isinstance(knob.domain, Choice):
        return str(value)
    if isinstance(value, list):
        return f"of {len(value)} numbers"
    unit = unit_of(knob)
    return written(value * UNITS[unit].factor, unit, 4)


def _columns(knob: Knob) -> Iterator[str]:
    if knob.width == 1 or isinstance(knob.domain, Choice):
        yield knob.name
    else:
        yield from (f"{knob.name}[{entry}]" for entry in range(knob.width))


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

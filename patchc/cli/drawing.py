"""Settings as data: JSON with everything about the knobs, CSV with a column per number."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from torch import Tensor

from patchc.cli.files import folder, write
from patchc.cli.rendering import numbered
from patchc.compiler.knobs import Knob
from patchc.compiler.module import PatchModule
from patchc.compiler.settings import natural
from patchc.units.domain import Choice
from patchc.units.unit import BASE_UNIT, UNITS


def as_json(synth: PatchModule, settings: Tensor, seed: int) -> str:
    """`settings` `[n, width]` by name, in the unit each knob has in the patch, one setting a line."""
    knobs = [
        {"name": knob.name, "unit": unit_of(knob), "columns": [knob.columns.start, knob.columns.stop]}
        for knob in synth.knobs
    ]
    names = [knob.name for knob in synth.knobs]
    rows = zip(_rows(synth, settings), settings.tolist(), strict=True)
    lines = [
        json.dumps({"index": index, "values": dict(zip(names, values, strict=True)), "positions": positions})
        for index, (values, positions) in enumerate(rows)
    ]
    head = json.dumps({"schema": 2, "patch": synth.graph.name, "seed": seed, "knobs": knobs}, indent=2)
    inside = ",\n    ".join(lines)
    return f'{head[:-2]},\n  "settings": [\n    {inside}\n  ]\n}}\n'


def as_csv(synth: PatchModule, settings: Tensor) -> str:
    """One line per setting; a vector takes a column per entry, called `tone.shape[0]` and so on."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["index", *(name for knob in synth.knobs for name in _columns(knob))])
    for index, values in enumerate(_rows(synth, settings)):
        rows.writerow([index, *(entry for value in values for entry in _entries(value))])
    return text.getvalue()


def unit_of(knob: Knob) -> str:
    """The unit that the patch writes a knob in."""
    fits = knob.unit in UNITS and UNITS[knob.unit].dimension is knob.dimension
    return knob.unit if fits else BASE_UNIT[knob.dimension]


def _rows(synth: PatchModule, settings: Tensor) -> Iterator[tuple[Any, ...]]:
    """The values of all knobs, setting by setting: whole columns are reckoned at once."""
    if not synth.knobs:
        return iter([()] * len(settings))
    return zip(*(_column(knob, settings) for knob in synth.knobs), strict=True)


def _column(knob: Knob, settings: Tensor) -> list[Any]:
    """One knob of all settings, in its unit; of a choice, the strongest member."""
    values = natural(knob, settings[:, knob.columns].double())
    if isinstance(knob.domain, Choice):
        return [knob.domain.members[place] for place in values.argmax(-1).tolist()]
    found: list[Any] = (values / UNITS[unit_of(knob)].factor).tolist()
    return found


def _columns(knob: Knob) -> Iterator[str]:
    if knob.width == 1 or isinstance(knob.domain, Choice):
        yield knob.name
    else:
        yield from (f"{knob.name}[{entry}]" for entry in range(knob.width))


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def write_patches(synth: PatchModule, settings: Tensor, where: str) -> str:
    """Writes each setting as a patch into the folder `where`, numbered; says so. Raises `PatchError`."""
    names = [
        numbered(str(folder(where) / f"{synth.graph.name}.patch"), item, len(settings)) for item in range(len(settings))
    ]
    for name, row in zip(names, settings, strict=True):
        write(name, synth.text(row[None]))
    return f"wrote {len(names)} patch{'es' if len(names) > 1 else ''}: {names[0]} to {names[-1]}"

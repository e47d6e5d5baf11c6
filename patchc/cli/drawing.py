"""Settings as data: JSON with everything about the knobs, CSV with a column per number."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from torch import Tensor

from patchc.compiler.knobs import Knob
from patchc.compiler.module import PatchModule
from patchc.compiler.settings import written_values
from patchc.units.domain import Choice
from patchc.units.unit import BASE_UNIT


def as_json(synth: PatchModule, settings: Tensor, seed: int) -> str:
    """`settings` `[n, width]` by name, with the unit and the columns of each knob."""
    knobs = [
        {"name": knob.name, "unit": BASE_UNIT[knob.dimension], "columns": [knob.columns.start, knob.columns.stop]}
        for knob in synth.knobs
    ]
    drawn = [
        {"index": index, "values": written_values(synth.knobs, row), "positions": row.tolist()}
        for index, row in enumerate(settings)
    ]
    whole = {"schema": 1, "patch": synth.graph.name, "seed": seed, "knobs": knobs, "settings": drawn}
    return json.dumps(whole, indent=2) + "\n"


def as_csv(synth: PatchModule, settings: Tensor) -> str:
    """One line per setting; a vector takes a column per entry, called `tone.shape[0]` and so on."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["index", *(name for knob in synth.knobs for name in _columns(knob))])
    for index, row in enumerate(settings):
        values = written_values(synth.knobs, row)
        rows.writerow([index, *(entry for knob in synth.knobs for entry in _entries(values[knob.name]))])
    return text.getvalue()


def _columns(knob: Knob) -> Iterator[str]:
    if knob.width == 1 or isinstance(knob.domain, Choice):
        yield knob.name
    else:
        yield from (f"{knob.name}[{entry}]" for entry in range(knob.width))


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

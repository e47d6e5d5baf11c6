"""`patchc cells`: the cell types a patch can use."""

from __future__ import annotations

from typing import Annotated

import typer

from patchc.cli.options import Json

SECTION = "Look something up"
EXAMPLES = """
  patchc cells              all cell types
  patchc cells svf          ports, units, ranges and defaults of one
  patchc cells --json       all of it, for other programs
"""


def _names() -> list[tuple[str, str]]:
    from patchc.cells.registry import cell_names, find_cell

    found = ((name, find_cell(name)) for name in cell_names())
    return [(name, cell.spec.summary) for name, cell in found if cell]


def cells(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="A cell type.", autocompletion=_names)] = None,
    json: Json = False,
) -> int:
    """List the cell types, or print the page of one."""
    from patchc.cells.registry import cell_names
    from patchc.cli.asking import chosen

    names = cell_names()
    if name is not None:
        names = (chosen("cell type", name, names, "`patchc cells` lists them"),)
    if json:
        context.obj.result(_as_json(names))
    elif name is not None:
        from patchc.cells.page import page

        context.obj.result(page(name))
    else:
        width = max(map(len, names))
        rows = (f"{context.obj.paint('strong', name.ljust(width))}  {summary}\n" for name, summary in _names())
        context.obj.result("".join(rows))
    return 0


def _as_json(names: tuple[str, ...]) -> str:
    import json

    from patchc.cells.registry import find_cell

    found = (find_cell(name) for name in names)
    return json.dumps({"schema": 1, "cells": [c.spec.model_dump(mode="json") for c in found if c]}, indent=2) + "\n"

"""`patchc cells`: the cell types a patch can use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from patchc.cli.options import Json

if TYPE_CHECKING:
    from patchc.cli.screen import Screen

SECTION = "Look something up"
EXAMPLES = """
  patchc cells              all cell types
  patchc cells svf          ports, units, ranges and defaults of one
  patchc cells lowpass      the cells that a word of other instruments, or of the descriptions, leads to
  patchc cells --json       all of it, for other programs
"""


def _rows(names: tuple[str, ...]) -> list[tuple[str, str]]:
    from patchc.cells.registry import find_cell

    found = ((name, find_cell(name)) for name in names)
    return [(name, cell.spec.summary) for name, cell in found if cell]


def _names(incomplete: str) -> list[tuple[str, str]]:
    from patchc.cells.registry import cell_names
    from patchc.cli.searching import words_like

    names = [row for row in _rows(cell_names()) if row[0].startswith(incomplete)]
    return [*names, *words_like(incomplete)]


def cells(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A cell type, or a word for one.", autocompletion=_names)
    ] = None,
    json: Json = False,
) -> int:
    """List the cell types, or print the page of one."""
    from patchc.cells.registry import cell_names

    names = cell_names()
    if name is not None:
        names = _found(context.obj, name)
    if json:
        context.obj.result(_as_json(names))
    elif name is not None and len(names) == 1:
        from patchc.cells.page import page

        context.obj.result(page(names[0]))
    else:
        width = max(map(len, names))
        rows = (f"{context.obj.paint('strong', name.ljust(width))}  {summary}\n" for name, summary in _rows(names))
        context.obj.result("".join(rows))
    return 0


def _found(screen: Screen, word: str) -> tuple[str, ...]:
    """The cell types that `word` leads to. Raises `PatchError` where there is none."""
    from patchc.cells.registry import cell_names
    from patchc.cli.asking import chosen
    from patchc.cli.searching import search

    found = search(word)
    if not found.names:
        chosen("cell type", word, cell_names(), "`patchc cells` lists them", found.remark)
    if found.remark:
        screen.message(found.remark)
    return found.names


def _as_json(names: tuple[str, ...]) -> str:
    import json

    from patchc.cells.registry import find_cell

    found = (find_cell(name) for name in names)
    return json.dumps({"schema": 1, "cells": [c.spec.model_dump(mode="json") for c in found if c]}, indent=2) + "\n"

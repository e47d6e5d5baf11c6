"""Finds cell types by name: first the files of this folder, then what other installed packages declare."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

import patchc.cells
from patchc.cells.cell import Cell

GROUP = "patchc.cells"
"""The entry point group in which a package names its cells: `supersaw = "my_package.supersaw:Supersaw"`."""

_MACHINERY = {"cell", "spec", "registry", "page"}


class BrokenCell(Exception):
    """A cell file or entry point that does not hold the cell it says it holds."""


def cell_names() -> tuple[str, ...]:
    """Every cell type's name: the built-in ones in alphabetical order, then those of other packages. Imports none."""
    own = {module.name for module in pkgutil.iter_modules(patchc.cells.__path__)} - _MACHINERY
    foreign = {entry.name for entry in entry_points(group=GROUP)} - own
    return (*sorted(own), *sorted(foreign))


def find_cell(name: str) -> type[Cell] | None:
    """The class of the cell type called `name`, or None. Imports that one file only.

    Raises `BrokenCell` where the file or the entry point has no such class.
    """
    if not name.isidentifier() or name.startswith("_") or name in _MACHINERY:
        return None
    if importlib.util.find_spec(f"{GROUP}.{name}"):
        return _pick(name, vars(importlib.import_module(f"{GROUP}.{name}")).values(), f"patchc/cells/{name}.py")
    found = next(iter(entry_points(group=GROUP, name=name)), None)
    return _load(found) if found else None


def _load(entry: EntryPoint) -> type[Cell]:
    where = f"the entry point `{entry.name} = {entry.value}`"
    try:
        loaded = entry.load()
    except Exception as error:  # whatever somebody else's module does when it is imported
        raise BrokenCell(f"{where} cannot be imported: {error}") from error
    return _pick(entry.name, [loaded], where)


def _pick(name: str, candidates: Iterable[object], where: str) -> type[Cell]:
    for candidate in candidates:
        if isinstance(candidate, type) and issubclass(candidate, Cell) and _named(candidate) == name:
            return candidate
    raise BrokenCell(f"{where} has no cell `{name}`")


def _named(cell: type[Cell]) -> str | None:
    return None if inspect.isabstract(cell) else cell.spec.name

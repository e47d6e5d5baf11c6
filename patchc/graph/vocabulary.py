"""The built-in cell types that one run asks for, each looked up once."""

from __future__ import annotations

from patchc.cells.cell import Cell
from patchc.cells.registry import BrokenCell, cell_names, find_cell
from patchc.cells.spec import CellSpec


class Vocabulary:
    """Cell types by name. The list of all names is made when the first unknown one is met."""

    def __init__(self) -> None:
        self._specs: dict[str, CellSpec | None] = {}
        self._names: tuple[str, ...] | None = None
        self.broken: dict[str, str] = {}
        """Why a cell type that is declared cannot be loaded, by its name."""

    def spec(self, name: str) -> CellSpec | None:
        """The promises of the cell type called `name`; None if there is none."""
        if name not in self._specs:
            known = self._names is None or name in self._names
            found = self._find(name) if known else None
            self._specs[name] = found.spec if found else None
            if found is None:
                self.names()
        return self._specs[name]

    def names(self) -> tuple[str, ...]:
        if self._names is None:
            self._names = cell_names()
        return self._names

    def _find(self, name: str) -> type[Cell] | None:
        try:
            return find_cell(name)
        except BrokenCell as broken:
            self.broken[name] = str(broken)
            return None

"""The built-in cell types that one run asks for, each looked up once."""

from __future__ import annotations

from patchc.cells.registry import cell_names, find_cell
from patchc.cells.spec import CellSpec


class Vocabulary:
    """Cell types by name. The list of all names is made when the first unknown one is met."""

    def __init__(self) -> None:
        self._specs: dict[str, CellSpec | None] = {}
        self._names: tuple[str, ...] | None = None

    def spec(self, name: str) -> CellSpec | None:
        """The promises of the cell type called `name`; None if there is none."""
        if name not in self._specs:
            known = self._names is None or name in self._names
            found = find_cell(name) if known else None
            self._specs[name] = found.spec if found else None
            if found is None:
                self.names()
        return self._specs[name]

    def names(self) -> tuple[str, ...]:
        if self._names is None:
            self._names = cell_names()
        return self._names

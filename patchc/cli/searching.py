"""Finds cell types by a word: their name, what other instruments call them, and what their descriptions say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from patchc.cells.registry import cell_names, find_cell
from patchc.cells.spec import CellSpec
from patchc.source.synonyms.cells import CELLS


@dataclass(frozen=True)
class Found:
    """Cell types, the most fitting first, and what is to be said about the word."""

    names: tuple[str, ...]
    remark: str = ""


def search(word: str) -> Found:
    """Every cell type that has to do with `word`."""
    known = cell_names()
    if word in known:
        return Found((word,))
    guess = CELLS.guess(word, known)
    first = [guess.name] if guess.name and guess.safe else []
    if guess.entry is not None and not first:
        first = [guess.entry.target.partition(" ")[0]]
    told = [name for name in known if _tells_of(word, name)]
    return Found(tuple(dict.fromkeys([*first, *told])), guess.hint)


def _tells_of(word: str, name: str) -> bool:
    cell = find_cell(name)
    wanted = rf"\b{re.escape(word.lower().removesuffix('s'))}"
    return len(word) > 2 and cell is not None and re.search(wanted, _text(cell.spec).lower()) is not None


def _text(spec: CellSpec) -> str:
    ports = " ".join(f"{port.name} {port.doc}" for port in spec.ports)
    return f"{spec.doc} {ports} {spec.out.doc}"


def words_like(start: str) -> list[tuple[str, str]]:
    """For completion: words that begin with `start`, and what they are called here."""
    entries = [(word, entry.said(word)) for entry in CELLS.entries for word in sorted(entry.words)]
    return [pair for pair in entries if start and pair[0].startswith(start.lower())]

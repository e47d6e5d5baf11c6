"""From a file to a graph or to everything that is wrong with it: `.patch`, `.yaml` and `.json`. Knows no torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from patchc.graph.model import Graph
from patchc.graph.reading import check_spelling, is_document, read_spelling
from patchc.source.diagnostic import Diagnostic, has_errors
from patchc.source.error import PatchError
from patchc.source.read import read_source
from patchc.source.text import Source


def check(path: str | Path) -> list[Diagnostic]:
    """Everything there is to say about a file, all its patches checked; empty if it is right. Never raises."""
    source = read_source(path)
    if isinstance(source, Diagnostic):
        return [source]
    return check_spelling(source, root=_root(path))


def read_graph(path: str | Path, patch: str | None = None) -> tuple[Graph, Source | None]:
    """The graph of a file's main patch, or of the one called `patch`, and its source if it is a patch text.

    Raises `PatchError` with every diagnostic.
    """
    source = read_source(path)
    if isinstance(source, Diagnostic):
        raise PatchError([source])
    graph = _flawless(*read_spelling(source, patch=patch, root=_root(path)))
    return graph, None if is_document(source.name) else source


def _root(path: str | Path) -> Path | None:
    return None if str(path) == "-" else Path(path).parent


def _flawless(graph: Graph | None, diagnostics: Sequence[Diagnostic]) -> Graph:
    if graph is None or has_errors(list(diagnostics)):
        raise PatchError(diagnostics)
    return graph

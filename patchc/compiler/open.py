"""From a file to a graph or to everything that is wrong with it: `.patch`, `.yaml` and `.json`. Knows no torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from patchc.graph.assign import Given
from patchc.graph.model import Graph
from patchc.graph.open import check_spelling, is_document, read_spelling, set_in
from patchc.source.diagnostic import Diagnostic, has_errors
from patchc.source.error import PatchError
from patchc.source.read import read_source
from patchc.source.text import Source


def check(path: str | Path, *, set: Mapping[str, Given] | None = None) -> list[Diagnostic]:
    """Everything there is to say about a file, all its patches checked; empty if it is right. Never raises.

    With `set`, what there is to say about its main patch with those numbers set, as `load` does it.
    """
    source = read_source(path)
    if isinstance(source, Diagnostic):
        return [source]
    if not set:
        return check_spelling(source, root=_root(path))
    graph, found = read_spelling(source, root=_root(path))
    try:
        return found if graph is None else set_in(graph, source, set, _root(path))[1]
    except PatchError as error:
        return list(error.diagnostics)


def read_graph(path: str | Path, patch: str | None = None) -> tuple[Graph, Source | None]:
    """The graph of a file's main patch, or of the one called `patch`, and its source if it is a patch text.

    Raises `PatchError` with every diagnostic.
    """
    source = read_source(path)
    if isinstance(source, Diagnostic):
        raise PatchError([source])
    graph = _flawless(*read_spelling(source, patch=patch, root=_root(path)))
    return graph, None if is_document(source.name) else source


def with_set(graph: Graph, source: Source | None, values: Mapping[str, Given]) -> tuple[Graph, Source]:
    """A graph and its text with numbers set by name. Raises `PatchError` with everything that does not fit."""
    found, diagnostics, text = set_in(graph, source, values, _root(source.name) if source else None)
    return _flawless(found, diagnostics), text


def _root(path: str | Path) -> Path | None:
    return None if str(path) == "-" else Path(path).parent


def _flawless(graph: Graph | None, diagnostics: Sequence[Diagnostic]) -> Graph:
    if graph is None or has_errors(list(diagnostics)):
        raise PatchError(diagnostics)
    return graph

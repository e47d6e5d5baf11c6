"""One reader for the three spellings of a patch: text, YAML and JSON, told apart by the name of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePath

from patchc.graph.assign import Given, assign
from patchc.graph.document import from_json, from_yaml
from patchc.graph.load import MAX_CELLS, check_source, load_graph
from patchc.graph.model import Graph
from patchc.graph.write import to_text
from patchc.source.codes.plugs import Unused
from patchc.source.diagnostic import Diagnostic, Severity, has_errors
from patchc.source.text import Source

DOCUMENTS = {".json": from_json, ".yaml": from_yaml, ".yml": from_yaml}


def is_document(name: str) -> bool:
    """Whether a file of this name holds a graph in YAML or JSON."""
    return PurePath(name).suffix.lower() in DOCUMENTS


def read_spelling(
    source: Source, *, patch: str | None = None, root: Path | None = None, max_cells: int = MAX_CELLS
) -> tuple[Graph | None, list[Diagnostic]]:
    """The graph of `source`, None where there are errors, and all that is to be said about it; as `load_graph`.

    A document holds one patch, so `patch` counts for text alone.
    """
    if reader := DOCUMENTS.get(PurePath(source.name).suffix.lower()):
        return reader(source)
    return load_graph(source, patch=patch, root=root, max_cells=max_cells)


def set_in(
    graph: Graph, source: Source | None, values: Mapping[str, Given], root: Path | None = None
) -> tuple[Graph | None, list[Diagnostic], Source]:
    """The graph with the numbers called as in `values` set (`patchc.graph.assign`), None where one does not fit.

    `source` is the text it was read from, if it is one. The third of the result is that text, or the one that says what
    `graph` says, with what was set written in. Raises `PatchError` (P806) for what is no value.
    """
    if source is None or is_document(source.name):
        source = Source(f"{graph.name}.patch", to_text(graph))
    assigned = assign(source, graph, values)
    found, diagnostics = load_graph(assigned.source, patch=graph.name, root=root)
    if has_errors(diagnostics):  # what is said besides of a value that is refused is said of nothing
        diagnostics = [one for one in diagnostics if one.severity is Severity.ERROR]
    return found, [assigned.said(diagnostic) for diagnostic in diagnostics], assigned.source


def check_spelling(source: Source, *, root: Path | None = None, max_cells: int = MAX_CELLS) -> list[Diagnostic]:
    """All that is to be said about `source`, about every patch in it, unused inputs and params too: `check_source`."""
    if not is_document(source.name):
        return check_source(source, root=root, max_cells=max_cells, unused=True)
    graph, found = read_spelling(source)
    text = Source(source.name, to_text(graph)) if graph is not None else None
    unused = [one for one in check_source(text, unused=True) if isinstance(one, Unused)] if text else []
    return [*found, *(replace(one, span=None) for one in unused)]

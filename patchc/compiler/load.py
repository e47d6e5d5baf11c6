"""From a file to a `PatchModule`: reads `.patch`, `.yaml` and `.json`, and raises everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from patchc.compiler.module import MEMORY_LIMIT, PatchModule
from patchc.graph.edit import write_values
from patchc.graph.load import load_graph
from patchc.graph.model import Graph
from patchc.graph.write import from_json, from_yaml, to_text
from patchc.source.diagnostic import Diagnostic, has_errors
from patchc.source.error import InternalError, PatchError
from patchc.source.read import read_source
from patchc.source.text import Source


def load(
    path: str | Path,
    *,
    sample_rate: int = 48_000,
    control_rate: float | None = None,
    patch: str | None = None,
    dtype: torch.dtype = torch.float32,
    memory_limit: int = MEMORY_LIMIT,
) -> PatchModule:
    """Compiles the main patch of a file, or the one called `patch`. Rates are in ticks a second.

    Raises `PatchError` with every diagnostic of the file if it has a mistake.
    """
    graph, source = read_graph(path, patch)
    return compile_graph(
        graph, source, sample_rate=sample_rate, control_rate=control_rate, dtype=dtype, memory_limit=memory_limit
    )


def compile_graph(graph: Graph, source: Source | None = None, **options: Any) -> PatchModule:
    """Compiles a graph that passed all checks; `options` are those of `load`. `source` is the text it was read from."""
    return PatchModule(graph, source=source, **options)


def read_graph(path: str | Path, patch: str | None = None) -> tuple[Graph, Source | None]:
    """The graph of a file by its ending, and its source if it is a patch text. Raises `PatchError`."""
    source = read_source(path)
    if isinstance(source, Diagnostic):
        raise PatchError([source])
    readers = {".json": from_json, ".yaml": from_yaml, ".yml": from_yaml}
    if reader := readers.get(Path(path).suffix.lower()):
        return _sound_graph(*reader(source.text)), None
    root = None if str(path) == "-" else Path(path).parent
    return _sound_graph(*load_graph(source, patch=patch, root=root)), source


def _sound_graph(graph: Graph | None, diagnostics: Sequence[Diagnostic]) -> Graph:
    if graph is None or has_errors(list(diagnostics)):
        raise PatchError(diagnostics)
    return graph


def as_patch(graph: Graph, source: Source | None, values: Mapping[str, Any]) -> str:
    """The patch text with values written in: into the author's own text if there is one."""
    if source is None:
        source = Source(f"{graph.name}.patch", to_text(graph))
        written, diagnostics = load_graph(source)
        if written is None:
            raise InternalError(f"the text of a graph does not read back: {diagnostics}")
        graph = written
    return write_values(source, graph, values)

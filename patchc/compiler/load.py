"""From a file to a `PatchModule`, and from values back to a patch text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from patchc.compiler.module import MEMORY_LIMIT, PatchModule
from patchc.compiler.open import read_graph, with_set
from patchc.graph.assign import Given
from patchc.graph.edit import write_values
from patchc.graph.fix import without_learning
from patchc.graph.load import load_graph
from patchc.graph.model import Graph
from patchc.graph.write import to_text
from patchc.source.error import InternalError
from patchc.source.text import Source


def load(
    path: str | Path,
    *,
    sample_rate: int = 48_000,
    control_rate: float | None = None,
    patch: str | None = None,
    dtype: torch.dtype = torch.float32,
    memory_limit: int = MEMORY_LIMIT,
    executor: str = "fused",
    split_time: bool = False,
    set: Mapping[str, Given] | None = None,
    learned: bool = True,
) -> PatchModule:
    """Compiles the main patch of a file, or the one called `patch`. Rates are in ticks a second.

    `executor="fused"` plays float32 patches on the CPU or CUDA by native kernels, `"reference"` everything by torch.
    `split_time=True` makes fewer than 16 sounds several times faster where filters remember; they then agree with the
    same sounds in a larger batch to rounding, not bit for bit.

    `set` gives numbers of the patch other values by name: `{"env.attack": "10 ms", "room.length": 4.0}`. They are texts
    as a patch writes them, or numbers in base units (several for a vector). Fixed numbers, params, sizes, depths and
    what instances hold can be set; the module's `source` is the text that says so. With `learned=False` what is `learn`
    is fixed where it starts, and the module has no parameters.

    Raises `PatchError` with every diagnostic of the file if it has a mistake.
    """
    graph, source = read_graph(path, patch)
    return compile_graph(
        graph,
        source,
        sample_rate=sample_rate,
        control_rate=control_rate,
        dtype=dtype,
        memory_limit=memory_limit,
        executor=executor,
        split_time=split_time,
        set=set,
        learned=learned,
    )


def compile_graph(
    graph: Graph,
    source: Source | None = None,
    *,
    set: Mapping[str, Given] | None = None,
    learned: bool = True,
    **options: Any,
) -> PatchModule:
    """Compiles a graph that passed all checks; `options` are those of `load`. `source` is the text it was read from."""
    if set:
        graph, source = with_set(graph, source, set)
    if not learned:
        graph, source = without_learning(graph), None
    return PatchModule(graph, source=source, **options)


def as_patch(
    graph: Graph, source: Source | None, values: Mapping[str, Any], blends: Mapping[str, str] | None = None
) -> str:
    """The patch text with values written in: into the author's own text if there is one.

    `blends` are choices that are between their members, in words; they are said in comments behind the patch.
    """
    if source is None:
        source = Source(f"{graph.name}.patch", to_text(graph))
        written, diagnostics = load_graph(source)
        if written is None:
            raise InternalError(f"the text of a graph does not read back: {diagnostics}")
        graph = written
    lines = [line for line in write_values(source, graph, values).splitlines(keepends=True) if _BLEND not in line]
    said = [f"# `{name}` {_BLEND} {blend}\n" for name, blend in (blends or {}).items()]
    return "".join([*lines, *(["\n"] if said and lines[-1].strip() == "}" else []), *said])


_BLEND = "is one of its members in a patch, and was a blend:"

"""What `patchc check` looks at: files one by one, and at wish the gradient of everything learnable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patchc.cli.files import patches
from patchc.source.diagnostic import Diagnostic, has_errors
from patchc.source.error import PatchError

if TYPE_CHECKING:
    from patchc.source.text import Source


@dataclass(frozen=True)
class CheckOptions:
    """What the options of `check` ask for."""

    patch: str | None = None
    grad: bool = False
    max_cells: int | None = None
    settings: tuple[str, ...] = ()


def findings(paths: Sequence[str], options: CheckOptions) -> tuple[list[str], list[Diagnostic]]:
    """The names of the files that `paths` mean, and all there is to say about them, file by file."""
    names: list[str] = []
    found: list[Diagnostic] = []
    for path in patches(paths):
        names.append(path if isinstance(path, str) else path.path)
        found += _of_file(path, options) if isinstance(path, str) else [path]
    return names, found


def _of_file(path: str, options: CheckOptions) -> Iterable[Diagnostic]:
    from patchc.source.read import read_source

    source = read_source(path)
    if isinstance(source, Diagnostic):
        return [source]
    if options.settings:
        from patchc.cli.setting import preset

        try:
            _, source, _ = preset(source, options.patch, options.settings)
        except PatchError as error:
            return error.diagnostics
    found = _of_text(source, options)
    return [*found, *_unreached(source, options)] if options.grad and not has_errors(found) else found


def _unreached(source: Source, options: CheckOptions) -> list[Diagnostic]:
    """What the gradient probe finds in the main patch, or the one that is wished for."""
    from patchc.cli.loading import graph_of, patch_source
    from patchc.compiler.load import compile_graph
    from patchc.compiler.probe import unreachable_knobs

    graph = graph_of(source, options.patch)
    return unreachable_knobs(compile_graph(graph, patch_source(source), sample_rate=16_000))


def _of_text(source: Source, options: CheckOptions) -> list[Diagnostic]:
    from patchc.graph.load import MAX_CELLS
    from patchc.graph.open import check_spelling, read_spelling

    limit = options.max_cells or MAX_CELLS
    if options.patch:
        return read_spelling(source, patch=options.patch, max_cells=limit)[1]
    return check_spelling(source, max_cells=limit)

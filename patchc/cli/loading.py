"""From the path on a command line to a source, a tree, a graph; what stands in the way is raised as a `PatchError`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patchc.source.diagnostic import Diagnostic, has_errors
from patchc.source.error import PatchError
from patchc.source.text import Source

if TYPE_CHECKING:
    from patchc.graph.model import Graph
    from patchc.syntax.tree import File


def source_of(path: str) -> Source:
    """The text at `path` (`-` is standard input). Raises `PatchError` if it cannot be read."""
    from patchc.source.read import read_source

    source = read_source(path)
    if isinstance(source, Diagnostic):
        raise PatchError([source])
    return source


def text_of(path: str) -> Source:
    """The patch text at `path`. Raises `PatchError` for what cannot be read, and for a graph in YAML or JSON."""
    from patchc.graph.open import is_document
    from patchc.source.codes.options import BadCommand

    source = source_of(path)
    if is_document(source.name):
        hint = f"`patchc graph --format patch {path}` writes it as the text of a patch"
        raise PatchError([BadCommand(span=None, what=f"`{path}` holds a graph as data", command="patchc", hint=hint)])
    return source


def tree_of(source: Source) -> File:
    """The tree of a text without syntax errors. Raises `PatchError` otherwise."""
    from patchc.syntax.parser import parse

    tree, found = parse(source)
    if has_errors(found):
        raise PatchError(found)
    return tree


def graph_of(source: Source, patch: str | None = None) -> Graph:
    """The graph of a patch's text, or of a `.json` or `.yaml` spelling of one. Raises `PatchError` if it has errors."""
    from patchc.graph.open import read_spelling

    graph, found = read_spelling(source, patch=patch)
    if graph is None or has_errors(found):
        raise PatchError(found)
    return graph


def patch_source(source: Source) -> Source | None:
    """The source, if it is the text of a patch (and not a graph in another spelling)."""
    from patchc.graph.open import is_document

    return None if is_document(source.name) else source

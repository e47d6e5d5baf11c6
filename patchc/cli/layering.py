"""The layers that cells of a patch have when none are written: one more than the latest cell each of them hears."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields

from patchc.syntax import tree

Layers = list[tuple[str, list[str]]]
_INDEX = re.compile(r"\[[^\]]*\]")
_LOOSE = re.compile(r"\[(?!-?\d+\])[^\]]*\]")  # a loop variable or `*`: any of the cells of that name


def layers_of(patch: tree.Patch) -> Layers:
    """Layer names, `layer_1` and on, with the names of their cells, for a patch without mistakes."""
    depth: dict[str, int] = {}
    for cell in _cells(patch.body):
        upstream = [ref.text for ref in _sources(cell)]
        below = [depth[name] for name in depth if any(_meant(ref, name) for ref in upstream)]
        depth[cell.name.text] = 1 + max(below, default=0)
    return [
        (f"layer_{number}", [name for name, at in depth.items() if at == number])
        for number in range(1, 1 + max(depth.values(), default=0))
    ]


def _cells(body: Sequence[tree.Stmt]) -> Iterator[tree.Cell]:
    for node in body:
        if isinstance(node, tree.Cell):
            yield node
        elif isinstance(node, tree.Repeat | tree.Layer):
            yield from _cells(node.body)


def _sources(node: object) -> Iterator[tree.Ref]:
    """What the cables below `node` come from."""
    if isinstance(node, tree.Cable):
        yield node.source
    if isinstance(node, tree.Node):
        for part in fields(node):
            yield from _sources(getattr(node, part.name))
    elif isinstance(node, tuple):
        for part in node:
            yield from _sources(part)


def _meant(ref: str, cell: str) -> bool:
    """Whether `ref` is `cell`, something inside it, or any of a loop's cells."""
    if _LOOSE.search(ref) or _LOOSE.search(cell):
        ref, cell = _INDEX.sub("", ref), _INDEX.sub("", cell)
    return ref == cell or ref.startswith(f"{cell}.")

"""Writes `layer` blocks around the cells of a patch, or takes them out; comments go with what they stood at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from patchc.source.text import Span
from patchc.syntax import tree
from patchc.syntax.attach import Item, Line


def without_layers(patch: Item) -> None:
    """Puts the cells of every layer in the layer's place."""
    items: list[Item] = []
    held: list[Line] = []  # comments of a layer, on their way to the next statement
    blank = False
    for item in patch.items:
        inner = item.items if isinstance(item.node, tree.Layer) else [item]
        if isinstance(item.node, tree.Layer):
            held += _plain(item.lead) + _tail(item.head_tail)
            blank = blank or item.blank
        for each in inner:
            each.lead, held = held + each.lead, []
            if blank and not each.lead:
                each.blank = True
            blank = False
            items.append(each)
        if isinstance(item.node, tree.Layer):
            held += item.dangling + _tail(item.tail)
    patch.items = items
    patch.dangling = held + patch.dangling


def _plain(lines: Iterable[Line]) -> list[Line]:
    """What documented a layer must not document the cell that comes first in it."""
    return [Line(line.start, "#" + line.text.lstrip("#"), line.blank) for line in lines]


def _tail(comment: tree.Comment | None) -> list[Line]:
    return [] if comment is None else [Line(comment.span.start, comment.text, False)]


def with_layers(patch: Item, layers: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Gathers cells and loops into blocks, in the order of `layers`; a loop is split where its cells part."""
    if any(isinstance(item.node, tree.Layer) for item in patch.items):
        return
    movable = [item for item in patch.items if isinstance(item.node, (tree.Cell, tree.Repeat))]
    if not movable:
        return
    place = patch.items.index(movable[0])
    kept = [item for item in patch.items if item not in movable]
    blocks = []
    for name, cells in layers:
        inside = [part for item in movable if (part := _part(item, set(cells))) is not None]
        if inside:
            blocks.append(_layer(name, inside))
    kept[place:place] = blocks
    patch.items = kept


def _part(item: Item, cells: set[str]) -> Item | None:
    """The part of a cell or loop that belongs to a layer."""
    if isinstance(item.node, tree.Cell):
        name = item.node.name.text
        return item if name in cells or name.split("[")[0] in {cell.split("[")[0] for cell in cells} else None
    inside = [part for each in item.items if (part := _part(each, cells)) is not None]
    if not inside:
        return None
    if inside == item.items:
        return item
    lead = item.lead if inside[0] is item.items[0] else []
    return Item(item.node, item.span, item.blank, lead, brace=item.brace, items=inside)


def _layer(name: str, items: list[Item]) -> Item:
    span: Span = items[0].span
    node = tree.Layer(span, tree.Name(span, name), ())
    return Item(node, span, blank=True, brace=span.start, items=items)

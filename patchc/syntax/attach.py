"""Joins statements and comments: an item is a statement with the comments, blank lines and decorations around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from patchc.source.text import Source, Span
from patchc.syntax import spell, tree

Entry = tuple[tree.Name, tree.Literal]
_HEADER = re.compile(r"(?:\s|#[^\n]*)*(patchc[ \t]+\d+)")
_TO_BRACE = re.compile(r"(?:[^{}#]|#[^\n]*)*\{")
_SPACE = re.compile(r"(?:\s|;|#[^\n]*)*")


@dataclass(frozen=True)
class Line:
    """A comment or decoration above a statement; `blank` is a blank line before it."""

    start: int
    text: str
    blank: bool


@dataclass(frozen=True)
class Header(tree.Node):
    """The line `patchc 1`."""

    text: str


@dataclass
class Item:
    """A statement, where its block starts (if it has one), and all that goes with it.

    `tail` is the comment behind its last line, `head_tail` the one behind its `{`, `dangling` those before its `}`.
    """

    node: tree.Node | Entry
    span: Span
    blank: bool = False
    lead: list[Line] = field(default_factory=list)
    tail: tree.Comment | None = None
    brace: int | None = None
    head_tail: tree.Comment | None = None
    items: list[Item] = field(default_factory=list)
    dangling: list[Line] = field(default_factory=list)

    @property
    def bare(self) -> bool:
        """Nothing stands between this and the item above."""
        return not self.blank and not self.lead

    @property
    def commented(self) -> bool:
        """A comment stands somewhere inside its block."""
        return bool(
            self.head_tail or self.dangling or any(item.lead or item.tail or item.commented for item in self.items)
        )


def attach(file: tree.File) -> Item:
    """The whole file as one item: its items are the header and what follows, each with its comments."""
    whole = Item(file, file.source.span(0, len(file.source.text)), brace=0)  # type: ignore[arg-type]
    header = _HEADER.match(file.source.text)
    if header:
        span = file.source.span(header.start(1), header.end(1))
        blank = blank_before(file.source, span.start)
        whole.items.append(Item(Header(span, f"patchc {file.edition}"), span, blank))
    whole.items += [_item(node) for node in file.items]
    for comment in file.comments:
        _place(comment, whole)
    for item in _all(whole):
        item.lead.sort(key=lambda line: line.start)
    return whole


def _all(item: Item) -> Iterable[Item]:
    yield item
    for inner in item.items:
        yield from _all(inner)


# --- statements -------------------------------------------------------------------------------------------------------


def _item(node: tree.Node) -> Item:
    item = Item(node, node.span)
    decos: Sequence[tree.Deco] = getattr(node, "decos", ())
    source = node.span.source
    keyword = node.span.start
    for deco in decos:
        item.lead.append(Line(deco.span.start, spell.deco(deco), blank_before(source, deco.span.start)))
        keyword = _after(source, deco.span.end)
    item.blank = blank_before(source, keyword)
    item.items = [_entry(e) if isinstance(e, tuple) else _item(e) for e in _inside(node)]
    item.brace = _brace(node)
    return item


def _entry(entry: Entry) -> Item:
    span = entry[0].span.to(entry[1].span)
    return Item(entry, span, blank_before(span.source, span.start))


def _inside(node: tree.Node) -> Sequence[tree.Node | Entry]:
    match node:
        case tree.Meta():
            return node.entries
        case tree.Cell():
            return node.binds
        case tree.Layer() | tree.Repeat() | tree.Patch():
            return node.body
    return ()


def _brace(node: tree.Node) -> int | None:
    """Where the `{` of a block stands."""
    match node:
        case tree.Meta():
            start = node.span.start
        case tree.Layer():
            start = node.name.span.end
        case tree.Repeat():
            start = node.over.span.end
        case tree.Patch():
            start = [node.name, *node.generics][-1].span.end
        case tree.Cell():
            start = [node.type, *node.args, *node.guards][-1].span.end
        case _:
            return None
    match = _TO_BRACE.match(node.span.source.text, start, node.span.end)
    return match.end() - 1 if match else None


def _after(source: Source, offset: int) -> int:
    match = _SPACE.match(source.text, offset)
    return match.end() if match else offset


def blank_before(source: Source, offset: int) -> bool:
    """Whether the line above the one that starts with `offset` is blank."""
    text = source.text
    start = text.rfind("\n", 0, offset) + 1
    above = text.rfind("\n", 0, max(start - 1, 0)) + 1
    return start > 0 and not text[start:offset].strip() and not text[above:start].strip()


# --- comments ---------------------------------------------------------------------------------------------------------


def _place(comment: tree.Comment, block: Item) -> None:
    start = comment.span.start
    index = bisect_right(block.items, start, key=lambda item: item.span.start)
    before = block.items[index - 1] if index else None
    if before is not None and start < before.span.end:
        _place_inside(comment, before)
    elif before is not None and comment.trailing and before.tail is None and _same_line(before.span.end, comment):
        before.tail = comment
    elif index < len(block.items):
        block.items[index].lead.append(_line(comment))
    else:
        block.dangling.append(_line(comment))


def _place_inside(comment: tree.Comment, item: Item) -> None:
    start = comment.span.start
    if item.brace is None or start < item.brace:
        item.lead.append(_line(comment))
    elif _same_line(item.brace, comment) and not (item.items and item.items[0].span.start < start):
        item.head_tail = comment
    else:
        _place(comment, item)


def _same_line(offset: int, comment: tree.Comment) -> bool:
    return comment.span.source.text.find("\n", offset, comment.span.start) < 0


def _line(comment: tree.Comment) -> Line:
    return Line(comment.span.start, comment.text, blank_before(comment.span.source, comment.span.start))

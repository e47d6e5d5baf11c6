"""Events built up to data in which every mapping and list knows where it was written, within fixed bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from patchc.graph.document.events import Event, NotReadable, What
from patchc.source.text import Source, Span

MOST_ITEMS = 200_000
DEEPEST = 100


class TooMuch(Exception):
    """The document is deeper or longer than any graph; `start` is where the bound was passed."""

    def __init__(self, what: str, limit: int, start: int) -> None:
        super().__init__(what)
        self.what = what
        self.limit = limit
        self.start = start


@dataclass(slots=True)
class Item:
    """`content` is a dict or a list of items, or a scalar."""

    content: Any
    start: int
    end: int


def build(events: Iterable[Event]) -> Item:
    """The document as one item. Raises `TooMuch`, and `NotReadable` for an empty document or a key that comes twice."""
    root = Item([], 0, 0)
    open_items, keys = [root], [None]
    for count, event in enumerate(events):
        if count >= MOST_ITEMS:
            raise TooMuch("entries", MOST_ITEMS, event.start)
        if event.what is What.END:
            closed = open_items.pop()
            keys.pop()
            closed.end = max(closed.end, event.end)
            continue
        _take(event, open_items, keys)
        if len(open_items) > DEEPEST:
            raise TooMuch("levels", DEEPEST, event.start)
    if not root.content:
        raise NotReadable("it is empty", 0)
    only: Item = root.content[0]
    return only


def _take(event: Event, open_items: list[Item], keys: list[Any]) -> None:
    """Puts what `event` begins into the innermost open item, where in a mapping every other scalar is a key."""
    into = open_items[-1]
    if isinstance(into.content, dict) and keys[-1] is None:
        if not isinstance(event.value, str):
            raise NotReadable("a key must be a word", event.start)
        if event.value in into.content:
            raise NotReadable(f"the key `{event.value}` comes twice", event.start)
        keys[-1] = event.value
        return
    content: Any = event.value
    if event.what is not What.SCALAR:
        content = {} if event.what is What.MAPPING else []
    item = Item(content, event.start, event.end)
    if isinstance(into.content, dict):
        into.content[keys[-1]] = item
        keys[-1] = None
    else:
        into.content.append(item)
    if event.what is not What.SCALAR:
        open_items.append(item)
        keys.append(None)


def bare(item: Item) -> Any:
    """The same data without places."""
    if isinstance(item.content, dict):
        return {key: bare(inner) for key, inner in item.content.items()}
    if isinstance(item.content, list):
        return [bare(inner) for inner in item.content]
    return item.content


def locate(root: Item, steps: Iterable[str | int], source: Source) -> tuple[str, Span]:
    """The place at the end of `steps` as a path, and its span; steps that lead nowhere (tags of unions) are skipped."""
    item, path = root, ""
    for step in steps:
        if isinstance(item.content, dict) and step in item.content:
            item, path = item.content[step], f"{path}.{step}" if path else str(step)
        elif isinstance(item.content, list) and isinstance(step, int) and step < len(item.content):
            item, path = item.content[step], f"{path}[{step}]"
    return path, source.span(item.start, item.end)

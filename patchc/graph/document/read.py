"""YAML and JSON into a graph: shape by pydantic, meaning by the very checks that patch text goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from patchc.graph.document.events import Event, NotReadable, json_events, yaml_events
from patchc.graph.document.items import Item, TooMuch, bare, build, locate
from patchc.graph.model import Const, Graph, Node
from patchc.source.codes.spelling import (
    DocumentTooLarge,
    NotADocument,
    NoTextForThis,
    UnitOfAnother,
    WrongShape,
)
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Source
from patchc.units.domain import Range
from patchc.units.unit import UNITS

Result = tuple[Graph | None, list[Diagnostic]]

MOST_CHARACTERS = 4_000_000
_MOST_MESSAGES = 20
_SENTENCES = {"missing": "is missing", "extra_forbidden": "is not a key of this"}


def from_json(text: str | Source) -> Result:
    """The graph that `text` spells in JSON; None where a diagnostic is an error. Never raises."""
    return _read(_source(text), "JSON", json_events)


def from_yaml(text: str | Source) -> Result:
    """The graph that `text` spells in YAML; None where a diagnostic is an error. Never raises."""
    return _read(_source(text), "YAML", yaml_events)


def _source(text: str | Source) -> Source:
    return text if isinstance(text, Source) else Source("<document>", text)


def _read(source: Source, format_: str, events: Callable[[str], Iterable[Event]]) -> Result:
    if len(source.text) > MOST_CHARACTERS:
        return None, [DocumentTooLarge(span=None, what="characters", limit=MOST_CHARACTERS)]
    try:
        root = build(events(source.text))
    except TooMuch as much:
        span = source.span(much.start, much.start + 1)
        return None, [DocumentTooLarge(span=span, what=much.what, limit=much.limit)]
    except NotReadable as bad:
        start = min(bad.start, len(source.text))
        return None, [NotADocument(span=source.span(start, start + 1), format=format_, problem=bad.problem)]
    return _validate(root, source)


def _validate(root: Item, source: Source) -> Result:
    try:
        graph = Graph.model_validate(bare(root))
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False)
        return None, [_wrong_shape(e, root, source) for e in errors[:_MOST_MESSAGES]]
    foreign = [
        UnitOfAnother(span=locate(root, steps, source)[1], unit=unit, dimension=dimension)
        for steps, unit, dimension in _foreign_units(graph, ())
    ]
    return (None, list(foreign)) if foreign else _as_text(graph, source)


def _wrong_shape(error: Any, root: Item, source: Source) -> Diagnostic:
    path, span = locate(root, error["loc"], source)
    if error["type"] == "missing":
        path = f"{path}.{error['loc'][-1]}".lstrip(".")
    problem = _SENTENCES.get(error["type"]) or error["msg"][:1].lower() + error["msg"][1:]
    return WrongShape(span=span, path=path or "the document", problem=problem)


def _foreign_units(part: Any, steps: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Numbers whose unit belongs to another dimension than they say."""
    if isinstance(part, Const | Range):
        unit = UNITS.get(part.unit)
        if part.unit and (unit is None or unit.dimension is not part.dimension):
            yield (*steps, "unit"), part.unit, part.dimension.value
    elif isinstance(part, tuple):
        for index, inner in enumerate(part):
            yield from _foreign_units(inner, (*steps, index))
    elif isinstance(part, Node):
        for name in type(part).model_fields:
            yield from _foreign_units(getattr(part, name), (*steps, name))


def _as_text(graph: Graph, source: Source) -> Result:
    """The graph of the patch text that says the same, so that whatever is checked on text is checked here."""
    from patchc.graph.load import load_graph
    from patchc.graph.write import to_text

    try:
        text = to_text(graph)
    except ValueError as error:
        return None, [NoTextForThis(span=source.span(0, 0), problem=str(error))]
    return load_graph(Source(f"{source.name}, as text", text))

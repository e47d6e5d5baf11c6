"""YAML and JSON text as one stream of events with places: nothing is built, so nothing can be blown up here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any, NamedTuple

import yaml

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times as fast


class What(Enum):
    MAPPING = auto()
    SEQUENCE = auto()
    END = auto()
    SCALAR = auto()


class Event(NamedTuple):
    """`value` is the value of a scalar: a string, a number, a bool or None."""

    what: What
    start: int
    end: int
    value: str | float | bool | None = None


class NotReadable(Exception):
    """The text is not what it should be; `start` is where that shows."""

    def __init__(self, problem: str, start: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.start = start


# --- YAML -------------------------------------------------------------------------------------------------------------

_ALIAS = "it has an anchor or an alias; write the value out"
_WHAT: dict[type, What] = {
    yaml.MappingStartEvent: What.MAPPING,
    yaml.SequenceStartEvent: What.SEQUENCE,
    yaml.MappingEndEvent: What.END,
    yaml.SequenceEndEvent: What.END,
    yaml.ScalarEvent: What.SCALAR,
}
_INT = re.compile(r"[-+]?[0-9]+$")
_FLOAT = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def yaml_events(text: str) -> Iterator[Event]:
    """Events of the one document in `text`, by YAML 1.2's rules for plain words: `off` is a name and no bool.

    Raises `NotReadable`, also for tags, anchors and aliases: a graph needs none, and they are how small files grow
    large.
    """
    try:
        parsed: Iterator[Any] = yaml.parse(text, _Parser)
        for event in parsed:
            what = _WHAT.get(type(event))
            if what is not None:
                yield _yaml_event(event, what)
            elif type(event) is yaml.AliasEvent:
                raise NotReadable(_ALIAS, _start(event))
            elif type(event) is yaml.DocumentStartEvent and event.explicit and _start(event) > 0:
                raise NotReadable("it holds a second document", _start(event))
    except yaml.reader.ReaderError as error:
        raise NotReadable("it holds a control character", error.position) from None
    except yaml.MarkedYAMLError as error:
        place: Any = error.problem_mark or error.context_mark
        raise NotReadable(error.problem or "it cannot be read", place.index if place else 0) from None


def _start(event: Any) -> int:
    return int(event.start_mark.index)


def _yaml_event(event: Any, what: What) -> Event:
    start, end = event.start_mark.index, event.end_mark.index
    if what is What.END:
        return Event(what, start, end)
    if event.anchor is not None:
        raise NotReadable(_ALIAS, start)
    if event.tag is not None:
        raise NotReadable("it has a tag, which is not read", start)
    if what is not What.SCALAR:
        return Event(what, start, end)
    return Event(what, start, end, _plain_word(event.value) if event.implicit[0] else event.value)


def _plain_word(word: str) -> str | float | bool | None:
    if word.lower() in _WORDS:
        return _WORDS[word.lower()]
    if _INT.match(word) and len(word) < 300:
        return int(word)
    return float(word) if _FLOAT.match(word) else word


# --- JSON -------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:(?P<mark>[{}\[\]:,])|(?P<string>"(?:[^"\\\x00-\x1f]|\\.)*")"""
    r"""|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![\w.])|(?P<word>true|false|null)\b|(?P<end>\Z))"""
)
_OPENS = {"{": What.MAPPING, "[": What.SEQUENCE}


def json_events(text: str) -> Iterator[Event]:
    """Events of the one value in `text`. Raises `NotReadable`.

    `json.loads` decides what is JSON; the places come from here, because it tells none.
    """
    try:
        json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise NotReadable(error.msg[:1].lower() + error.msg[1:], error.pos) from None
    except (ValueError, RecursionError) as error:
        raise NotReadable(str(error), 0) from None
    at = 0
    while (found := _TOKEN.match(text, at)) and found.lastgroup != "end":
        at, kind = found.end(), found.lastgroup or ""
        start, token = found.start(kind), found[kind]
        if kind != "mark":
            yield Event(What.SCALAR, start, at, json.loads(token))
        elif token in _OPENS:
            yield Event(_OPENS[token], start, at)
        elif token in "]}":
            yield Event(What.END, start, at)


def _refuse(word: str) -> float:
    raise ValueError(f"{word} is not a number of JSON")

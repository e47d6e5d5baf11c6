"""A graph as plain data without its defaults, and that data as JSON and as YAML."""

from __future__ import annotations

import json
from enum import Enum
from typing import Any

import yaml
from pydantic import BaseModel

from patchc.graph.model import Graph

_ALWAYS = {"kind", "edition"}
_SHORT = 100


def to_json(graph: Graph) -> str:
    """`graph` as JSON, indented, without what is default; `from_json` reads it back equal."""
    return json.dumps(plain(graph), indent=2, ensure_ascii=False) + "\n"


def to_yaml(graph: Graph) -> str:
    """`graph` as YAML in the order a person would write it, without defaults; `from_yaml` reads it back equal."""
    return yaml.dump(plain(graph), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def plain(value: Any) -> Any:
    """Dicts, lists, strings and numbers; whole floats as ints. Fields that hold their default are left out."""
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in _said(value)}
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _said(node: BaseModel) -> list[str]:
    """The fields of `node` worth saying."""
    fields = type(node).model_fields
    return [
        name
        for name, field in fields.items()
        if not field.exclude and (name in _ALWAYS or field.is_required() or getattr(node, name) != field.default)
    ]


_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # the C one is several times as fast


class _Dumper(_Base):  # type: ignore[misc]
    """Short mappings and lists of plain words stand on one line; nothing is written by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _mapping(dumper: yaml.SafeDumper, data: dict[str, Any]) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=_is_short(data))


def _sequence(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=_is_short(data))


def _is_short(data: dict[str, Any] | list[Any]) -> bool:
    """Whether it fits on one line and nests no deeper than one more level."""
    inner = list(data.values()) if isinstance(data, dict) else data
    flat = [x for item in inner for x in (item if isinstance(item, list) else [item])]
    return not any(isinstance(item, dict | list) for item in flat) and len(str(data)) < _SHORT


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _sequence)

"""The JSON Schema of a graph, as `patchc schema` prints it."""

from __future__ import annotations

import json
from typing import Any

from patchc.graph.model import Graph

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLACES = ("span", "Span", "Source")  # where something was written is no part of a document


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) that every graph written by `to_json` and `to_yaml` fulfils."""
    made: dict[str, Any] = _without_places(Graph.model_json_schema())
    return {"$schema": _DIALECT, **made}


def schema_text() -> str:
    """The schema as indented JSON; ends with a line end."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _without_places(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _without_places(inner) for key, inner in part.items() if key not in _PLACES}
    return [_without_places(inner) for inner in part] if isinstance(part, list) else part

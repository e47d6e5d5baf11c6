"""The JSON Schema of a graph, as `patchc schema` prints it."""

from __future__ import annotations

import json
from typing import Any

from patchc.graph.model import Graph

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) that every graph written by `to_json` and `to_yaml` fulfils."""
    return {"$schema": _DIALECT, **Graph.model_json_schema()}


def schema_text() -> str:
    """The schema as indented JSON; ends with a line end."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"

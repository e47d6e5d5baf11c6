"""The JSON Schema holds for every document we write, and knows nothing of where something was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from patchc.graph.load import load_graph
from patchc.graph.schema import schema, schema_text
from patchc.graph.write import to_json
from patchc.source.text import Source

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}


def fits(value: Any, rule: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Whether `value` fulfils `rule`: as much of JSON Schema as the schema of a graph uses."""
    if "$ref" in rule:
        return fits(value, whole["$defs"][rule["$ref"].rpartition("/")[2]], whole)
    for word in ("anyOf", "oneOf"):
        if word in rule:
            return any(fits(value, option, whole) for option in rule[word])
    if "const" in rule:
        return bool(value == rule["const"])
    if "enum" in rule:
        return value in rule["enum"]
    kind = rule.get("type")
    if kind == "null":
        return value is None
    if kind is not None and (not isinstance(value, TYPES[kind]) or (kind != "boolean" and isinstance(value, bool))):
        return False
    if kind == "array":
        return all(fits(item, rule.get("items", {}), whole) for item in value)
    if kind == "object":
        known = rule.get("properties", {})
        extra = rule.get("additionalProperties", True)
        if not set(rule.get("required", ())) <= set(value) or (extra is False and set(value) - set(known)):
            return False
        inner = extra if isinstance(extra, dict) else {}
        return all(fits(item, known.get(key, inner), whole) for key, item in value.items())
    return True


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_fulfil_the_schema(path: Path) -> None:
    graph, _ = load_graph(Source(str(path), path.read_text(encoding="utf-8")))
    assert graph is not None
    document = json.loads(to_json(graph))
    assert fits(document, schema(), schema())
    assert not fits({**document, "unknown": 1}, schema(), schema())
    assert not fits({**document, "layered": "yes"}, schema(), schema())


def test_the_schema_is_plain_json_without_places() -> None:
    assert json.loads(schema_text()) == schema()
    assert schema()["$schema"].startswith("https://json-schema.org/")
    assert "span" not in schema_text().lower()

"""`patchc schema`: the JSON Schema of graphs."""

from __future__ import annotations

import typer

SECTION = "Look something up"
EXAMPLES = """
  patchc schema > patch.schema.json
"""


def schema(context: typer.Context) -> int:
    """Print the JSON Schema of `patchc graph --format json`."""
    import json

    from patchc.graph.model import Graph

    context.obj.result(json.dumps(Graph.model_json_schema(mode="serialization"), indent=2) + "\n")
    return 0

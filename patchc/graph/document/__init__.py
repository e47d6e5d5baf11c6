"""A graph as YAML and JSON, written and read."""

from patchc.graph.document.dump import to_json, to_yaml
from patchc.graph.document.read import from_json, from_yaml

__all__ = ["from_json", "from_yaml", "to_json", "to_yaml"]

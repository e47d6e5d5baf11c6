"""Diagnostics for every reader: text with source lines and carets, JSON, GitHub annotations, SARIF."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from patchc.source.render.github import as_github as as_github
    from patchc.source.render.json import as_json as as_json
    from patchc.source.render.json import as_records as as_records
    from patchc.source.render.sarif import as_sarif as as_sarif
    from patchc.source.render.text import as_text as as_text
    from patchc.source.render.text import summary as summary

_WHERE = {
    "as_github": "github",
    "as_json": "json",
    "as_records": "json",
    "as_sarif": "sarif",
    "as_text": "text",
    "summary": "text",
}

__all__ = ["as_github", "as_json", "as_records", "as_sarif", "as_text", "summary"]


def __getattr__(name: str) -> Any:
    """Loads only the form that is asked for."""
    if name not in _WHERE:
        raise AttributeError(f"module `patchc.source.render` has no attribute `{name}`")
    return getattr(import_module(f"patchc.source.render.{_WHERE[name]}"), name)

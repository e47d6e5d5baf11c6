"""Diagnostics for every reader: text with source lines and carets, JSON, GitHub annotations, SARIF."""

from patchc.source.render.github import as_github
from patchc.source.render.json import as_json, as_records
from patchc.source.render.sarif import as_sarif
from patchc.source.render.text import as_text, summary

__all__ = ["as_github", "as_json", "as_records", "as_sarif", "as_text", "summary"]

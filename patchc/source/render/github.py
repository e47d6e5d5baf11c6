"""Diagnostics as GitHub workflow commands, which become annotations on the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from patchc.source.diagnostic import Diagnostic, Severity

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def as_github(diagnostics: Sequence[Diagnostic]) -> str:
    """One `::error file=...::` line each; ends with a line end unless there are none."""
    return "".join(_command(d) + "\n" for d in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties = {"title": diagnostic.code}
    if diagnostic.span:
        source, last = diagnostic.span.source, max(diagnostic.span.start, diagnostic.span.end - 1)
        end_line, end_column = source.place(last)
        places = (diagnostic.span.line, diagnostic.span.column, end_line, end_column)
        names = ("line", "col", "endLine", "endColumn")
        properties = {"file": source.name, **dict(zip(names, map(str, places), strict=True)), **properties}
    elif path := getattr(diagnostic, "path", ""):
        properties = {"file": path, **properties}
    said = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    parts = [diagnostic.message, diagnostic.rule_text and f"rule: {diagnostic.rule_text}"]
    parts.append(diagnostic.help_text and f"help: {diagnostic.help_text}")
    return f"::{_COMMAND[diagnostic.severity]} {said}::{_data(chr(10).join(filter(None, parts)))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

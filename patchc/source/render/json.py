"""Diagnostics as JSON: all that is known, with places as lines, columns and offsets (lines and columns from 1)."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from patchc.source.diagnostic import Diagnostic, Severity
from patchc.source.text import Span

SCHEMA = 1
_COMMON = {field.name for field in fields(Diagnostic)}


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """`{"schema": 1, "diagnostics": [...], "counts": {...}}`; ends with a line end."""
    counts = Counter(str(d.severity) for d in diagnostics)
    whole = {
        "schema": SCHEMA,
        "diagnostics": as_records(diagnostics),
        "counts": {str(severity): counts[severity] for severity in Severity},
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def as_records(diagnostics: Sequence[Diagnostic]) -> list[dict[str, Any]]:
    """One plain dictionary per diagnostic."""
    return [_record(d) for d in diagnostics]


def _record(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "category": str(diagnostic.category),
        "stage": diagnostic.stage,
        "message": diagnostic.message,
        "label": diagnostic.label_text,
        "rule": diagnostic.rule_text,
        "help": diagnostic.help_text,
        "span": _plain(diagnostic.span),
        "labels": [{"span": _plain(label.span), "text": label.text} for label in diagnostic.labels],
        "fixes": [
            {"span": _plain(fix.span), "replacement": fix.replacement, "safe": fix.safe} for fix in diagnostic.fixes
        ],
        "facts": {f.name: _plain(getattr(diagnostic, f.name)) for f in fields(diagnostic) if f.name not in _COMMON},
    }


def _plain(value: Any) -> Any:
    """A fact as JSON holds it: places as dictionaries, tuples as lists, the rest as numbers or text."""
    if isinstance(value, Span):
        return {"file": value.source.name, "start": _place(value, value.start), "end": _place(value, value.end)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _place(span: Span, offset: int) -> dict[str, int]:
    line, column = span.source.place(offset)
    return {"line": line, "column": column, "offset": offset}

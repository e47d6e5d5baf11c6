"""Diagnostics as SARIF 2.1.0, the form that code-scanning services read."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from patchc.source.about import body, headline, spoken
from patchc.source.diagnostic import Diagnostic, Fix, Severity
from patchc.source.text import Span

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_FORMAT = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(diagnostics: Sequence[Diagnostic], version: str = "") -> str:
    """One run with the codes that occur as rules. `version` is the version of patchc; ends with a line end."""
    classes = sorted({type(d) for d in diagnostics}, key=lambda cls: cls.code)
    driver = {"name": "patchc", **({"version": version} if version else {}), "rules": [_rule(cls) for cls in classes]}
    index = {cls.code: place for place, cls in enumerate(classes)}
    seen: Counter[str] = Counter()
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, index[d.code], seen) for d in diagnostics],
    }
    return json.dumps({"$schema": _FORMAT, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(cls: type[Diagnostic]) -> dict[str, Any]:
    return {
        "id": cls.code,
        "name": cls.__name__,
        "shortDescription": {"text": headline(cls)},
        "help": {"text": _help(cls)},
        "defaultConfiguration": {"level": _LEVEL[cls.severity]},
        "properties": {"category": str(cls.category), "stage": cls.stage},
    }


def _help(cls: type[Diagnostic]) -> str:
    """The rule of a code, or its page where the rule is made of the facts of one finding."""
    rule = spoken(cls.rule)
    whole = rule and rule == cls.rule.replace("{{", "{").replace("}}", "}")
    return rule if whole else body(cls) or headline(cls)


def _result(diagnostic: Diagnostic, index: int, seen: Counter[str]) -> dict[str, Any]:
    said = (diagnostic.message, diagnostic.help_text)
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": _LEVEL[diagnostic.severity],
        "message": {"text": "\n".join(filter(None, said))},
        "partialFingerprints": {"patchc/v1": _fingerprint(diagnostic, seen)},
    }
    if place := _place(diagnostic):
        result["locations"] = [{"physicalLocation": place}]
    if diagnostic.labels:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": label.text}, "physicalLocation": _location(label.span)}
            for number, label in enumerate(diagnostic.labels)
        ]
    if diagnostic.fixes:
        result["fixes"] = [_fix(fix) for fix in diagnostic.fixes]
    return result


def _location(span: Span) -> dict[str, Any]:
    return {"artifactLocation": _artifact(span), "region": _region(span)}


def _place(diagnostic: Diagnostic) -> dict[str, Any] | None:
    """Where it is: a stretch of text, or a whole file that could not be read."""
    if diagnostic.span:
        return _location(diagnostic.span)
    path = getattr(diagnostic, "path", "")
    return {"artifactLocation": {"uri": _uri(path)}} if path else None


def _artifact(span: Span) -> dict[str, str]:
    return {"uri": _uri(span.source.name)}


def _uri(path: str) -> str:
    return quote(path.replace("\\", "/"), safe="/")


def _region(span: Span) -> dict[str, int]:
    line, column = span.source.place(span.start)
    end_line, end_column = span.source.place(span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _fix(fix: Fix) -> dict[str, Any]:
    change = {"deletedRegion": _region(fix.span), "insertedContent": {"text": fix.replacement}}
    return {
        "description": {"text": f"replace by `{fix.replacement}`"},
        "artifactChanges": [{"artifactLocation": _artifact(fix.span), "replacements": [change]}],
    }


def _fingerprint(diagnostic: Diagnostic, seen: Counter[str]) -> str:
    """Stays the same when lines above move: made of the code, the file, the line's text, and which of several it is."""
    span = diagnostic.span
    where = f"{span.source.name}\0{span.source.line(span.line).strip()}" if span else diagnostic.message
    key = f"{diagnostic.code}\0{where}"
    seen[key] += 1
    return hashlib.sha256(f"{key}\0{seen[key]}".encode()).hexdigest()[:32]

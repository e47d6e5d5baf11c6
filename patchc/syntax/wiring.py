"""A line for the inside of a cell that stands outside it: where it belongs, and the edit that puts it there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from patchc.source.codes.syntax import OutsideItsCell
from patchc.source.diagnostic import Fix
from patchc.source.text import Span
from patchc.syntax.lexer import END, EOF, Tokens

_REF = r"[A-Za-z_]\w*(?:\[[^\]]*\])?"
_FORWARD = re.compile(
    rf"^(?:connect|wire|patch|route|cable)?\s*\(?\s*(?P<source>{_REF})(?:\.(?:out|output))?\s*"
    rf"(?:->|=>|>>|,|\bto\b|\.connect\s*\()\s*(?P<cell>{_REF})(?:\.(?P<port>\w+))?\s*\)?(?:\s*\*\s*(?P<depth>.+?))?$"
)
_PORT = re.compile(rf"^(?P<cell>{_REF})\.(?P<port>\w+)\s*(?P<verb>=(?!=)|<-|\+=|\*=|:|<=|<<)\s*(?P<rest>\S.*)$")
_BACKWARD = re.compile(rf"^(?P<cell>{_REF})\s*(?:<-|<=|<<)\s*(?P<rest>{_REF}.*)$")


@dataclass(frozen=True)
class _Bind:
    """`text` is a line of the cell `cell`; without one (None) nobody can say which."""

    cell: str
    text: str


def outside_its_cell(tokens: Tokens, statement: Span) -> OutsideItsCell | None:
    """What to say about a line such as `osc -> vca`, `vca.in <- osc` or `osc.freq = 440 Hz` between the cells."""
    bind = _bind(statement.text)
    if bind is None:
        return None
    fix = _moved(tokens, statement, bind)
    if fix is None and "." not in statement.text and "->" not in statement.text:
        return None
    fixes = () if fix is None else (fix,)
    return OutsideItsCell(span=statement, cell=bind.cell, line=bind.text, fixes=fixes)


def _bind(text: str) -> _Bind | None:
    if found := _PORT.match(text):
        verb = {":": "=", "<=": "<-", "<<": "<-"}.get(found["verb"], found["verb"])
        return _Bind(found["cell"], f"{found['port']} {verb} {found['rest']}")
    if found := _BACKWARD.match(text):
        return _Bind(found["cell"], f"in <- {found['rest']}")
    if found := _FORWARD.match(text):
        return _Bind(found["cell"], _arriving(found["source"], found["port"] or "in", found["depth"]))
    return None


def _arriving(source: str, port: str, depth: str | None) -> str:
    verb = "<-" if port in ("in", "gate") else "*=" if port == "level" else "+="
    return f"{port} {verb} {source}" + (f" * {depth}" if depth else "")


def _moved(tokens: Tokens, statement: Span, bind: _Bind) -> Fix | None:
    """The edit that takes the line away and puts it into its cell, if the text declares that cell once."""
    place = _place(tokens, bind)
    if place is None or (bind.text.startswith(("freq +=", "cutoff +=")) and " * " not in bind.text):
        return None
    at, text = place
    source = statement.source
    line_start = source.text.rfind("\n", 0, statement.start) + 1
    alone = not source.text[line_start : statement.start].strip()
    start = line_start if alone else statement.start
    end = statement.end
    if alone and source.text[end : end + 1] == "\n":
        end += 1
    if at <= start:
        return Fix(source.span(at, end), text + source.text[at:start])
    return Fix(source.span(start, at), source.text[end:at] + text) if at >= end else None


def _place(tokens: Tokens, bind: _Bind) -> tuple[int, str] | None:
    """Where in the text the line goes, and what is to be put in there."""
    name, _, index = bind.cell.partition("[")
    head = [name, "["] if index else [name, ":"]
    found = [i for i, text in enumerate(tokens.texts) if text == "cell" and tokens.texts[i + 1 : i + 3] == head]
    if len(found) != 1:
        return None
    brace = end = next(i for i in range(found[0], len(tokens.kinds)) if tokens.kinds[i] in ("LBRACE", END, EOF))
    if tokens.kinds[brace] != "LBRACE":
        return tokens.end(brace - 1), f" {{ {bind.text} }}"
    end = next((i for i in range(brace, len(tokens.kinds)) if tokens.kinds[i] == "RBRACE"), brace)
    if end == brace:
        return None
    source = tokens.source
    inside = source.text[tokens.end(brace) : tokens.starts[end]]
    if "\n" not in inside:
        last = tokens.end(brace) + len(inside.rstrip())
        return last, f"; {bind.text}" if inside.strip() else f" {bind.text} "
    row = source.line(source.place(tokens.starts[brace])[0])
    indent = row[: len(row) - len(row.lstrip())]
    last = tokens.end(brace) + len(inside.rstrip())
    return last, f"\n{indent}  {bind.text}"

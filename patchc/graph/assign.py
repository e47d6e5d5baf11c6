"""Numbers of a patch set from outside, by name: an edit of its text, as `set NAME = VALUE` in the patch would say it.

So whatever is made of the text afterwards (a check, a plan, a sound, the text of what was found) holds what was set,
and a value is read and refused by the very rules of the language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from patchc.graph import spell
from patchc.graph.edit import insertion
from patchc.graph.model import Graph
from patchc.graph.settable import unfolded
from patchc.graph.walk import places
from patchc.source.codes.options import BadSetting
from patchc.source.diagnostic import Diagnostic
from patchc.source.error import PatchError
from patchc.source.text import SET, Source, Span
from patchc.syntax import tree
from patchc.syntax.parser import parse
from patchc.units.unit import BASE_UNIT, EXAMPLE, Dimension

Given = float | str | Sequence[float]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\[\]:+-]*$")
_SHARP = re.compile(r"\b([A-G])#(-?\d)\b")
_NO_VALUE = re.compile(r"[\n\r;{}#]|^\s*$")
_SIZES = {"int": Dimension.NUMBER, "float": Dimension.NUMBER, "time": Dimension.TIME}


@dataclass(frozen=True)
class Assigned:
    """A text with numbers set in it, and where in it that was written: `places` are names with their spans."""

    source: Source
    places: tuple[tuple[str, int, int], ...] = ()

    def said(self, diagnostic: Diagnostic) -> Diagnostic:
        """`diagnostic` as it is said to somebody who set a number and never saw the edited text."""
        span = diagnostic.span
        if span is None or span.source is not self.source:
            return diagnostic
        place = next((place for place in self.places if place[1] <= span.start and span.end <= place[2]), None)
        if place is None:
            return diagnostic
        _, start, end = place
        moved = Span(Source(SET, self.source.text[start:end]), span.start - start, span.end - start)
        return replace(diagnostic, span=moved, fixes=(), labels=())


def assign(source: Source, graph: Graph, values: Mapping[str, Given]) -> Assigned:
    """The text of `source` with the numbers called as in `values` set; `graph` is the one loaded from it.

    Values are texts as a patch writes them (`10 ms`, `C#4`, `sine`, `0.1, 0.2`), numbers in base units, or several of
    them for a vector. Names are those of inputs, params, sizes of the patch, and everything a `set` line reaches; what
    they lead to is found when the text is loaded. Raises `PatchError` (P806) for what is no name or no value at all.
    """
    file, _ = parse(source)
    patch = next(item for item in file.items if isinstance(item, tree.Patch) and item.name.text == graph.name)
    values = unfolded(graph, values)
    played = {item.name: item.kind for item in graph.inputs if item.kind in ("gate", "audio")}
    edits, lines = [], []
    wrong: list[Diagnostic] = []
    for name, given in values.items():
        if name in played:
            wrong.append(_only_played(name, given, played[name]))
            continue
        try:
            text = _text(name, given, _dimension(name, graph, patch))
        except PatchError as error:
            wrong += error.diagnostics
            continue
        edit = _declared(patch, name, text)
        edits += [(name, *edit)] if edit is not None else []
        lines += [] if edit is not None else [(name, f"set {name} = {text}")]
    if wrong:
        raise PatchError(wrong)
    if lines:
        start, end, block = insertion(source, patch, [line for _, line in lines])
        edits.append(("", start, end, block))
    return _applied(source, edits, lines)


def _applied(source: Source, edits: list[tuple[str, int, int, str]], lines: Sequence[tuple[str, str]]) -> Assigned:
    """Makes the edits from the first to the last, and notes where each of them came to stand."""
    text, behind, found = "", 0, []
    for name, start, end, new in sorted(edits, key=lambda edit: edit[1]):
        text += source.text[behind:start]
        if name:
            found.append((name, len(text), len(text) + len(new)))
        else:
            found += [(line_name, at, at + len(line)) for line_name, line, at in _stood(text, new, lines)]
        text, behind = text + new, end
    return Assigned(replace(source, text=text + source.text[behind:]), tuple(found))


def _stood(text: str, block: str, lines: Sequence[tuple[str, str]]) -> list[tuple[str, str, int]]:
    at, found = 0, []
    for name, line in lines:
        at = block.index(line, at)
        found.append((name, line, len(text) + at))
        at += len(line)
    return found


def _declared(patch: tree.Patch, name: str, text: str) -> tuple[int, int, str] | None:
    """The edit of a size or an input of the patch itself, which no `set` line reaches."""
    for generic in patch.generics:
        if generic.name.text == name:
            if generic.default is not None:
                return generic.default.span.start, generic.default.span.end, text
            return generic.span.end, generic.span.end, f" = {text}"
    for stmt in patch.body:
        if isinstance(stmt, tree.Input) and stmt.name.text == name and stmt.kind == "control":
            if stmt.value is None:
                return stmt.span.end, stmt.span.end, f" = {text}"
            expr = stmt.value.expr
            return (expr.span.start, expr.span.end, text) if expr else (stmt.value.span.start,) * 2 + (f"{text} ",)
    return None


def _dimension(name: str, graph: Graph, patch: tree.Patch) -> Dimension:
    """What a number without a unit measures, where it is given from Python."""
    from patchc.cells.registry import find_cell

    for generic in patch.generics:
        if generic.name.text == name:
            return _SIZES.get(generic.kind, Dimension.NUMBER)
    for place in places(graph):
        if place.name == name:
            return place.value.dimension
    owner, _, last = name.rpartition(".")
    cell = next((cell for cell in graph.cells if cell.name == owner), None)
    spec = (found.spec if (found := find_cell(cell.type)) else None) if cell else None
    known = (spec.port(last) or spec.size(last)) if spec else None
    return getattr(known, "dimension", Dimension.NUMBER)


def _text(name: str, given: Given, dimension: Dimension) -> str:
    if not _NAME.match(name):
        raise PatchError([_no_name(name, str(given))])
    if isinstance(given, str):
        text = _SHARP.sub(r"\1s\2", given)
        if _NO_VALUE.search(text):
            raise PatchError([_bad(name, given, "a value as a patch writes it", dimension)])
        return f"[{text}]" if "," in text and "[" not in text else text
    if isinstance(given, bool) or (not isinstance(given, int | float) and not isinstance(given, Sequence)):
        raise PatchError([_bad(name, repr(given), "a number in base units, a text, or several numbers", dimension)])
    if isinstance(given, Sequence):
        return f"[{', '.join(_text(name, one, dimension) for one in given)}]"
    try:
        return spell.constant(float(given), BASE_UNIT[dimension], dimension)
    except ValueError:
        raise PatchError([_bad(name, str(given), "a finite number", dimension)]) from None


def _only_played(name: str, given: Given, kind: str) -> BadSetting:
    """A note or a recording: no text of a patch holds one."""
    what = "a note" if kind == "gate" else "a recording"
    shown = "1.0" if kind == "gate" else "samples"
    expected, hint = f"{what}, given where the patch is played", f"`synth(settings, {name}={shown})`"
    return BadSetting(span=None, name=name, value=str(given), expected=expected, example="", hint=hint)


def _no_name(name: str, value: str) -> BadSetting:
    """What is said of `saw[*].level` where no cell of a loop has that, and of what is no name at all."""
    expected, hint = "a name, such as `vcf.cutoff`, and behind `=` a value", "for example `--set vcf.cutoff=800Hz`"
    if "[*]" in name:
        expected = "a name, in which `[*]` stands for all cells of a loop that have such a number; none here has"
        hint = "`patchc plan` prints the names"
    return BadSetting(span=None, name=name, value=value, expected=expected, example="", hint=hint)


def _bad(name: str, value: str, expected: str, dimension: Dimension) -> BadSetting:
    return BadSetting(span=None, name=name, value=value, expected=expected, example=EXAMPLE[dimension])

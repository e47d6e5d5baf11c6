"""Diagnostics as text: the sentence, the places with carets under them, the rule, the help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from patchc.source.diagnostic import Diagnostic, Severity
from patchc.source.render.excerpt import Mark, Row, marks_of, rows_of
from patchc.source.render.paint import Paint, visible
from patchc.source.text import Source


def as_text(diagnostics: Sequence[Diagnostic], color: bool = False) -> str:
    """All of them in the order given, a blank line between two; ends with a line end unless there are none."""
    paint = Paint(color)
    return "\n".join("".join(f"{line}\n" for line in _lines(d, paint)) for d in diagnostics)


def summary(diagnostics: Sequence[Diagnostic], names: Sequence[str]) -> str:
    """One line that counts: `2 errors, 1 warning in voice.patch`, `no errors in 3 files`."""
    counts = Counter(d.severity for d in diagnostics)
    parts = [f"{counts[s]} {s}{'s' if counts[s] > 1 else ''}" for s in Severity if counts[s]]
    where = names[0] if len(names) == 1 else f"{len(names)} files"
    return f"{', '.join(parts) or 'no errors'} in {where}"


def _lines(diagnostic: Diagnostic, paint: Paint) -> Iterator[str]:
    severity = str(diagnostic.severity)
    yield paint(severity, f"{severity}[{diagnostic.code}]") + paint("strong", f": {visible(diagnostic.message)}")
    files = _marks_by_file(diagnostic)
    width = max((len(str(mark.line)) for _, marks in files for mark in marks), default=1)
    for index, (source, marks) in enumerate(files):
        yield from _file_lines(diagnostic, source, marks, width, index == 0, paint)
    yield from _footer("rule", diagnostic.rule_text, width, paint)
    yield from _footer("help", diagnostic.help_text, width, paint)


def _marks_by_file(diagnostic: Diagnostic) -> list[tuple[Source, list[Mark]]]:
    """The places, file by file: the one the diagnostic is about first. Sources of one name count as one file."""
    files: dict[str, tuple[Source, list[Mark]]] = {}
    if diagnostic.span:
        marks = marks_of(diagnostic.span, diagnostic.label_text, primary=True)
        files[diagnostic.span.source.name] = diagnostic.span.source, marks
    for label in diagnostic.labels:
        source = label.span.source
        files.setdefault(source.name, (source, []))[1].extend(marks_of(label.span, label.text, primary=False))
    return list(files.values())


def _file_lines(
    diagnostic: Diagnostic, source: Source, marks: list[Mark], width: int, first: bool, paint: Paint
) -> Iterator[str]:
    line, column = (diagnostic.span.line, diagnostic.span.column) if first and diagnostic.span else _top(marks)
    arrow = "-->" if first else ":::"
    yield " " * width + paint("gutter", arrow) + f" {visible(source.name)}:{line}:{column}"
    if len(marks) > 1:
        yield paint("gutter", " " * width + " |")
    for row in rows_of(source, marks):
        yield _row_text(row, width, str(diagnostic.severity), paint)


def _top(marks: list[Mark]) -> tuple[int, int]:
    first = min(marks, key=lambda mark: (mark.line, mark.start))
    return first.line, first.start + 1


def _row_text(row: Row, width: int, severity: str, paint: Paint) -> str:
    if row.gap:
        return paint("gutter", "...")
    if row.number is not None:
        return (paint("gutter", f"{row.number:>{width}} |") + f" {row.before}").rstrip()
    style = severity if row.primary else "second"
    marked = f"{row.mark} {visible(row.text)}".rstrip()
    return paint("gutter", " " * width + " |") + f" {row.before}" + paint(style, marked)


def _footer(word: str, text: str, width: int, paint: Paint) -> Iterator[str]:
    """`= rule: ...`, further lines below the first one's text."""
    start = f"{' ' * width} = {word}: "
    for index, line in enumerate(text.splitlines()):
        lead = paint("gutter", f"{' ' * width} = ") + paint("strong", f"{word}: ") if index == 0 else " " * len(start)
        yield lead + visible(line)

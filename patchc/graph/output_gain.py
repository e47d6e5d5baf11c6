"""A gain on everything that a patch puts out, written into its text behind the gains that its author gave."""

from __future__ import annotations

from collections.abc import Iterator

from patchc.graph.edit import is_formatted
from patchc.graph.model import Graph, Role, Value
from patchc.source.text import Source
from patchc.syntax import tree
from patchc.syntax.format import format_file
from patchc.syntax.parser import parse
from patchc.units.unit import Dimension


def takes_output_gain(graph: Graph) -> bool:
    """Whether a gain can be written behind those of all output cables: behind one that is learned it cannot."""
    depths = [cable.depth for output in graph.outputs for cable in output.cables]
    return bool(depths) and all(depth is None or _is_plain(depth) for depth in depths)


def _is_plain(depth: Value) -> bool:
    return depth.role is Role.FIXED and depth.domain is None and depth.prior is None


def with_output_gain(source: Source, graph: Graph, gain_db: float) -> str:
    """The text of `source` with `gain_db` more on every output cable of `graph`, which was loaded from it.

    `main <- bell * -9 dB` becomes `main <- bell * -9 dB + 4 dB`, and `main <- bell` becomes `main <- bell * 4 dB`: what
    the author wrote stands as it stood. Raises `ValueError` where `takes_output_gain` does not hold.
    """
    if not takes_output_gain(graph):
        raise ValueError(f"an output of `{graph.name}` has a gain that is no plain number")
    file, _ = parse(source)
    patch = next(item for item in file.items if isinstance(item, tree.Patch) and item.name.text == graph.name)
    depths = [cable.depth for output in graph.outputs for cable in output.cables if cable.depth]
    levels = {depth.span.start for depth in depths if depth.span and depth.dimension is Dimension.LEVEL}
    text = source.text
    for cable in sorted(_output_cables(patch.body), key=lambda cable: -cable.span.start):
        start, end, new = _amplified(source, cable, levels, gain_db)
        text = text[:start] + new + text[end:]
    return format_file(parse(Source(source.name, text))[0]) if is_formatted(file) else text


def _output_cables(body: tuple[tree.Stmt, ...]) -> Iterator[tree.Cable]:
    for stmt in body:
        if isinstance(stmt, tree.Output):
            yield from stmt.cables
        elif isinstance(stmt, tree.Repeat | tree.Layer):
            yield from _output_cables(stmt.body)


def _amplified(source: Source, cable: tree.Cable, levels: set[int], gain_db: float) -> tuple[int, int, str]:
    """The stretch of `source` that changes, and what then stands there. `levels` are where depths in dB begin."""
    if cable.depth is None or cable.depth.expr is None:
        return cable.source.span.end, cable.source.span.end, f" * {gain_db:g} dB"
    span, expr = cable.depth.span, cable.depth.expr
    written = source.text[span.start : span.end]
    if span.start in levels:
        return span.start, span.end, f"{written} {'-' if gain_db < 0 else '+'} {abs(gain_db):g} dB"
    sums = isinstance(expr, tree.Binary) and expr.op in "+-" and expr.span.text == written
    return span.start, span.end, f"{f'({written})' if sums else written} * {10 ** (gain_db / 20):.6g}"

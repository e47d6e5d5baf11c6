"""Tables of plain text, for the drawings a terminal shows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

_GAP = "   "


def table(heads: Sequence[str], columns: Sequence[Sequence[str]], widest: int) -> str:
    """Columns side by side under their heads; what passes `widest` characters goes below, like lines of a text."""
    widths = [max(map(len, (head, *column))) for head, column in zip(heads, columns, strict=True)]
    blocks = []
    start = 0
    while start < len(heads):
        end = start + 1
        while end < len(heads) and sum(widths[start : end + 1]) + len(_GAP) * (end - start) <= widest:
            end += 1
        blocks.append(_block(heads[start:end], columns[start:end], widths[start:end]))
        start = end
    return "\n".join(blocks)


def _block(heads: Sequence[str], columns: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    rows = [tuple(heads), tuple("-" * width for width in widths), *zip_longest(*columns, fillvalue="")]
    lines = (_GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def aligned(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Pairs as lines, the second parts under each other."""
    width = max((len(first) for first, _ in rows), default=0)
    return [f"{first.ljust(width)}  {second}".rstrip() for first, second in rows]

"""Parsing takes work in proportion to the text."""

from __future__ import annotations

from patchc.source.text import Source
from patchc.syntax.format import format_file
from patchc.syntax.parser import parse
from patchc.testing.calls import at_most_calls

CELL = """
  ## Cell {i}.
  cell osc{i} : saw {{
    freq  = pitch * {i}
    freq += osc{i} * learn 30 ct in 0 ct .. 200 ct  maybe 25 %
    level = learn -6 dB in -60 dB .. 0 dB ~ normal(-6 dB, 3 dB)  # comment
  }}
"""


def calls(cells: int, limit: int) -> int:
    text = "patchc 1\npatch p {\n" + "".join(CELL.format(i=i) for i in range(cells)) + "}\n"
    with at_most_calls(limit) as counter:
        file, found = parse(Source("big.patch", text))
        format_file(file)
    assert found == []
    return counter.calls


def test_ten_times_the_cells_take_about_ten_times_the_work() -> None:
    calls(2_000, 15 * calls(200, 10_000_000))

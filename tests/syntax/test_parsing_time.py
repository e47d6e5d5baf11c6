"""Parsing takes time in proportion to the text."""

from __future__ import annotations

import time

from patchc.source.text import Source
from patchc.syntax.format import format_file
from patchc.syntax.parser import parse

CELL = """
  ## Cell {i}.
  cell osc{i} : saw {{
    freq  = pitch * {i}
    freq += osc{i} * learn 30 ct in 0 ct .. 200 ct  maybe 25 %
    level = learn -6 dB in -60 dB .. 0 dB ~ normal(-6 dB, 3 dB)  # comment
  }}
"""


def seconds(cells: int) -> float:
    text = "patchc 1\npatch p {\n" + "".join(CELL.format(i=i) for i in range(cells)) + "}\n"
    start = time.process_time()
    file, found = parse(Source("big.patch", text))
    format_file(file)
    assert found == []
    return time.process_time() - start


def test_ten_times_the_cells_take_about_ten_times_as_long() -> None:
    seconds(20)
    assert min(seconds(2000), seconds(2000)) < 20 * max(seconds(200), 0.01)

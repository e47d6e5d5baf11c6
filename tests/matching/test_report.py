"""The report of a match: level, a curve for each rate, ends of ranges, and the line that plays it."""

from __future__ import annotations

import torch

from patchc.compiler.load import compile_graph
from patchc.graph.load import load_graph
from patchc.matching.match import match
from patchc.source.text import Source

PATCH = """patchc 1

patch tone {
  input pitch : control = 220 Hz in 50 Hz .. 2 kHz log
  cell o : saw { freq = pitch; level = learn -30 dB in -60 dB .. -20 dB }
  output main <- o
}
"""


def test_the_report_says_level_rates_and_limits() -> None:
    source = Source("tone.patch", PATCH)
    graph, _ = load_graph(source)
    assert graph is not None
    synth = compile_graph(graph, source, sample_rate=22_050)
    target = 0.5 * torch.sin(2 * torch.pi * 220 * torch.arange(4_410) / 22_050)
    found = match(synth, target, draws=4, children=2, starts=1, steps=8)
    page = found.report()
    assert "level: target -9.0 dBFS rms, match" in page
    assert "Search, at 16,000 Hz" in page
    assert "Last steps, at 22,050 Hz" in page
    assert "At an end of the range, so that a wider one may fit better: <code>o.level</code>." in page
    assert "patchc render tone.patch --set pitch=" in page

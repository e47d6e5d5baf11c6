"""Filters of kernels hold their state in float32 and still agree at the ends of their ranges."""

from __future__ import annotations

import pytest

from patchc.graph.load import load_graph
from patchc.source.text import Source
from patchc.testing.agreement import Trio, by_settings

TEXT = """patchc 1

patch filtered {{
  cell hum : sine {{ freq = learn 110 Hz in 50 Hz .. 500 Hz; level = -20 dB }}
  cell air : noise {{ level = -20 dB }}
  cell out : {filter} {{ in <- hum, air; {ports} }}
  output main <- out
}}
"""
SVF = [
    f"cutoff = {cutoff}; q = {q}; mode = {mode}"
    for cutoff, q, mode in (
        ("5 Hz", 5, "lowpass"),
        ("20 Hz", 0.7, "highpass"),
        ("20 Hz", 10, "bandpass"),
        ("50 Hz", 20, "notch"),
        ("20 kHz", 10, "lowpass"),
    )
]


@pytest.mark.parametrize(
    ("filter_", "ports"),
    [*(("svf", ports) for ports in SVF), ("onepole", "cutoff = 5 Hz"), ("onepole", "cutoff = 20 kHz")],
)
@pytest.mark.parametrize("rate", [48_000, 96_000, 192_000])
def test_filter_agrees(filter_: str, ports: str, rate: int) -> None:
    graph, diagnostics = load_graph(Source("f.patch", TEXT.format(filter=filter_, ports=ports)))
    assert graph is not None, [d.message for d in diagnostics]
    three = Trio(graph, rate)
    found = three.differences(by_settings(seconds=0.5, seed=1), {"settings": three.fused.draw(2, seed=1)})
    assert [one for one in found if one.too_far or one.hard] == []

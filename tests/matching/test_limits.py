"""Numbers at an end of their range: what to write instead, in one unit, and that the language takes it."""

from __future__ import annotations

import pytest
import torch

from patchc.compiler.load import compile_graph
from patchc.graph.load import load_graph
from patchc.matching.limits import AtLimit, at_limits
from patchc.source.text import Source

RANGES = {
    "up": "0 ct .. 6 ct",
    "e.time": "1 ms .. 2 s log",
    "f.cutoff": "60 Hz .. 4 kHz log",
    "f.q": "1 .. 4",
    "g.in[f].gain": "0 % .. 100 %",
    "g.level": "-30 dB .. 0 dB",
    "h.level": "-60 dB .. 0 dB",
}


def patch(ranges: dict[str, str]) -> str:
    return (
        f"patchc 1\n\npatch p {{\n  input gate : gate\n  param up = learn in {ranges['up']}\n"
        f"  cell o : saw {{ freq = 220 Hz + up }}\n"
        f"  cell e : decay {{ gate <- gate; time = learn in {ranges['e.time']} }}\n"
        f"  cell f : svf {{ in <- o; cutoff = learn in {ranges['f.cutoff']}; q = learn in {ranges['f.q']} }}\n"
        f"  cell g : gain {{ in <- f * learn in {ranges['g.in[f].gain']}; level = learn in {ranges['g.level']}\n"
        f"    level *= e }}\n"
        f"  cell h : gain {{ in <- o; level = learn in {ranges['h.level']} }}\n  output main <- g, h\n}}\n"
    )


def ends(place: float, ranges: dict[str, str] = RANGES) -> dict[str, AtLimit]:
    """Every limit with all knobs at one place of their ranges."""
    source = Source("p.patch", patch(ranges))
    graph, diagnostics = load_graph(source)
    assert graph is not None, diagnostics
    synth = compile_graph(graph, source, sample_rate=48_000)
    return {one.name: one for one in at_limits(synth, synth.knobs, torch.full((1, synth.width), place))}


def test_the_middle_is_no_limit() -> None:
    assert ends(0.5) == {}


def test_upper_ends() -> None:
    wider = {name: limit.wider for name, limit in ends(1.0).items()}
    assert wider == {
        "up": "0 ct .. 12 ct",
        "e.time": "1 ms .. 8000 ms log",
        "f.cutoff": "60 Hz .. 16000 Hz log",
        "f.q": "1 .. 7",
        "g.in[f].gain": "0 % .. 200 %",
        "g.level": "-30 dB .. 12 dB",
        "h.level": "-60 dB .. 12 dB",
    }


def test_lower_ends() -> None:
    found = ends(0.0)
    assert found["f.cutoff"].wider == "15 Hz .. 4000 Hz log"
    assert found["f.q"].wider != ""
    assert {name for name, limit in found.items() if limit.off} == {"g.in[f].gain", "h.level"}
    assert "has no share in the match" in found["h.level"].text


def test_what_a_cell_does_not_go_beyond_is_said() -> None:
    found = ends(1.0, {**RANGES, "f.q": "0.5 .. 1000"})["f.q"]
    assert found.text == "`f.q` ended at 1000, the upper end of its range, and the cell goes no further"


@pytest.mark.parametrize("place", [0.0, 1.0])
def test_the_language_takes_what_is_proposed(place: float) -> None:
    wider = {name: limit.wider for name, limit in ends(place).items() if limit.wider}
    graph, diagnostics = load_graph(Source("p.patch", patch({**RANGES, **wider})))
    assert graph is not None
    assert [one.code for one in diagnostics] == []

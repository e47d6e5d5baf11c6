"""Every cell type plays in a kernel, forwards and backwards, as it does in plain torch: whoever wrote it."""

from __future__ import annotations

import pytest
import torch

from patchc.cells.registry import cell_names, find_cell
from patchc.cells.spec import CellSpec, InSpec, Kind, KnobSpec
from patchc.graph.load import load_graph
from patchc.graph.model import Graph
from patchc.source.text import Source
from patchc.testing.agreement import Trio, by_settings

NAMES = [*cell_names(), "supersaw"]
ON_BLOCKS = {"delay", "fir_reverb", "harmonic", "noise_bank"}
"""Cells that are run by themselves, between two kernels."""

pytestmark = [pytest.mark.parametrize("name", NAMES), pytest.mark.usefixtures("second_package")]


def graph_of(spec: CellSpec) -> Graph:
    """A patch with the cell, all of whose numbers are learned, and something plugged into every input."""
    sizes = ", ".join(f"{size.name} = {min(8, int(size.default))}" for size in spec.sizes if size.whole)
    ports = [line for port in spec.ports if (line := _line(port))]
    out = "one" if spec.out.kind is Kind.AUDIO else "heard"
    text = f"""patchc 1

patch p {{
  input note : gate
  cell hum : saw {{ freq = 110 Hz; level = -12 dB }}
  cell air : noise {{ level = -12 dB }}
  cell one : {spec.name}{f"({sizes})" if sizes else ""} {{ {"; ".join(ports)} }}
  {"cell heard : gain { in <- hum; level *= one }" if out == "heard" else ""}
  output main <- {out}, hum, air
}}
"""
    graph, diagnostics = load_graph(Source("p.patch", text))
    assert graph is not None, [d.message for d in diagnostics]
    return graph


def _line(port: KnobSpec | InSpec) -> str:
    if isinstance(port, InSpec):
        return f"{port.name} <- {'note' if port.kind is Kind.GATE else 'hum, air'}"
    return f"{port.name} = learn" if port.domain is not None else ""


def trio(name: str, rate: int) -> Trio:
    cell = find_cell(name)
    assert cell is not None
    return Trio(graph_of(cell.spec), rate)


@pytest.mark.parametrize("rate", [8_000, 48_000])
def test_cell_agrees(name: str, rate: int) -> None:
    three = trio(name, rate)
    settings = torch.cat([three.fused.defaults(), three.fused.draw(5, seed=1)])
    found = three.differences(by_settings(seconds=0.15, seed=1), {"settings": settings})
    assert [one for one in found if one.too_far] == []
    assert [one for one in found if one.hard and name not in ON_BLOCKS] == []


def test_cell_agrees_at_the_ends_of_its_ranges(name: str) -> None:
    """Signals only: at an end itself a gradient belongs to one side or the other. No pitch is past the Nyquist
    limit."""
    three = trio(name, 48_000)
    corners = torch.stack([torch.zeros(three.fused.width), torch.ones(three.fused.width)])
    found = three.differences(by_settings(seconds=0.15, seed=1), {"settings": corners})
    assert [one for one in found if one.too_far and not one.name.startswith("gradient")] == []


def test_cell_is_in_the_kernel(name: str) -> None:
    three = trio(name, 8_000)
    assert three.fused.executor == "fused"
    assert three.fused.blocks == (("one",) if name in ON_BLOCKS else ())

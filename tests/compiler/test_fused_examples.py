"""The kernels play every example as plain torch in float64 does: signals within -100 dB, gradients within a
thousandth."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from patchc.compiler.open import read_graph
from patchc.testing.agreement import Trio, by_settings

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))
RATES = (8_000, 16_000, 44_100, 48_000, 96_000)


def trio(path: Path, sample_rate: int) -> Trio:
    graph, _ = read_graph(path, None)
    return Trio(graph, sample_rate)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_agrees(path: Path) -> None:
    """At one of the usual sample rates each, since every rate is another kernel."""
    three = trio(path, RATES[EXAMPLES.index(path) % len(RATES)])
    assert three.fused.executor == "fused"
    settings = three.fused.draw(3, seed=1)
    seeds = torch.tensor([3, 4, 2**40 + 5])
    found = three.differences(by_settings(seconds=0.2, seed=seeds), {"settings": settings})
    assert [one for one in found if one.too_far] == []


@pytest.mark.slow
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_agrees_at_every_rate(path: Path, rate: int) -> None:
    three = trio(path, rate)
    settings = torch.cat([three.fused.draw(16, seed=2), three.fused.defaults()])
    found = three.differences(by_settings(seconds=0.2, seed=9), {"settings": settings})
    assert [one for one in found if one.too_far] == []

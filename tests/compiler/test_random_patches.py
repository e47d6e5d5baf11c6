"""Random patches compile, render finite sounds, and lose nothing between settings and natural units."""

from __future__ import annotations

import torch
from hypothesis import HealthCheck, given, settings

from patchc.compiler.load import compile_graph
from patchc.graph.model import Graph
from patchc.testing import graphs

often = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@often
@given(graphs())
def test_random_patches_go_all_the_way(graph: Graph) -> None:
    synth = compile_graph(graph, sample_rate=8_000, dtype=torch.float64)
    assert synth.plan.text().startswith(f"plan {graph.name}\n")
    drawn = synth.draw(3, seed=1)
    with torch.no_grad():
        sound = synth(drawn, seconds=0.1)
    assert synth.explain_nonfinite(sound, drawn) is None
    assert sound.audio.shape[-1] == 800
    if synth.width:
        torch.testing.assert_close(synth.positions(synth.natural(drawn)), drawn, atol=1e-6, rtol=0)


@often
@given(graphs())
def test_one_of_a_batch_is_one_alone(graph: Graph) -> None:
    synth = compile_graph(graph, sample_rate=8_000)
    if synth.width:
        drawn = synth.draw(3, seed=2)
        with torch.no_grad():
            both, alone = synth(drawn, seconds=0.05), synth(drawn[1:2], seconds=0.05)
        assert torch.equal(both.audio[1:2], alone.audio)
        different = [name for name in both.taps if not torch.equal(both.taps[name][1:2], alone.taps[name])]
        assert different == []

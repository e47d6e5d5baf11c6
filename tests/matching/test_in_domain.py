"""A sound that the patch can make is found again: far closer than the best draw, and the same for the same seed."""

from __future__ import annotations

import pytest
import torch

from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.graph.load import load_graph
from patchc.matching.match import Match, match
from patchc.matching.workload import Moment
from patchc.source.text import Source

RATE = 8_000

PLUCK = """patchc 1

patch pluck {
  input pitch : control = 220 Hz in 50 Hz .. 2 kHz log
  input gate  : gate

  cell env : decay { gate <- gate; time = learn 400 ms in 50 ms .. 2 s log }
  cell osc : saw { freq = pitch; level = learn -9 dB in -30 dB .. 0 dB }
  cell vcf : svf { in <- osc; cutoff = learn 800 Hz in 100 Hz .. 3.5 kHz log }
  cell vca : gain { in <- vcf; level *= env }

  output main <- vca

  tap main loss mss(fft = [512, 128])
}
"""


@pytest.fixture(scope="module")
def synth() -> PatchModule:
    source = Source("pluck.patch", PLUCK)
    graph, diagnostics = load_graph(source)
    assert graph is not None, diagnostics
    return compile_graph(graph, source, sample_rate=RATE)


def found_again(synth: PatchModule, seed: int) -> Match:
    """The match of a drawn sound, by a plan of a few seconds."""
    with torch.no_grad():
        target = synth(synth.draw(1, seed=100 + seed), seconds=0.5, pitch=180.0, gate=0.4).audio[0]
    return match(synth, target, pitch=180.0, gate=0.4, draws=32, children=32, starts=2, steps=60, seed=seed)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_loss_falls_below_half_of_the_best_draw(synth: PatchModule, seed: int) -> None:
    found = found_again(synth, seed)
    assert found.loss < 0.5 * found.drawn_loss
    graph, _ = load_graph(Source("found.patch", found.text))
    assert graph is not None


def test_the_same_seed_is_the_same_match(synth: PatchModule) -> None:
    assert torch.equal(found_again(synth, 1).settings, found_again(synth, 1).settings)


def test_ctrl_c_keeps_the_best(synth: PatchModule) -> None:
    with torch.no_grad():
        target = synth(synth.draw(1, seed=9), seconds=0.5, pitch=180.0, gate=0.4).audio[0]

    def stop(now: Moment) -> None:
        if now.done == 8:
            raise KeyboardInterrupt

    found = match(synth, target, pitch=180.0, gate=0.4, draws=64, children=32, steps=40, on_progress=stop)
    assert found.interrupted
    assert found.loss <= found.drawn_loss

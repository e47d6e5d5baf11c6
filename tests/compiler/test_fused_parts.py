"""What else a kernel may be asked for: time in pieces, large patches, memory at control rate, torch's compilers."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from patchc.cells import registry
from patchc.cells.cell import Cell, Signal, audio_in, control_out, knob
from patchc.cells.spec import Polarity
from patchc.compiler.fused import schedule
from patchc.compiler.load import compile_graph, load
from patchc.compiler.module import PatchModule
from patchc.dsp.dsp import Dsp
from patchc.graph.load import load_graph
from patchc.graph.model import Graph
from patchc.native import buffers
from patchc.source.error import PatchError
from patchc.source.text import Source
from patchc.testing.agreement import Trio, by_settings

EXAMPLES = Path(__file__).parents[2] / "examples"


def graph_of(body: str) -> Graph:
    text = "patchc 1\n\npatch p {\n" + body + "\n}\n"
    graph, diagnostics = load_graph(Source("p.patch", text))
    assert graph is not None, [d.message for d in diagnostics]
    return graph


def agree(graph: Graph, batch: int = 3) -> None:
    three = Trio(graph, 16_000)
    assert three.fused.executor == "fused"
    found = three.differences(by_settings(seconds=0.1, seed=1), {"settings": three.fused.draw(batch, seed=1)})
    assert [one for one in found if one.too_far] == []


# --- time in pieces

CHAIN = """
  cell osc : saw { freq = learn 110 Hz in 50 Hz .. 500 Hz }
  cell air : noise { level = -20 dB }
  cell one : svf { in <- osc, air; cutoff = learn 300 Hz; q = learn 4 }
  cell two : onepole { in <- one; cutoff = learn 400 Hz }
  cell mod : sine { freq = learn 90 Hz in 50 Hz .. 200 Hz; freq += two * 20 Hz }
  output main <- mod
"""


@pytest.mark.parametrize("batch", [1, 3])
def test_time_in_pieces_is_the_same_sound(batch: int) -> None:
    """A filter behind a filter, and behind both a turn that never starts afresh: three levels of memory."""
    graph = graph_of(CHAIN)
    whole, pieces = (compile_graph(graph, sample_rate=16_000, split_time=split) for split in (False, True))
    exact = compile_graph(graph, sample_rate=16_000, dtype=torch.float64)
    settings = whole.draw(batch, seed=1).requires_grad_()
    (kernel,) = (step.traced.program for step in pieces._fused.steps(_still(), ("two",)))  # type: ignore[union-attr]
    assert [len(level) for level in kernel.lasting_levels] == [2, 1, 1]
    with torch.no_grad():
        cut, reference = (one(settings.to(one._start), seconds=0.4, taps=["two"]) for one in (pieces, exact))
    for found, wanted in ((cut.taps["two"], reference.taps["two"]), (cut.audio, reference.audio)):
        error = (found.double() - wanted).square().mean().sqrt() / wanted.square().mean().sqrt()
        assert error.item() < 1e-5
    gradients = [torch.autograd.grad(one(settings, seconds=0.4).audio.sum(), settings)[0] for one in (whole, pieces)]
    torch.testing.assert_close(gradients[1], gradients[0], rtol=1e-3, atol=1e-3 * float(gradients[0].abs().max()))


def _still() -> object:
    from patchc.compiler.fused.region import Form

    return Form("still")


def test_pieces_are_for_few_voices_only() -> None:
    """From sixteen sounds on they are the same bits as without."""
    path = EXAMPLES / "subtractive.patch"
    whole, pieces = (load(path, sample_rate=16_000, split_time=split) for split in (False, True))
    settings = whole.draw(16, seed=1)
    with torch.no_grad():
        sounds = [one(settings, seconds=0.2).audio for one in (whole, pieces)]
    assert torch.equal(*sounds)


# --- sound from elsewhere


def test_sound_that_nobody_hears_has_no_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though memory that was used before holds something else."""
    monkeypatch.setattr(buffers, "empty", lambda shape, dtype=torch.float32: torch.full(tuple(shape), 7, dtype=dtype))
    body = "  input near : audio\n  input far : audio\n  cell sum : mix { in <- near * -6 dB }\n  output main <- sum"
    inputs = {name: torch.randn(2, 1_000).requires_grad_() for name in ("near", "far")}
    compile_graph(graph_of(body), sample_rate=8_000)(seconds=0.125, inputs=inputs).audio.sum().backward()
    near, far = (inputs[name].grad for name in ("near", "far"))
    assert near is not None
    torch.testing.assert_close(near, torch.full((2, 1_000), 10 ** (-6 / 20)))
    assert far is None or not far.any()


# --- large patches


def test_a_large_patch_is_several_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "LARGEST", 3)
    chains = "".join(
        f"""
  cell env{k} : lfo {{ rate = learn {2 + k} Hz }}
  cell osc{k} : saw {{ freq = {110 * (1 + k)} Hz; freq += env{k} * learn 1 st in 0 st .. 2 st }}
  cell vcf{k} : svf {{ in <- osc{k}; cutoff = learn 800 Hz }}"""
        for k in range(3)
    )
    graph = graph_of(chains + "\n  cell sum : mix { in <- vcf0, vcf1, vcf2 }\n  output main <- sum")
    assert len(compile_graph(graph, sample_rate=16_000).kernels()) == 4
    agree(graph)


def test_a_large_patch_hands_on_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty waves in three kernels: what is handed on are sums of eight of them."""
    voices = "".join(f"\n  cell osc{k} : saw {{ freq = learn {55 * (1 + k)} Hz }}" for k in range(40))
    levels = ", ".join(f"osc{k} * {-20 - k} dB" for k in range(40))
    graph = graph_of(f"{voices}\n  cell sum : mix {{ in <- {levels} }}\n  output main <- sum")
    alone = compile_graph(graph, sample_rate=16_000)
    monkeypatch.setattr(schedule, "LARGEST", 18)
    large = compile_graph(graph, sample_rate=16_000)
    assert [text.count("keep_tile") for text in large.kernels()] == [2, 2, 1]
    settings = alone.draw(2, seed=1)
    with torch.no_grad():
        sounds = [one(settings, seconds=0.2, taps=["osc3"]) for one in (alone, large)]
        untapped = large(settings, seconds=0.2, taps=[])
    torch.testing.assert_close(sounds[0].audio, sounds[1].audio, atol=1e-6, rtol=0)
    assert torch.equal(untapped.audio, sounds[1].audio)
    agree(graph)


def test_a_partial_that_is_nearly_faded_is_as_exact_as_any() -> None:
    """A hundredth below the limit of what can be heard it is a thousandth as loud, and no worse for it."""
    three = Trio(graph_of("  cell h : harmonic { freq = 3970 Hz; level = learn -1 dB }\n  output main <- h"), 8_000)
    found = three.differences(by_settings(seconds=0.1, seed=1), {"settings": three.fused.draw(2, seed=1)})
    assert max(one.fused for one in found) < 1e-6


# --- memory at control rate


class Slewed(Cell):
    """A control signal that follows `to` with a delay: a filter at control rate behind a filter."""

    to = knob("0.5 in 0 .. 1", "Where it goes.", limits="0 .. 1")
    out = control_out("Where it is.", Polarity.UNIPOLAR)

    def forward(self, dsp: Dsp, to: Signal) -> Signal:
        return dsp.onepole(dsp.onepole(to, 0.9), 0.8)


class Follower(Cell):
    """Sound at control rate: what P308 warns of, and plays."""

    in_ = audio_in("What is followed.")
    out = control_out("How loud it is.", Polarity.UNIPOLAR)

    def forward(self, dsp: Dsp, in_: Signal) -> Signal:
        return dsp.abs(in_)


class Shipped:
    """An entry point, as another package would declare it."""

    def __init__(self, cell: type[Cell]) -> None:
        self.name, self.cell, self.value = cell.spec.name, cell, cell.__name__

    def load(self) -> type[Cell]:
        return self.cell


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [Shipped(Slewed), Shipped(Follower)]
    monkeypatch.setattr(registry, "entry_points", lambda group, name=None: [s for s in cells if name in (None, s.name)])


@pytest.mark.usefixtures("shipped")
def test_a_filter_at_control_rate() -> None:
    agree(
        graph_of(
            """
  cell wave : lfo { rate = learn 3 Hz; shape = square }
  cell slow : slewed { to = learn 0.4 in 0 .. 1; to += wave * learn 30 % in 0 % .. 60 % }
  cell osc  : saw { freq = learn 110 Hz in 50 Hz .. 500 Hz; freq += slow * 1 st; level *= slow }
  output main <- osc
"""
        )
    )


def test_numbers_that_are_fixed_are_compared_beforehand() -> None:
    """Where all numbers of an envelope are known, so is whether its note ends while it rises."""
    agree(
        graph_of(
            """
  cell long  : curved_adsr { held = 300 ms; attack = 100 ms; sustain = learn 40 % in 0 % .. 100 % }
  cell short : curved_adsr { held = 50 ms; attack = 100 ms; decay = learn 1 s }
  cell osc   : saw { freq = learn 110 Hz in 50 Hz .. 500 Hz; level *= long; level *= short }
  output main <- osc
"""
        )
    )


@pytest.mark.usefixtures("shipped")
def test_sound_in_a_control_cell() -> None:
    """It is played by itself, between two kernels."""
    graph = graph_of(
        """
  cell osc  : sine { freq = learn 60 Hz in 50 Hz .. 500 Hz }
  cell loud : follower { in <- osc }
  cell out  : saw { freq = 220 Hz; freq += loud * learn 1 st in 0 st .. 2 st }
  output main <- out
"""
    )
    assert compile_graph(graph, sample_rate=16_000).blocks == ("loud",)
    agree(graph)


# --- compilers, derivatives, seeds


@pytest.fixture
def wobble() -> PatchModule:
    return load(EXAMPLES / "wobble.patch", sample_rate=16_000)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_compilers_see_one_operator(wobble: PatchModule) -> None:
    """And so a compiled sound is the kernel's, bit for bit, with its gradients."""
    torch.compiler.reset()
    seen: list[str] = []

    def backend(module: torch.fx.GraphModule, _: object) -> torch.fx.GraphModule:
        seen.extend(str(node.target) for node in module.graph.nodes)
        return module

    settings = wobble.draw(3, seed=1).requires_grad_()
    compiled = torch.compile(wobble, fullgraph=True, backend=backend)(settings, seconds=0.1).audio
    sound = wobble(settings, seconds=0.1).audio
    assert seen.count("patchc.region.default") == 1 or seen.count("patchc.region") == 1
    assert torch.equal(compiled, sound)
    gradients = [torch.autograd.grad(one.square().sum(), settings)[0] for one in (compiled, sound)]
    assert torch.equal(*gradients)


def test_second_derivatives_say_where_they_are(wobble: PatchModule) -> None:
    settings = wobble.draw(2, seed=1).requires_grad_()
    (gradient,) = torch.autograd.grad(wobble(settings, seconds=0.05).audio.square().sum(), settings, create_graph=True)
    with pytest.raises(NotImplementedError, match="executor='reference'"):
        gradient.sum().backward()


def test_seeds_count_for_the_batch(wobble: PatchModule) -> None:
    assert wobble(seconds=0.05, seed=torch.arange(4)).audio.shape == (4, 800)
    with pytest.raises(PatchError) as caught:
        wobble(wobble.draw(3, seed=1), seconds=0.05, seed=torch.arange(2))
    assert [one.code for one in caught.value.diagnostics] == ["P606"]

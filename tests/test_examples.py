"""Every example goes the whole way: check, format, spellings, compile, render, gradients."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from patchc.cells.spec import Kind
from patchc.compiler.load import load
from patchc.compiler.module import PatchModule
from patchc.graph.load import check_source, load_graph
from patchc.graph.model import Graph, Role
from patchc.graph.write import from_json, from_yaml, to_json, to_text, to_yaml
from patchc.source.text import Source
from patchc.syntax.format import format_file
from patchc.syntax.parser import parse

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.patch"))

pytestmark = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


def source_of(path: Path) -> Source:
    return Source(str(path), path.read_text(encoding="utf-8"))


def graph_of(path: Path) -> Graph:
    graph, diagnostics = load_graph(source_of(path))
    assert graph is not None, diagnostics
    return graph


def heard(synth: PatchModule, seconds: float) -> dict[str, torch.Tensor]:
    """Noise for every audio input, so that an effect has something to work on."""
    torch.manual_seed(7)
    shape = (1, synth.samples(seconds))
    return {item.name: torch.rand(shape) * 2 - 1 for item in synth.graph.inputs if item.kind is Kind.AUDIO}


def test_checks_without_a_word(path: Path) -> None:
    assert [d.message for d in check_source(source_of(path), root=path.parent)] == []


def test_formats_to_itself(path: Path) -> None:
    source = source_of(path)
    tree, _ = parse(source)
    assert format_file(tree) == source.text


def test_three_spellings_of_one_graph(path: Path) -> None:
    graph = graph_of(path)
    assert from_json(to_json(graph))[0] == graph
    assert from_yaml(to_yaml(graph))[0] == graph
    assert load_graph(Source(path.name, to_text(graph)))[0] == graph


def test_sounds(path: Path) -> None:
    synth = load(path, sample_rate=16_000)
    sound = synth(synth.draw(2, seed=1), seconds=0.5, inputs=heard(synth, 0.5))
    assert sound.audio.shape == (2, 8_000)
    assert bool(torch.isfinite(sound.audio).all())
    assert float(sound.audio.abs().amax()) > 1e-3
    assert {cell.name for cell in synth.graph.cells} <= set(sound.taps)


def tap_gradients(synth: PatchModule) -> dict[str, torch.Tensor]:
    """For each knob, the gradient `[2, columns]` of a fixed random projection of all taps, at two drawn settings."""
    settings = synth.draw(2, seed=3).double().clamp(0.02, 0.98).requires_grad_()
    sound = synth(settings, seconds=0.6, inputs=heard(synth, 0.6))
    torch.manual_seed(0)
    total = sum((tap * torch.randn(tap.shape[1:], dtype=tap.dtype)).sum() for tap in sound.taps.values())
    (gradient,) = torch.autograd.grad(total, settings)
    return {knob.name: gradient[:, knob.columns] for knob in synth.knobs}


def test_every_learnable_number_hears_its_taps(path: Path) -> None:
    synth = load(path, sample_rate=16_000, dtype=torch.float64)
    gradients = tap_gradients(synth)
    for knob in synth.knobs:
        if knob.role is not Role.FIXED:
            gradient = gradients[knob.name]
            assert bool(torch.isfinite(gradient).all()), knob.name
            assert float(gradient.abs().sum()) > 0, knob.name

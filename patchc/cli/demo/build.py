"""Renders the examples for the page: the output, every cell as a file or a curve, and sounds drawn from the priors."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.cli.demo.highlight import highlighted
from patchc.cli.demo.knobs import knob_rows
from patchc.cli.demo.page import Example
from patchc.cli.demo.signals import Signal, audio_signal, control_signal
from patchc.cli.loading import source_of
from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.compiler.sound import Sound
from patchc.graph.draw import svg
from patchc.graph.load import load_graph
from patchc.source.error import PatchError

RATE = 48_000
SECONDS = 2.5
DRAWN = 4
_BURSTS = (0.05, 0.85, 1.65)  # where the test sound for audio inputs strikes, in seconds


def build_example(path: Path, out: Path) -> Example:
    """Renders the main patch of the file `path` into files below `out`. Raises `PatchError` if it has mistakes."""
    source = source_of(str(path))
    graph, found = load_graph(source)
    if graph is None:
        raise PatchError(found)
    synth = compile_graph(graph, source, sample_rate=RATE)
    given = test_inputs(synth)
    with torch.inference_mode():
        started = time.perf_counter()
        sound = synth(synth.defaults(), seconds=SECONDS, taps="all", inputs=given)
        took = time.perf_counter() - started
        drawn = synth(synth.draw(DRAWN, seed=1), seconds=SECONDS, taps=[], inputs=given) if synth.knobs else None
    name = path.stem
    return Example(
        id=name,
        title=title(graph.name),
        doc=_doc(graph.doc, given),
        facts=_facts(synth, took),
        main=audio_signal(out, f"{name}/output", "output", "", mono(sound.audio[0]), RATE, large=True),
        layers=_layers(synth, sound, out, name),
        variations=() if drawn is None else tuple(_drawn(drawn, out, name)),
        drawing=svg.draw(graph),
        knobs=tuple(knob_rows(synth, synth.defaults())),
        text=highlighted(source),
        file=path.name,
    )


def title(name: str) -> str:
    """`fm_bell` as `Fm bell`."""
    words = re.sub(r"[_.]+", " ", name)
    return words[:1].upper() + words[1:]


def mono(audio: Tensor) -> Tensor:
    """`[samples]` of `[samples]` or `[channels, samples]`."""
    return audio if audio.ndim == 1 else audio.mean(0)


def test_inputs(synth: PatchModule) -> Mapping[str, Any]:
    """Something to hear for every audio input: short bursts of noise."""
    names = [item.name for item in synth.graph.inputs if item.kind is Kind.AUDIO]
    if not names:
        return {}
    noise = torch.randn(synth.samples(SECONDS), generator=torch.Generator().manual_seed(0)) * 0.3
    clock = torch.arange(len(noise)) / synth.sample_rate
    since = torch.stack([torch.where(clock >= at, clock - at, torch.inf) for at in _BURSTS]).amin(0)
    return dict.fromkeys(names, noise * torch.exp(-since / 0.012))


def _doc(doc: str, given: Mapping[str, Any]) -> str:
    fed = " It is fed with three bursts of noise here." if given else ""
    return doc.replace("\n", " ") + fed


def _facts(synth: PatchModule, took: float) -> tuple[tuple[str, str], ...]:
    learned = sum(knob.width for knob in synth.knobs if knob.role == "learn")
    supplied = sum(knob.width for knob in synth.knobs if knob.role == "predict")
    facts = [
        ("cells", str(len(synth.graph.cells))),
        ("layers", str(len(synth.graph.layers))),
        ("learned numbers", str(learned)),
        *([("numbers from an encoder", str(supplied))] if supplied else []),
        ("length", f"{SECONDS:g} s"),
        ("rendered at", f"{SECONDS / took:.0f} × realtime, all cells recorded"),
    ]
    return tuple(facts)


def _layers(synth: PatchModule, sound: Sound, out: Path, name: str) -> tuple[tuple[str, tuple[Signal, ...]], ...]:
    kinds = {step.cell: (step.kind, step.type) for step in synth.plan.steps}
    return tuple(
        (layer.name, tuple(_cell(synth, sound, cell.name, *kinds[cell.name], out, name) for cell in layer.cells))
        for layer in synth.graph.layers
    )


def _cell(synth: PatchModule, sound: Sound, cell: str, kind: Kind, type_: str, out: Path, name: str) -> Signal:
    values = sound.taps[cell][0]
    if kind is Kind.CONTROL:
        return control_signal(cell, type_, values, synth.control_rate)
    safe = re.sub(r"[^\w.-]+", "_", cell)
    return audio_signal(out, f"{name}/{safe}", cell, type_, values, synth.sample_rate)


def _drawn(sound: Sound, out: Path, name: str) -> list[Signal]:
    return [
        audio_signal(out, f"{name}/drawn-{i + 1}", f"draw {i + 1}", "", mono(audio), RATE)
        for i, audio in enumerate(sound.audio)
    ]

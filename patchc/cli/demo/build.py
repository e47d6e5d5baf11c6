"""Renders the examples for the page: the output, every cell as a file or a curve, and sounds drawn from the priors."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path

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
from patchc.units.domain import Range
from patchc.units.unit import Dimension

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
    given = played_inputs(synth)
    with torch.inference_mode():
        sound = synth(synth.defaults(), seconds=SECONDS, taps="all", inputs=given)
        started = time.perf_counter()
        drawn = synth(synth.draw(DRAWN, seed=1), seconds=SECONDS, taps=[], inputs=given)
        took = time.perf_counter() - started
    name = path.stem
    return Example(
        id=name,
        title=title(graph.name),
        doc=_doc(graph.doc, given),
        facts=_facts(synth, took),
        main=audio_signal(out, f"{name}/output", "output", "", mono(sound.audio[0]), RATE, large=True),
        layers=_layers(synth, sound, out, name),
        variations=tuple(_drawn(drawn, out, name)) if synth.knobs else (),
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


def played_inputs(synth: PatchModule) -> dict[str, Tensor]:
    """Something to hear: bursts of noise for audio inputs, a swell for inputs that are levels."""
    given = {}
    for item in synth.graph.inputs:
        if item.kind is Kind.AUDIO:
            given[item.name] = _bursts(synth)
        elif item.value and item.value.dimension is Dimension.LEVEL and isinstance(item.value.domain, Range):
            given[item.name] = _swell(synth, item.value.domain)
    return given


def _bursts(synth: PatchModule) -> Tensor:
    noise = torch.randn(synth.samples(SECONDS), generator=torch.Generator().manual_seed(0)) * 0.3
    clock = torch.arange(len(noise)) / synth.sample_rate
    since = torch.stack([torch.where(clock >= at, clock - at, torch.inf) for at in _BURSTS]).amin(0)
    return noise * torch.exp(-since / 0.012)


def _swell(synth: PatchModule, domain: Range) -> Tensor:
    """From silence to nine tenths of the range and back, `[1, frames]`."""
    angle = torch.linspace(0, 3.141592653589793, synth.frames(SECONDS))
    return domain.low + (domain.high - domain.low) * 0.9 * torch.sin(angle)[None].clamp(min=0.0) ** 0.5


def _doc(doc: str, given: Mapping[str, Tensor]) -> str:
    heard = [f"`{name}` gets {'bursts of noise' if value.ndim == 1 else 'a swell'}" for name, value in given.items()]
    return doc.replace("\n", " ") + (f" Here {' and '.join(heard)}." if heard else "")


def _facts(synth: PatchModule, took: float) -> tuple[tuple[str, str], ...]:
    learned = sum(knob.width for knob in synth.knobs if knob.role == "learn")
    supplied = sum(knob.width for knob in synth.knobs if knob.role == "predict")
    facts = [
        ("cells", str(len(synth.graph.cells))),
        ("layers", str(len(synth.graph.layers))),
        ("learned numbers", str(learned)),
        *([("numbers from an encoder", str(supplied))] if supplied else []),
        ("length", f"{SECONDS:g} s"),
        ("rendered at", f"{DRAWN * SECONDS / took:.0f} × realtime, {DRAWN} at a time"),
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

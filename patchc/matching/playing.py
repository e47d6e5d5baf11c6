"""The line that plays a match: options of `patchc render` for its inputs, length, rate and seed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.checks import frame_length
from patchc.compiler.module import CONTROL_RATE, PatchModule
from patchc.graph.load import load_graph
from patchc.matching.analysis import Analysis
from patchc.units.unit import BASE_UNIT, note_name

PLAYED = "# played with:"
"""Begins the comment that a written patch ends with."""
_USUAL_RATE = 48_000


def playing(synth: PatchModule, analysis: Analysis, seed: int) -> str:
    """The options that play `synth`, compiled from a written patch, as it was matched."""
    words = list(_inputs(synth, analysis))
    options = [f"--set {' '.join(map(shlex.quote, words))}"] if words else []
    options.append(f"--seconds {analysis.target.seconds!r}")
    if synth.sample_rate != _USUAL_RATE:
        options.append(f"--rate {synth.sample_rate}")
    if synth.hop != frame_length(synth.sample_rate, CONTROL_RATE):
        options.append(f"--control-rate {synth.control_rate!r}")
    if seed:
        options.append(f"--seed {seed}")
    if not _is_main(synth):
        options.append(f"--patch {synth.graph.name}")
    return " ".join(options)


def unsaid(synth: PatchModule, analysis: Analysis) -> tuple[str, ...]:
    """The inputs whose values no option can say: curves, and recordings that were given as tensors."""
    curves = (name for name, value in analysis.given.items() if isinstance(value, Tensor) and value.numel() > 1)
    sounds = (name for name in analysis.recordings.sounds if name not in analysis.files)
    return (*analysis.levels, *curves, *sounds)


def _inputs(synth: PatchModule, analysis: Analysis) -> Iterator[str]:
    units = {item.name: BASE_UNIT[item.dimension] for item in synth.inputs}
    kinds = {item.name: item.kind for item in synth.inputs}
    yield from (f"{name}={note_name(hz) or f'{hz!r}Hz'}" for name, hz in analysis.pitches.items())
    yield from (f"{name}={note.on!r}s..{note.off!r}s" for name, note in analysis.gates.items())
    for name, value in analysis.given.items():
        if kinds[name] is Kind.GATE:
            yield f"{name}={'..'.join(f'{float(time)!r}s' for time in _times(value))}"
        elif not isinstance(value, Tensor) or value.numel() == 1:
            yield f"{name}={value if isinstance(value, str) else f'{float(value)!r}{units[name]}'}"
    yield from (f"{name}={file}" for name, file in analysis.files.items())


def _times(gate: Any) -> tuple[Any, ...]:
    return tuple(gate) if isinstance(gate, tuple | list) else (gate,)


def _is_main(synth: PatchModule) -> bool:
    """Whether the patch is the one of its file that is played unless another is named."""
    main = load_graph(synth.source)[0] if synth.source else None
    return main is None or main.name == synth.graph.name

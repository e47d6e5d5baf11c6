"""Sounds of a patch as files: one or many, with a file per tap and a picture of all of them at wish."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import torch
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.cli.files import folder, write
from patchc.cli.loading import patch_source
from patchc.cli.progress import Progress
from patchc.cli.screen import Screen
from patchc.cli.values import Settings
from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.compiler.sound import Sound
from patchc.graph.model import Graph
from patchc.media.audio import Written, read_audio, write_audio
from patchc.media.picture import Signal, draw_signals
from patchc.media.resample import resample
from patchc.source.diagnostic import Diagnostic
from patchc.source.error import PatchError
from patchc.source.text import Source

BATCH = 16
"""Sounds rendered at a time."""
CODES = {"16": "16", "24": "24", "32f": "float32"}


@dataclass(frozen=True)
class Wish:
    """What is to be made. `settings` are positions `[n, width]`; `values` go before them, by name, in base units."""

    output: str
    seconds: float = 2.0
    seed: int = 0
    bits: str = "32f"
    taps: tuple[str, ...] | None = None  # none, all (`()`) or these
    picture: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Made:
    """One file that was written. `tap` is empty for the patch's own output."""

    path: str
    item: int
    tap: str
    peak_db: float
    gain_db: float


def compiled(graph: Graph, source: Source, rate: int, control_rate: float | None = None) -> PatchModule:
    """The module of a graph that was read from `source`; rates in ticks a second."""
    return compile_graph(graph, patch_source(source), sample_rate=rate, control_rate=control_rate)


def with_sounds(synth: PatchModule, settings: Settings, seconds: float) -> dict[str, Any]:
    """All values by name, recordings for audio inputs read, mixed down, and cut or filled up to `seconds`."""
    return {**settings.values, **{name: _recording(synth, path, seconds) for name, path in settings.sounds.items()}}


def _recording(synth: PatchModule, path: str, seconds: float) -> Tensor:
    audio, rate = read_audio(path)
    mono = resample(audio.mean(0), rate, synth.sample_rate)[: synth.samples(seconds)]
    return torch.nn.functional.pad(mono, (0, synth.samples(seconds) - len(mono)))


class Renderer:
    """Renders settings batch by batch and writes what was wished for."""

    def __init__(self, synth: PatchModule, screen: Screen) -> None:
        self.synth = synth
        self.screen = screen
        self.made: list[Made] = []
        self.notes: list[
            Diagnostic
        ] = []  # about the patch's own output; of taps, `made` says how they were turned down

    def render(self, settings: Tensor, wish: Wish) -> None:
        """`settings` `[n, width]`. Raises `PatchError` if a sound is not finite, or a file cannot be written."""
        if wish.output != "-":
            folder(str(PurePath(wish.output).parent))
        many = len(settings) > 1
        with Progress("rendering", len(settings)) as progress, torch.inference_mode():
            for first in range(0, len(settings), BATCH):
                part = settings[first : first + BATCH]
                sound = self._sound(part, wish)
                for item in range(len(part)):
                    self._write(sound, item, numbered(wish.output, first + item, many), first + item, wish)
                    progress.step()

    def _sound(self, settings: Tensor, wish: Wish) -> Sound:
        taps: Any = "all" if wish.picture or wish.taps == () else list(wish.taps or ())
        sound: Sound = self.synth(settings, seconds=wish.seconds, seed=wish.seed, taps=taps, inputs=wish.values)
        if not sound.audio.isfinite().all():
            found = self.synth.explain_nonfinite(self._all(settings, wish), settings)
            raise PatchError([found] if found else [])
        return sound

    def _all(self, settings: Tensor, wish: Wish) -> Sound:
        sound: Sound = self.synth(settings, seconds=wish.seconds, seed=wish.seed, taps="all", inputs=wish.values)
        return sound

    def _write(self, sound: Sound, item: int, path: str, number: int, wish: Wish) -> None:
        self._audio(path, sound.audio[item], number, "", wish)
        if wish.taps is not None:
            for name in wish.taps or sound.taps:
                self._audio(beside(path, name), self.audible(sound, name, item), number, name, wish)
        if wish.picture:
            write(beside(path, "", ".png"), draw_signals(list(signals(self.synth, sound, item)), PurePath(path).stem))

    def _audio(self, path: str, audio: Tensor, number: int, tap: str, wish: Wish) -> None:
        written: Written = write_audio(path, audio, self.synth.sample_rate, CODES[wish.bits], seed=wish.seed)
        if not tap:
            self.notes += written.notes
        self.made.append(Made(path, number, tap, written.peak_db, written.gain_db))

    def audible(self, sound: Sound, name: str, item: int) -> Tensor:
        """The signal `[samples]` of a cell or output; frames of control are joined by straight lines."""
        values = sound.tap(name)[item]
        samples = sound.audio.shape[-1]
        return values if values.shape[-1] == samples else joined(values, self.synth.hop, samples)


def joined(frames: Tensor, hop: int, samples: int) -> Tensor:
    """Control frames `[frames]`, `hop` samples apart, as `[samples]`, with straight lines between them."""
    place = torch.arange(samples, device=frames.device)
    left = place // hop
    share = (place % hop).to(frames.dtype) / hop
    return frames[left] * (1 - share) + frames[left + 1] * share


def signals(synth: PatchModule, sound: Sound, item: int) -> Iterator[Signal]:
    """Every cell of one sound in layer order, then the outputs, for a picture."""
    kinds = {step.cell: step.kind for step in synth.plan.steps}
    for name, values in sound.taps.items():
        rate = synth.sample_rate if kinds[name] is Kind.AUDIO else synth.control_rate
        yield Signal(name, values[item], rate, kinds[name])
    for output in synth.graph.outputs:
        yield Signal(f"{output.name} (output)", sound.tap(output.name)[item], synth.sample_rate)


def numbered(path: str, number: int, many: bool) -> str:
    """`voice.wav` is `voice-003.wav` as the third of many."""
    return beside(path, f"-{number + 1:03}", join="") if many and path != "-" else path


def beside(path: str, name: str, suffix: str = "", join: str = ".") -> str:
    """`voice.wav` and `vcf` make `voice.vcf.wav`; what no file name can hold becomes `_`."""
    whole = PurePath(path)
    safe = re.sub(r'[/\\:*?"<>|\x00-\x1f]', "_", name)
    return str(whole.with_name(f"{whole.stem}{join if safe else ''}{safe}{suffix or whole.suffix}"))

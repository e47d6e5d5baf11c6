"""Sounds of a patch as files: one or many, with a file per tap and a picture of all of them where asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any

import torch
from torch import Tensor

from patchc.cells.registry import find_cell
from patchc.cells.spec import InSpec, Kind
from patchc.cli.balance import balance
from patchc.cli.drawn import Drawn
from patchc.cli.files import beside, folder, write
from patchc.cli.loading import patch_source
from patchc.cli.progress import Progress
from patchc.cli.tails import END, QUIET, end_of, level_at_end, tails
from patchc.compiler import held
from patchc.compiler.inputs import HELD
from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.compiler.sound import Sound
from patchc.graph.channels import is_mid_side
from patchc.graph.model import Graph
from patchc.graph.settable import levels_of_outputs
from patchc.media.audio import Subtype, Written, container_of, write_audio
from patchc.media.picture import Signal, draw_signals
from patchc.media.recordings import Recordings
from patchc.source.codes.media import CutAtEnd, LoudSound
from patchc.source.codes.sounds import WasCut, WasHeld
from patchc.source.diagnostic import Diagnostic
from patchc.source.error import PatchError
from patchc.source.text import Source

FEW_GAINS = 4
BATCH = 16
"""Sounds rendered at a time."""
USUAL_ADVICE = "`--tail 5s` lets it fade for up to 5 s more; a longer `--seconds`, or a shorter release, does too"
NOT_FADED = "it does not fade within {:.4g} s of tail: a longer one, less feedback or a shorter release may do"
CODES = {"16": "16", "24": "24", "32f": "float32"}


@dataclass(frozen=True)
class RenderOptions:
    """What is to be made. `values` go before settings, by name, in base units.

    `seconds` is the length, to which `tail` seconds are added at most, until a sound has faded; with `whole_tail`, one
    that does not fade gets all of it. `seed` is that of dither. With `resume`, sounds that are there with all their
    files are kept. `quiet` shows no progress.
    """

    seconds: float = 2.0
    seed: int = 0
    bits: str = "32f"
    taps: tuple[str, ...] | None = None  # none, all (`()`) or these
    picture: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    recordings: Recordings = field(default_factory=Recordings)
    tail: float = 0.0
    whole_tail: bool = False
    resume: bool = False
    quiet: bool = False


@dataclass
class WrittenFile:
    """One file that was written. `tap` is empty for the patch's own output."""

    path: str
    item: int
    tap: str
    peak_db: float
    gain_db: float
    seconds: float


def compiled(graph: Graph, source: Source, rate: int, control_rate: float | None = None) -> PatchModule:
    """The module of a graph that was read from `source`; rates in ticks a second."""
    return compile_graph(graph, patch_source(source), sample_rate=rate, control_rate=control_rate)


class Renderer:
    """Renders settings batch by batch and writes what was asked for."""

    def __init__(self, synth: PatchModule) -> None:
        self.synth = synth
        self.made: list[WrittenFile] = []
        self.warnings: list[Diagnostic] = []  # about the patch's own output; `made` says how taps were turned down
        self.cut: list[Diagnostic] = []
        self.held: dict[str, Diagnostic] = {}  # by place
        self.offsets: list[Diagnostic] = []
        self._last: dict[str, Any] = {}
        self.kept = 0  # sounds that were there already

    def render(self, drawn: Drawn, files: Sequence[str], options: RenderOptions) -> None:
        """Each sound into one of `files`. Raises `PatchError` if one is not finite, or cannot be written."""
        container_of(files[0], Subtype(CODES[options.bits]), self.synth.sample_rate)
        if files[0] != "-":
            folder(str(PurePath(files[0]).parent))
        rows = [row for row, file in enumerate(files) if not (options.resume and self._is_there(file, options))]
        self.kept = len(files) - len(rows)
        progress = Progress("rendering", len(rows), quiet=options.quiet)
        with progress, torch.inference_mode():
            for first in range(0, len(rows), BATCH):
                part = rows[first : first + BATCH]
                sound, ends = self._faded(drawn.some(part), options)
                self._note_held()
                for item, (row, end) in enumerate(zip(part, ends, strict=True)):
                    self._write(sound, item, end, files[row], drawn.numbers[row], options)
                    progress.step()

    def _is_there(self, file: str, options: RenderOptions) -> bool:
        """Whether a sound was made already, with all that was asked for beside it."""
        all_cells = [step.cell for step in self.synth.plan.steps]
        taps = () if options.taps is None else options.taps or all_cells
        pictures = [beside(file, "", ".png")] if options.picture else []
        return all(Path(path).exists() for path in [file, *(beside(file, name) for name in taps), *pictures])

    def _faded(self, drawn: Drawn, options: RenderOptions) -> tuple[Sound, list[int]]:
        """Sounds that are long enough, and the sample at which each ends, which depends on the sound alone."""
        whole = self.synth.samples(options.seconds)
        if options.tail <= 0:
            return self._sound(drawn, options.seconds, options), [whole] * len(drawn)
        ends: list[int | None] = [None] * len(drawn)
        for tail in tails(options.tail):
            sound = self._sound(drawn, options.seconds + tail + QUIET, options)
            limit = whole + self.synth.samples(tail)
            last = tail == options.tail
            ends = [
                end if end is not None else end_of(audio, whole, limit, self.synth.samples(END), last)
                for end, audio in zip(ends, sound.audio, strict=True)
            ]
            if all(end is not None for end in ends):
                break
        rest = whole + self.synth.samples(options.tail) * options.whole_tail
        return sound, [rest if end is None else end for end in ends]

    def _sound(self, drawn: Drawn, seconds: float, options: RenderOptions) -> Sound:
        taps: Any = "all" if options.picture or options.taps == () else list(options.taps or ())
        sound = self._played(drawn, seconds, options, taps)
        if not sound.audio.isfinite().all():
            found = self.synth.explain_nonfinite(self._played(drawn, seconds, options, "all"), drawn.settings)
            raise PatchError([found] if found else [])
        channels = options.recordings.channels
        if channels == 1:
            return sound
        split = {name: by_channel(values, channels) for name, values in sound.taps.items()}
        return Sound(by_channel(sound.audio, channels), split, sound.layout)

    def _played(self, drawn: Drawn, seconds: float, options: RenderOptions, taps: Any) -> Sound:
        channels = options.recordings.channels
        seed = torch.tensor(drawn.seeds).repeat_interleave(channels)
        gates = {item.name: HELD * options.seconds for item in self.synth.graph.inputs if item.kind is Kind.GATE}
        recorded = options.recordings.inputs(self.synth.samples(seconds), len(drawn))
        inputs = {**gates, **options.values, **recorded}
        rows = drawn.settings.repeat_interleave(channels, 0)
        call: dict[str, Any] = {"settings": rows, "seconds": seconds, "seed": seed, "inputs": inputs}
        wanted = taps if taps == "all" else [*taps, *held.sources(self.synth.plan)]
        sound: Sound = self.synth(**call, taps=wanted)
        self._last = {**call, "sound": sound}
        return sound

    def _note_held(self) -> None:
        """What the last sounds held at a limit or cut, each place once in all sounds."""
        for one in self.synth.held(**self._last):
            if isinstance(one, WasHeld | WasCut):
                self.held.setdefault(f"{one.place} {one.limit}", one)

    def remarks(self) -> list[Diagnostic]:
        """What was held or cut; not of notes that the end cuts, where that is said of what sounds there."""
        at_end = "the end of the sound"
        return [one for one in self.held.values() if not (self.cut and isinstance(one, WasCut) and one.why == at_end)]

    def _write(self, sound: Sound, item: int, end: int, path: str, number: int, options: RenderOptions) -> None:
        audio = sound.audio[item][..., :end]
        self._audio(path, left_right(audio, sound.layout.outputs), number, "", options)
        if options.taps is not None:
            for name in options.taps or sound.taps:
                self._audio(beside(path, name), self.audible(sound, name, item)[..., :end], number, name, options)
        if options.picture:
            drawn = list(signals(self.synth, sound, item, end))
            write(beside(path, "", ".png"), draw_signals(drawn, PurePath(path).stem))

    def _audio(self, path: str, audio: Tensor, number: int, tap: str, options: RenderOptions) -> None:
        rate = self.synth.sample_rate
        written: Written = write_audio(path, audio, rate, CODES[options.bits], seed=options.seed)
        if not tap:
            self.warnings += (with_gains(note, self.synth.graph) for note in written.notes)
            self.offsets += balance(path, audio)
            if fades(self.synth) and (level := level_at_end(audio, rate)) is not None:
                seconds = audio.shape[-1] / rate
                advice = NOT_FADED.format(options.tail) if options.whole_tail else USUAL_ADVICE
                self.cut.append(CutAtEnd(span=None, path=path, seconds=seconds, level_db=level, advice=advice))
        self.made.append(WrittenFile(path, number, tap, written.peak_db, written.gain_db, audio.shape[-1] / rate))

    def audible(self, sound: Sound, name: str, item: int) -> Tensor:
        """The signal `[samples]` of a cell or output; frames of control are joined by straight lines."""
        values = sound.tap(name)[item] if name in sound.taps or sound.audio.ndim == 2 else output_of(sound, name, item)
        samples = sound.audio.shape[-1]
        return values if values.shape[-1] == samples else joined(values, self.synth.hop, samples)


def by_channel(signals: Tensor, channels: int) -> Tensor:
    """`[batch * channels, time]` as `[batch, channels, time]`."""
    return signals.reshape(-1, channels, signals.shape[-1])


def fades(synth: PatchModule) -> bool:
    """Whether there is a note or a recording after which a sound may fade; anything else sounds for ever."""
    return any(item.kind in (Kind.GATE, Kind.AUDIO) for item in synth.graph.inputs)


def with_gains(note: Diagnostic, graph: Graph) -> Diagnostic:
    """A sound that is too loud (P710), with the settings that make its outputs quieter."""
    if not isinstance(note, LoudSound):
        return note
    gains = [f"{name}={level:.4g}dB" for name, level in levels_of_outputs(graph, -note.over_db)]
    shown = " ".join(gains[:FEW_GAINS]) + (" ..." if len(gains) > FEW_GAINS else "")
    return replace(note, hint=f"{note.help_text}, or `--set {shown}`") if gains else note


def hears_note_off(graph: Graph, gate: str) -> bool:
    """Whether a cell that hears `gate` does anything when the note ends."""
    for cell in graph.cells:
        found = find_cell(cell.type)
        for port in cell.ports:
            if found is not None and any(cable.source == gate for cable in port.cables):
                spec = found.spec.port(port.name)
                if not (isinstance(spec, InSpec) and spec.start_only):
                    return True
    return False


def output_of(sound: Sound, name: str, item: int) -> Tensor:
    """An output `[samples]`, or `[channels, samples]` of a patch with one output that was played once a channel."""
    outputs = sound.layout.outputs
    return sound.audio[item] if len(outputs) == 1 else sound.audio[item, outputs.index(name)]


def left_right(audio: Tensor, outputs: Sequence[str]) -> Tensor:
    """Channels as files hold them: mid and side become left and right."""
    if audio.ndim == 1 or not is_mid_side(outputs):
        return audio
    mid, side = audio[0], audio[1]
    return torch.cat([torch.stack([mid + side, mid - side]), audio[2:]])


def joined(frames: Tensor, hop: int, samples: int) -> Tensor:
    """Control frames `[frames]`, `hop` samples apart, as `[samples]`, with straight lines between them."""
    place = torch.arange(samples, device=frames.device)
    left = place // hop
    share = (place % hop).to(frames.dtype) / hop
    return frames[..., left] * (1 - share) + frames[..., left + 1] * share


def signals(synth: PatchModule, sound: Sound, item: int, end: int) -> Iterator[Signal]:
    """Every cell of one sound in layer order, then the outputs, for a picture; channels are mixed to one."""
    kinds = {step.cell: step.kind for step in synth.plan.steps}
    for name, values in sound.taps.items():
        is_audio = kinds[name] is Kind.AUDIO
        rate = synth.sample_rate if is_audio else synth.control_rate
        length = end if is_audio else -(-end // synth.hop) + 1
        yield Signal(name, mono(values[item])[:length], rate, kinds[name])
    for name in sound.layout.outputs:
        values = output_of(sound, name, item) if sound.audio.ndim == 3 else sound.audio[item]
        yield Signal(f"{name} (output)", mono(values)[:end], synth.sample_rate)


def mono(values: Tensor) -> Tensor:
    return values if values.ndim == 1 else values.mean(0)

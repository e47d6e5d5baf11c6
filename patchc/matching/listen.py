"""What a patch is told about a recording: its pitch, gate and level, estimated unless they are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.module import PatchModule
from patchc.graph.model import Graph, Input
from patchc.matching.note import Note, find_note, level_curve
from patchc.matching.pitch import find_pitch
from patchc.matching.target import Target
from patchc.media.resample import resample
from patchc.units.domain import Range
from patchc.units.unit import Dimension

_PITCH_NAMES = ("pitch", "f0", "freq", "frequency", "note")
_UNSURE = 0.5  # a pitch of which less is sure is said to be uncertain


@dataclass(frozen=True)
class Heard:
    """What a recording tells the inputs of a patch. `found` names those that were found rather than given."""

    target: Target
    pitches: Mapping[str, float] = field(default_factory=dict)  # Hz
    gates: Mapping[str, Note] = field(default_factory=dict)
    levels: tuple[str, ...] = ()  # control inputs that follow the recording's level
    given: Mapping[str, Any] = field(default_factory=dict)
    found: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    @property
    def found_pitches(self) -> dict[str, float]:
        """Those pitches that were found rather than given, in Hz."""
        return {name: hz for name, hz in self.pitches.items() if name in self.found}

    def transposed(self, ratio: float) -> Heard:
        """The same, with every pitch that was found multiplied by `ratio`."""
        return replace(self, pitches={**self.pitches, **{name: hz * ratio for name, hz in self.found_pitches.items()}})

    def inputs(self, synth: PatchModule) -> dict[str, Any]:
        """Values by name for a call of `synth`, which may run at another rate than the target has."""
        values: dict[str, Any] = {name: self._at_rate(synth, value) for name, value in self.given.items()}
        values.update(self.pitches)
        values.update({name: (note.on, note.off) for name, note in self.gates.items()})
        for item in synth.graph.inputs:
            if item.name in self.levels:
                values[item.name] = self._level(synth, item)
        return values

    def _at_rate(self, synth: PatchModule, value: Any) -> Any:
        recorded = isinstance(value, Tensor) and value.shape[-1] == self.target.audio.shape[-1]
        return resample(value, self.target.rate, synth.sample_rate) if recorded else value

    def _level(self, synth: PatchModule, item: Input) -> Tensor:
        audio = self.target.at(synth.sample_rate, synth.samples(self.target.seconds))[0]
        curve = level_curve(audio, synth.sample_rate, synth.hop)
        frames = synth.frames(self.target.seconds)
        curve = curve[[min(frame, len(curve) - 1) for frame in range(frames)]]
        domain = item.value.domain if item.value else None
        low, high = (domain.low, domain.high) if isinstance(domain, Range) else (-80.0, 0.0)
        return curve.clamp(low, high)[None].to(self.target.audio)

    def facts(self) -> list[tuple[str, str]]:
        """Each input and what it was told, in words."""
        said = {name: f"{hz:.4g} Hz" for name, hz in self.pitches.items()}
        said.update({name: f"from {note.on:.3g} s to {note.off:.3g} s" for name, note in self.gates.items()})
        said = {name: f"{text}, {'found' if name in self.found else 'given'}" for name, text in said.items()}
        return [*said.items(), *((name, "follows the level of the target") for name in self.levels)]


def listen(
    graph: Graph, target: Target, *, pitch: float | None, gate: Any = None, given: Mapping[str, Any] | None = None
) -> Heard:
    """Finds what the inputs of a patch need: `pitch` in Hz, `gate` as note-off or (on, off) in seconds, go before."""
    taken = dict(given or {})
    free = [item for item in graph.inputs if item.name not in taken]
    gates = [item.name for item in free if item.kind is Kind.GATE]
    pitched = _pitch_input(free)
    levels = tuple(item.name for item in free if item.kind is Kind.CONTROL and _dimension(item) is Dimension.LEVEL)
    heard = Heard(target, levels=levels, given=taken)
    if gates:
        note = _note(gate) if gate is not None else find_note(target.audio[0], target.rate)
        found = heard.found | (frozenset(gates) if gate is None else frozenset())
        heard = replace(heard, gates=dict.fromkeys(gates, note), found=found)
    return _with_pitch(heard, pitched, pitch) if pitched else heard


def _with_pitch(heard: Heard, name: str, pitch: float | None) -> Heard:
    if pitch is not None:
        return replace(heard, pitches={name: float(pitch)})
    found = find_pitch(heard.target.audio[0], heard.target.rate)
    if found is None:
        return replace(heard, notes=(*heard.notes, f"no pitch was found in the target: `{name}` is left as it starts"))
    notes = heard.notes
    if found.confidence < _UNSURE:
        notes = (
            *notes,
            f"the pitch, {found.frequency:.4g} Hz, is uncertain (confidence {found.confidence:.2f}): --pitch",
        )
    return replace(heard, pitches={name: found.frequency}, found=heard.found | {name}, notes=notes)


def _note(gate: Any) -> Note:
    on, off = gate if isinstance(gate, tuple | list) else (0.0, gate)
    return Note(float(on), float(off))


def _dimension(item: Input) -> Dimension | None:
    return item.value.dimension if item.value else None


def _pitch_input(items: list[Input]) -> str | None:
    """The control input that is a pitch: the first of the usual names, else the first that is a frequency."""
    controls = [item for item in items if item.kind is Kind.CONTROL]
    named = [item.name for item in controls if item.name.lower() in _PITCH_NAMES]
    measured = [item.name for item in controls if _dimension(item) is Dimension.FREQUENCY]
    return next(iter([*named, *measured]), None)

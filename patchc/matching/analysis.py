"""What a patch is told about its target: pitch, gate and level, estimated unless they are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.module import PatchModule
from patchc.graph.model import Input
from patchc.matching.candidates import pitch_candidates
from patchc.matching.note import Note, find_note, level_curve
from patchc.matching.pitch import find_pitch
from patchc.matching.target import Target, fitted
from patchc.media.recordings import Recordings
from patchc.media.resample import resample
from patchc.units.domain import Range
from patchc.units.unit import Dimension, nearest_note, note_name

_PITCH_NAMES = ("pitch", "f0", "freq", "frequency", "note")
_UNSURE = 0.5  # a pitch of less confidence is said to be uncertain


@dataclass(frozen=True)
class Analysis:
    """What a target says about the inputs of a patch. `estimated` names those that were not given.

    `recordings` are what its audio inputs play, at the rate of the target.
    """

    target: Target
    pitches: Mapping[str, float] = field(default_factory=dict)  # Hz
    gates: Mapping[str, Note] = field(default_factory=dict)
    levels: tuple[str, ...] = ()  # control inputs that follow the level of the target
    given: Mapping[str, Any] = field(default_factory=dict)
    recordings: Recordings = field(default_factory=Recordings)
    files: Mapping[str, str] = field(default_factory=dict)  # those of `recordings` that were read from one
    estimated: frozenset[str] = frozenset()
    candidates: tuple[float, ...] = ()  # Hz: what an estimated pitch may be instead
    notes: tuple[str, ...] = ()

    @property
    def estimated_pitches(self) -> dict[str, float]:
        """Those pitches that were estimated rather than given, in Hz."""
        return {name: hz for name, hz in self.pitches.items() if name in self.estimated}

    def transposed(self, ratio: float) -> Analysis:
        """The same, with every pitch that was estimated multiplied by `ratio`."""
        moved = {name: hz * ratio for name, hz in self.estimated_pitches.items()}
        return replace(self, pitches={**self.pitches, **moved})

    @property
    def rounded(self) -> Analysis:
        """The same, with pitches that were estimated as they are written: a note where no more can be said."""
        short = {name: _short(hz) for name, hz in self.estimated_pitches.items()}
        return replace(self, pitches={**self.pitches, **short})

    def inputs(self, synth: PatchModule) -> dict[str, Any]:
        """Values by name for a call of `synth` with one setting, which may run at another rate than the target has.

        Audio inputs are `[channels, samples]`: a patch with one output is played once for each channel.
        """
        values: dict[str, Any] = {name: self._at_frames(synth, value) for name, value in self.given.items()}
        values.update(self.pitches)
        values.update({name: (note.on, note.off) for name, note in self.gates.items()})
        values.update({item.name: self._level(synth, item) for item in synth.graph.inputs if item.name in self.levels})
        samples = synth.samples(self.target.seconds)
        played = {
            n: resample(sound, self.target.rate, synth.sample_rate) for n, sound in self.recordings.sounds.items()
        }
        return {**values, **replace(self.recordings, sounds=played).inputs(samples, 1)}

    def _at_frames(self, synth: PatchModule, value: Any) -> Any:
        """A curve over the control frames of the patch's own rate, at those of `synth`."""
        if not isinstance(value, Tensor) or value.ndim != 2 or value.shape[-1] < 2:
            return value
        frames = synth.frames(self.target.seconds)
        rate = (value.shape[-1] - 1) / (frames - 1) * synth.control_rate
        return value if value.shape[-1] == frames else synth.resample_frames(value, rate, self.target.seconds)

    def _level(self, synth: PatchModule, item: Input) -> Tensor:
        audio = fitted(
            resample(self.target.mono, self.target.rate, synth.sample_rate), synth.samples(self.target.seconds)
        )
        curve = level_curve(audio, synth.sample_rate, synth.hop)
        frames = synth.frames(self.target.seconds)
        curve = curve[[min(frame, len(curve) - 1) for frame in range(frames)]]
        domain = item.value.domain if item.value else None
        low, high = (domain.low, domain.high) if isinstance(domain, Range) else (-80.0, 0.0)
        return curve.clamp(low, high)[None].to(self.target.audio)

    def facts(self) -> list[tuple[str, str]]:
        """Each input and what it was told, in words."""
        said = {name: _hertz(hz) for name, hz in self.pitches.items()}
        said.update({name: f"from {note.on:.3g} s to {note.off:.3g} s" for name, note in self.gates.items()})
        said = {name: f"{text}, {'found' if name in self.estimated else 'given'}" for name, text in said.items()}
        return [*said.items(), *((name, "follows the level of the target") for name in self.levels)]


def analyse(
    synth: PatchModule,
    target: Target,
    *,
    pitch: float | None,
    gate: Any = None,
    given: Mapping[str, Any] | None = None,
    recordings: Recordings | None = None,
    files: Mapping[str, str] | None = None,
) -> Analysis:
    """Finds what the inputs of a patch need: `pitch` in Hz, `gate` as note-off or (on, off) in seconds, go before."""
    taken, played = dict(given or {}), recordings or Recordings()
    free = [item for item in synth.graph.inputs if item.name not in taken and item.name not in played.sounds]
    gates = [item.name for item in free if item.kind is Kind.GATE]
    pitched = _pitch_input(free)
    levels = tuple(item.name for item in free if item.kind is Kind.CONTROL and _dimension(item) is Dimension.LEVEL)
    found = Analysis(target, levels=levels, given=taken, recordings=played, files=files or {})
    if gates:
        note = _note(gate) if gate is not None else find_note(target.mono, target.rate)
        estimated = frozenset(gates) if gate is None else frozenset()
        found = replace(found, gates=dict.fromkeys(gates, note), estimated=estimated)
    return _with_pitch(found, pitched, pitch) if pitched else found


def _with_pitch(analysis: Analysis, item: Input, pitch: float | None) -> Analysis:
    name = item.name
    if pitch is not None:
        return replace(analysis, pitches={name: float(pitch)})
    found = find_pitch(analysis.target.mono, analysis.target.rate)
    if found is None:
        said = f"no pitch was found in the target: `{name}` is left as it starts"
        return replace(analysis, notes=(*analysis.notes, said))
    notes = analysis.notes
    if found.confidence < _UNSURE:
        said = (
            f"the pitch, {found.frequency:.4g} Hz, is uncertain (confidence {found.confidence:.2f}): `--pitch` sets it"
        )
        notes = (*notes, said)
    others = pitch_candidates(analysis.target.mono, analysis.target.rate, found)
    return replace(
        analysis,
        pitches={name: found.frequency},
        estimated=analysis.estimated | {name},
        candidates=tuple(hz for hz in others if _holds(item, hz)),
        notes=notes,
    )


def _holds(item: Input, hz: float) -> bool:
    domain = item.value.domain if item.value else None
    return not isinstance(domain, Range) or domain.holds(hz)


def _short(hz: float) -> float:
    """The frequency of a note where it rounds to the same four digits, 0.9 ct apart at most; else six digits."""
    note = nearest_note(hz)
    return note if f"{note:.4g}" == f"{hz:.4g}" else float(f"{hz:.6g}")


def _hertz(hz: float) -> str:
    name = note_name(hz)
    return f"{hz:.4g} Hz" + (f" ({name})" if name else "")


def _note(gate: Any) -> Note:
    on, off = gate if isinstance(gate, tuple | list) else (0.0, gate)
    return Note(float(on), float(off))


def _dimension(item: Input) -> Dimension | None:
    return item.value.dimension if item.value else None


def _pitch_input(items: list[Input]) -> Input | None:
    """The control input that is a pitch: the first of the usual names, else the first that is a frequency."""
    controls = [item for item in items if item.kind is Kind.CONTROL]
    named = [item for item in controls if item.name.lower() in _PITCH_NAMES]
    measured = [item for item in controls if _dimension(item) is Dimension.FREQUENCY]
    return next(iter([*named, *measured]), None)

"""What a target does over time and its match does not: pitch, level, brightness, noise, length; each with a way out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from patchc.graph.model import Graph
from patchc.losses import spectra
from patchc.matching.note import level_curve
from patchc.matching.pitch import pitch_track
from patchc.matching.wording import percent

_HOP = 0.02  # seconds between two looks
_WINDOW = 0.046  # seconds of a spectrum
_AUDIBLE_DB = -40.0  # below the loudest moment: what counts
_PITCH_CENTS = 40.0  # a pitch that moves by more, moves
_LEVEL_DB = 6.0  # mean distance of two level curves that is worth saying
_OCTAVES = 1.0  # by how much a spectrum's centre moves, or lies apart
_NOISE = 0.2  # of the power
_VOICED = 0.6  # a frame less like itself a period later counts as no tone
_LASTS = 0.2  # of the target's length: by how much one sounds on


@dataclass(frozen=True)
class _Traits:
    """One sound, `[samples]`: its level in dB and its spectral centre in Hz every 20 ms; what its pitch does."""

    level: Tensor
    centre: Tensor
    cents: float  # between the 10 % lowest and the 10 % highest of the frames that have a pitch
    tones: float  # the share of sounding frames that have a pitch
    noise: float  # of the power of those frames, the share that does not repeat

    @property
    def audible(self) -> Tensor:
        return self.level > self.level.max() + _AUDIBLE_DB

    @property
    def end(self) -> float:
        """Seconds until it is no longer audible."""
        return (int(self.audible.nonzero()[-1]) + 1) * _HOP

    @property
    def moves(self) -> float:
        """Octaves that its spectral centre moves over, but for a tenth of the time at both ends."""
        return _spread(self.centre[self.audible].log2())

    @property
    def bright(self) -> float:
        return float(self.centre[self.audible].log2().median().exp2())


def contrasts(target: Tensor, match: Tensor, rate: int, sources: bool) -> Iterator[str]:
    """Sentences about `target` and `match`, `[samples]` at `rate` Hz, brought to one level.

    `sources` says whether the patch has a source of noise.
    """
    if float(target.abs().max()) <= 0 or float(match.abs().max()) <= 0:
        return
    one, other = _traits(target, rate), _traits(match, rate)
    yield from _of_pitch(one, other)
    yield from _of_noise(one, other, sources)
    lasting = list(_of_length(one, other))
    yield from lasting or _of_level(one, other)
    yield from _of_brightness(one, other)


def has_noise(graph: Graph) -> bool:
    """Whether a patch has a source of noise, sounding or not."""
    return any("noise" in cell.type for layer in graph.layers for cell in layer.cells)


def _of_pitch(target: _Traits, match: _Traits) -> Iterator[str]:
    if target.tones > 0.5 and match.tones > 0.5 and target.cents > max(_PITCH_CENTS, 2 * match.cents):
        yield (
            f"the pitch of the target moves over {target.cents:.0f} ct, that of the match over {match.cents:.0f} ct: "
            "let an lfo or an envelope of the patch move its frequency, by a depth that is `learn`"
        )


def _of_noise(target: _Traits, match: _Traits, sources: bool) -> Iterator[str]:
    if target.tones < 0.1 and match.tones > 0.5:
        yield f"the target has no pitch and the match has one: {_more_noise(sources)}"
    elif target.tones > 0.5 and match.tones > 0.5 and target.noise > max(_NOISE, match.noise + _NOISE / 2):
        yield (
            f"about {percent(target.noise)} of the target does not repeat from period to period, as noise does, and "
            f"{percent(match.noise)} of the match: {_more_noise(sources)}"
        )


def _more_noise(sources: bool) -> str:
    if sources:
        return "give the level of the patch's noise a wider range"
    return "the patch has no source of noise, such as a `noise` cell"


def _of_length(target: _Traits, match: _Traits) -> Iterator[str]:
    if abs(target.end - match.end) > _LASTS * len(target.level) * _HOP:
        way = "longer" if match.end < target.end else "shorter"
        yield (
            f"the target sounds until {target.end:.2g} s, the match until {match.end:.2g} s: give the decay or release "
            f"a range that reaches {way} times, or set the note-off with `--gate`"
        )


def _of_level(target: _Traits, match: _Traits) -> Iterator[str]:
    frames = min(len(target.level), len(match.level))
    floor = float(target.level.max()) + _AUDIBLE_DB
    apart = match.level[:frames].clamp(min=floor) - target.level[:frames].clamp(min=floor)
    mean = float(apart[(target.audible | match.audible)[:frames]].abs().mean())
    if mean > _LEVEL_DB:
        place = int(apart.abs().argmax())
        how = f"{abs(float(apart[place])):.0f} dB {'louder' if apart[place] > 0 else 'softer'}"
        yield (
            f"over time the level of the match is {mean:.0f} dB from the target's in the mean, most at "
            f"{place * _HOP:.2g} s ({how}): no envelope of the patch follows it within its ranges"
        )


def _of_brightness(target: _Traits, match: _Traits) -> Iterator[str]:
    if target.moves > max(_OCTAVES, 2 * match.moves):
        yield (
            f"the brightness of the target moves over {target.moves:.1f} oct, that of the match over "
            f"{match.moves:.1f} oct: let an envelope move a cutoff or a modulation depth, by a depth that is `learn`"
        )
    apart = abs(torch.tensor(match.bright / target.bright).log2().item())
    if apart > _OCTAVES:
        word = "darker" if match.bright < target.bright else "brighter"
        yield (
            f"the match is {word} than the target: the centre of its spectrum lies at {_hertz(match.bright)}, the "
            f"target's at {_hertz(target.bright)}"
        )


def _hertz(value: float) -> str:
    return f"{float(f'{value:.2g}'):,.0f} Hz"


def _traits(audio: Tensor, rate: int) -> _Traits:
    audio = audio.detach().cpu().double()
    audio = audio / audio.square().mean().sqrt()  # at one level
    hop, size = max(1, round(_HOP * rate)), spectra.nearest_power_of_two(_WINDOW * rate)
    level = level_curve(audio, rate, hop)
    magnitude = spectra.power_spectrum(audio, size, hop).sqrt()
    frequencies = torch.arange(magnitude.shape[-1]).double() * rate / size
    centre = (magnitude @ frequencies) / magnitude.sum(-1).clamp(min=1e-12)
    frames = min(len(level), len(centre))
    track = pitch_track(audio, rate)
    cents, tones, noise = _pitch_traits(*track) if track is not None else (0.0, 0.0, 0.0)
    return _Traits(level[:frames], centre[:frames].clamp(min=1.0), cents, tones, noise)


def _pitch_traits(frequencies: Tensor, likeness: Tensor) -> tuple[float, float, float]:
    voiced = likeness > _VOICED
    if not bool(voiced.any()):
        return 0.0, 0.0, 0.0
    octaves = frequencies[voiced].log2()
    near = (octaves - octaves.median()).abs() < 0.5  # what lies further apart is a slip, no glide
    noise = 1 - float(likeness[voiced].median())
    return 1200 * _spread(octaves[near]), float(voiced.double().mean()), noise


def _spread(values: Tensor) -> float:
    low, high = torch.quantile(values, torch.tensor([0.1, 0.9]).to(values))
    return float(high - low)

"""The recording that is to be matched, brought to one channel, one rate and one length."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor
from torch.nn.functional import pad

from patchc.matching.note import constant_offset
from patchc.media.audio import peak_db, read_audio
from patchc.media.resample import resample
from patchc.source.codes.media import SilentTarget
from patchc.source.error import PatchError

LEAST_DB = -90.0
"""A target whose peak is below this, in dBFS, counts as silent."""
_CANCELLED = 1e-3  # of the channels' power: what is left of their mean when they cancel
_OFFSET = 3e-3  # of the peak: a constant offset that is taken away
LONGEST = 30.0
"""Seconds of a recording that are matched at most, unless a caller asks for more."""


@dataclass(frozen=True)
class Target:
    """`audio` `[1, samples]` at `rate` Hz, and the name it is spoken of by."""

    audio: Tensor
    rate: int
    name: str
    notes: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.audio.shape[-1] / self.rate

    def at(self, rate: int, samples: int) -> Tensor:
        """The same sound at another rate, `[1, samples]`, cut or continued with silence."""
        heard = resample(self.audio, self.rate, rate)[..., :samples]
        return pad(heard, (0, samples - heard.shape[-1]))


def read_target(sound: str | Path | Tensor, rate: int, seconds: float | None = None) -> Target:
    """A file (or `[samples]`, `[1, samples]`, `[channels, samples]` at `rate`) as one channel at `rate` Hz.

    Cut or continued with silence to `seconds`. Channels are averaged, or the first is taken where they
    cancel; a constant offset is taken away; either is said in `notes`. Raises `PatchError` for files that cannot be
    read, for recordings of more than 30 s where `seconds` does not ask for them, and for silent ones (P708).
    """
    if isinstance(sound, Tensor):
        samples, from_rate, name = sound.detach().reshape(-1, sound.shape[-1]), rate, "target"
    else:
        samples, from_rate = read_audio(sound, longest=max(LONGEST, seconds or 0.0))
        name = str(sound)
    mixed, notes = _one_channel(samples)
    mixed, more = _without_offset(mixed, from_rate)
    mono = resample(mixed, from_rate, rate)
    if seconds is not None:
        length = round(seconds * rate)
        mono = pad(mono[..., :length], (0, max(0, length - mono.shape[-1])))
    peak = peak_db(mono)
    if peak < LEAST_DB:
        raise PatchError([SilentTarget(span=None, path=name, peak_db=peak, least_db=LEAST_DB)])
    return Target(mono, rate, name, (*notes, *more))


def _one_channel(samples: Tensor) -> tuple[Tensor, tuple[str, ...]]:
    """`[channels, samples]` as `[1, samples]`, and what is to be said about it."""
    mean = samples.mean(0, keepdim=True)
    if len(samples) == 1:
        return mean, ()
    if float(mean.square().mean()) < _CANCELLED * float(samples.square().mean()):
        loudest = int(samples.square().mean(-1).argmax())
        return samples[loudest, None], (
            f"the target's channels cancel each other: channel {loudest + 1} alone is matched",
        )
    return mean, (f"the target's {len(samples)} channels are mixed to one",)


def _without_offset(mono: Tensor, rate: int) -> tuple[Tensor, tuple[str, ...]]:
    offset = constant_offset(mono[0], rate)
    if abs(offset) < _OFFSET * float(mono.abs().max()):
        return mono, ()
    return mono - offset, (
        f"the target has a constant offset of {offset:.3g}, which cannot be heard: it is taken away",
    )

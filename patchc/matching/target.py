"""The recording that is to be matched, brought to the channels, the rate and the length of what the patch plays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import pad

from patchc.graph.channels import channel_order, is_mid_side
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
    """`audio` `[channels, samples]` at `rate` Hz, one channel for each of the sound it is compared with.

    `peak_db` is the peak of the recording in dBFS as it was given: at another rate, samples fall elsewhere on the same
    curve and may lie higher.
    """

    audio: Tensor
    rate: int
    name: str
    peak_db: float
    notes: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.audio.shape[-1] / self.rate

    @property
    def mono(self) -> Tensor:
        """One channel of it, `[samples]`: the mean, or the loudest where the channels cancel."""
        return _mean_or_loudest(self.audio)[0][0]

    def at(self, rate: int, samples: int) -> Tensor:
        """The same sound at another rate, `[channels, samples]`, cut or continued with silence."""
        return fitted(resample(self.audio, self.rate, rate), samples)


def fitted(audio: Tensor, samples: int) -> Tensor:
    """`[..., any]` as `[..., samples]`: cut, or continued with silence."""
    return pad(audio[..., :samples], (0, max(0, samples - audio.shape[-1])))


def read_target(
    sound: str | Path | Tensor,
    rate: int,
    seconds: float | None = None,
    outputs: Sequence[str] = ("main",),
    channels: int = 1,
) -> Target:
    """A file (or `[samples]`, `[channels, samples]` at `rate`) at `rate` Hz, with as many channels as it is matched by.

    These are the `outputs` of a patch, or the `channels` of the recordings that a patch with one output is played with.
    Cut or continued with silence to `seconds`. A constant offset is taken away, and where the channels are others than
    those of the patch, they are averaged, or the loudest is taken where they cancel: all of it is said in `notes`.
    Raises `PatchError` for files that cannot be read, for recordings of more than 30 s where `seconds` does not ask for
    them, and for silent ones (P708).
    """
    if isinstance(sound, Tensor):
        samples, from_rate, name = sound.detach().reshape(-1, sound.shape[-1]), rate, "target"
    else:
        samples, from_rate = read_audio(sound, longest=max(LONGEST, seconds or 0.0))
        name = str(sound)
    matched, notes = _channels(samples, channel_order(outputs), max(len(outputs), channels))
    matched, more = _without_offset(matched, from_rate)
    audio = resample(matched, from_rate, rate)
    if seconds is not None:
        audio = fitted(audio, round(seconds * rate))
    if peak_db(audio) < LEAST_DB:
        raise PatchError([_silent(name, samples, audio)])
    return Target(audio, rate, name, peak_db(samples), (*notes, *more))


def _silent(name: str, samples: Tensor, audio: Tensor) -> SilentTarget:
    """A target without sound: what of `samples` was left, and what was in them."""
    what, advice = f"is silent: its peak is {peak_db(audio):.1f} dBFS", "raise its level, or give another recording"
    if peak_db(samples) >= LEAST_DB and peak_db(samples - samples.mean(-1, keepdim=True)) < LEAST_DB:
        what, advice = "is a constant offset and nothing else", "give another recording: nothing sounds in this one"
    return SilentTarget(span=None, path=name, what=what, least_db=LEAST_DB, advice=advice)


def _channels(samples: Tensor, outputs: Sequence[str], wanted: int) -> tuple[Tensor, tuple[str, ...]]:
    """`[any, samples]` as `[wanted, samples]` in the order of `outputs`, and what is to be said about it."""
    notes: tuple[str, ...] = ()
    if len(samples) != wanted:
        given = len(samples)
        samples, how = _mean_or_loudest(samples)
        if wanted > 1:
            how = "the target has one channel" if given == 1 else f"{how}, since the patch has {wanted}"
            how += f": each of the {wanted} channels of the patch is compared with it"
        notes = (how,) if how else ()
        samples = samples.expand(wanted, -1)
    return _mid_side(samples) if is_mid_side(outputs) else samples, notes


def _mid_side(samples: Tensor) -> Tensor:
    """Left and right as mid and side, which are their mean and half their difference; other channels as they are."""
    left, right = samples[:2]
    return torch.cat([torch.stack([left + right, left - right]) / 2, samples[2:]])


def _mean_or_loudest(samples: Tensor) -> tuple[Tensor, str]:
    """`[channels, samples]` as `[1, samples]`, and what was done, in words."""
    mean = samples.mean(0, keepdim=True)
    if len(samples) == 1:
        return mean, ""
    if float(mean.square().mean()) < _CANCELLED * float(samples.square().mean()):
        loudest = int(samples.square().mean(-1).argmax())
        return samples[
            loudest, None
        ], f"the target's channels cancel each other: channel {loudest + 1} alone is matched"
    return mean, f"the target's {len(samples)} channels are mixed to one"


def _without_offset(audio: Tensor, rate: int) -> tuple[Tensor, tuple[str, ...]]:
    offsets = torch.tensor([constant_offset(channel, rate) for channel in audio]).to(audio)
    largest = float(offsets[offsets.abs().argmax()])
    if abs(largest) < _OFFSET * float(audio.abs().max()):
        return audio, ()
    said = f"the target has a constant offset of {largest:.3g}, which makes no sound: it is taken away"
    return audio - offsets[:, None], (said,)

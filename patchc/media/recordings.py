"""Recordings for the audio inputs of a patch: as many channels as they have, or one where a patch takes no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.module import PatchModule
from patchc.graph.channels import pair_of
from patchc.media.audio import peak_db, read_audio
from patchc.media.resample import resample
from patchc.source.codes.media import ChannelsCancel, MixedDown
from patchc.source.diagnostic import Diagnostic

CANCELLED_DB = 20.0
"""A mix this much below its loudest channel has lost what was to be heard."""


@dataclass(frozen=True)
class Recordings:
    """`sounds` by input, each `[channels, samples]` at the patch's rate, with as many channels as `channels` or one."""

    sounds: Mapping[str, Tensor] = field(default_factory=dict)
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def channels(self) -> int:
        """How often the patch is played, once for each channel."""
        return max((len(sound) for sound in self.sounds.values()), default=1)

    @property
    def samples(self) -> int:
        """The longest of them."""
        return max((sound.shape[-1] for sound in self.sounds.values()), default=0)

    def inputs(self, samples: int, batch: int) -> dict[str, Tensor]:
        """Each `[batch * channels, samples]`, cut or filled up with silence."""
        found = {}
        for name, sound in self.sounds.items():
            fitted = torch.nn.functional.pad(sound, (0, samples - sound.shape[-1]))
            found[name] = fitted.expand(self.channels, samples).repeat(batch, 1)
        return found


def read_recordings(synth: PatchModule, sounds: Mapping[str, str | Path | Tensor]) -> Recordings:
    """The file of each input, or its samples `[channels, samples]` at the patch's rate.

    A patch with one output is played once for each channel, so that stereo stays stereo. Inputs called left and right
    take these channels. Where a patch has several outputs, channels are mixed to one. Raises `PatchError` for what
    cannot be read.
    """
    files = {name: _read(synth, sound) for name, sound in sounds.items()}
    pair = pair_of([item.name for item in synth.graph.inputs if item.kind is Kind.AUDIO]) or ()
    files = {name: _side(sound, pair.index(name)) if name in pair else sound for name, sound in files.items()}
    most = max((len(sound) for sound in files.values()), default=1)
    differ = {len(sound) for sound in files.values()} - {1, most}
    if not (differ or len(synth.graph.outputs) > 1):
        return Recordings(files)
    warnings = tuple(said for name, sound in files.items() if (said := _mixing(_called(sounds[name]), sound)))
    return Recordings({name: sound.mean(0, keepdim=True) for name, sound in files.items()}, warnings)


def _read(synth: PatchModule, sound: str | Path | Tensor) -> Tensor:
    if isinstance(sound, Tensor):
        return sound.detach().reshape(-1, sound.shape[-1])
    audio, rate = read_audio(sound)
    return resample(audio, rate, synth.sample_rate)


def _called(sound: str | Path | Tensor) -> str:
    return "the recording" if isinstance(sound, Tensor) else str(sound)


def _side(sound: Tensor, channel: int) -> Tensor:
    return sound[min(channel, len(sound) - 1)][None]


def _mixing(path: str, sound: Tensor) -> Diagnostic | None:
    if len(sound) == 1:
        return None
    loudest, mixed = max(map(peak_db, sound)), peak_db(sound.mean(0))
    if mixed < loudest - CANCELLED_DB:
        return ChannelsCancel(span=None, path=path, lost_db=min(loudest - mixed, 200.0))
    return MixedDown(span=None, path=path, channels=len(sound))

"""Sound files: read within bounds, and written whole or not at all, never clipped silently."""

from __future__ import annotations

import io
import math
import struct
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch
from torch import Tensor

from patchc.media.replace import replace_file
from patchc.source.codes.media import (
    CannotWriteSound,
    EmptySound,
    LoudSound,
    NoSoundFile,
    NotASound,
    NotFiniteSound,
    OddSampleRate,
    SoundTooLong,
    UnknownSoundFormat,
)
from patchc.source.diagnostic import Diagnostic
from patchc.source.error import PatchError

LONGEST = 600.0
"""Seconds of a recording that are read unless a caller says otherwise."""
MOST_VALUES = 2**28
"""Samples times channels that are ever held: one gigabyte of float32."""
RATES = (1_000, 768_000)
"""Sample rates in Hz that a recording may have."""
SAFE_DB = -1.0
"""Where an integer file's peak is put when the sound would not fit."""


class Subtype(StrEnum):
    """How a sample is stored."""

    FLOAT32 = "float32"
    INT24 = "24"
    INT16 = "16"


ROUNDING = {Subtype.INT16: 2.0**-15, Subtype.INT24: 2.0**-21, Subtype.FLOAT32: 2.0**-21}
"""How far a peak may lie beyond full scale and count as full scale: a step, or what float32 arithmetic rounds by."""


@dataclass(frozen=True)
class Written:
    """What became of a sound: its peak in dBFS, the gain in dB it was written with, and what is to be said."""

    peak_db: float
    gain_db: float = 0.0
    notes: tuple[Diagnostic, ...] = ()


def read_audio(path: str | Path, *, longest: float = LONGEST) -> tuple[Tensor, int]:
    """A sound file as `[channels, samples]` float32, full scale at ±1, and its rate in Hz; `-` is standard input.

    Raises `PatchError` (P701 to P705, P709) for a missing file, one that is no sound, an empty one, one that lasts more
    than `longest` seconds (found out before memory is taken), samples that are not finite, and impossible rates.
    """
    name = str(path)
    try:
        with soundfile.SoundFile(_opened(name)) as file:
            _check_header(name, file, longest)
            values = file.read(dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError) as error:
        raise PatchError([NotASound(span=None, path=name, reason=_reason(error))]) from None
    samples = torch.from_numpy(values.T.copy())
    if samples.numel() == 0:
        raise PatchError([EmptySound(span=None, path=name)])
    _check_finite(name, samples, file.samplerate)
    return samples, int(file.samplerate)


def _opened(name: str) -> Any:
    if name == "-":
        return io.BytesIO(sys.stdin.buffer.read(4 * MOST_VALUES))
    path = Path(name)
    if not path.exists():
        raise PatchError([NoSoundFile(span=None, path=name)])
    if not path.is_file():
        raise PatchError([NotASound(span=None, path=name, reason="it is not a file")])
    return name


def _check_header(name: str, file: soundfile.SoundFile, longest: float) -> None:
    low, high = RATES
    if not low <= file.samplerate <= high:
        raise PatchError([OddSampleRate(span=None, path=name, rate=file.samplerate, low=low, high=high)])
    seconds = file.frames / file.samplerate
    limit = min(longest, MOST_VALUES / file.samplerate / file.channels)
    if seconds > limit:
        raise PatchError([SoundTooLong(span=None, path=name, seconds=seconds, limit=limit)])


def _check_finite(name: str, samples: Tensor, rate: float) -> None:
    bad = (~samples.isfinite()).any(0).nonzero()
    if bad.numel():
        raise PatchError([NotFiniteSound(span=None, path=name, seconds=int(bad[0]) / rate)])


def _reason(error: Exception) -> str:
    text = getattr(error, "error_string", None) or getattr(error, "strerror", None) or str(error)
    return str(text).rstrip(".")


FLAC_ANY, FLAC_HIGHEST = 65_535, 655_350
"""Hz up to which FLAC takes any rate, and up to which it takes whole tens (RFC 9639, section 9.1.2)."""


def write_audio(
    path: str | Path, audio: Tensor, rate: int, subtype: Subtype | str = Subtype.FLOAT32, *, seed: int = 0
) -> Written:
    """Writes `[samples]` or `[channels, samples]` as .wav or .flac, whole or not at all; `-` streams WAV to stdout.

    A float32 .wav keeps peaks beyond full scale; an integer file is turned down to -1 dBFS instead of clipping. Either
    is said in `Written.notes`. 16 bit is dithered (triangular, two steps wide) from `seed`. Raises `PatchError`
    (P705 to P707).
    """
    name = str(path)
    kind = Subtype(subtype)
    container = container_of(name, kind, rate)
    samples = audio.detach().to("cpu", torch.float64).reshape(-1, audio.shape[-1])
    _check_finite(name, samples, rate)
    written = _levelled(name, samples, kind)
    data = encoded(samples * 10 ** (written.gain_db / 20), rate, kind, container, seed)
    _store(name, data)
    return written


def encoded(samples: Tensor, rate: int, kind: Subtype, container: str = "WAV", seed: int = 0) -> bytes:
    """`[channels, samples]` as the bytes of a sound file; what lies beyond full scale must have been dealt with."""
    stored, code = _stored(samples, kind, seed)
    buffer = io.BytesIO()
    soundfile.write(buffer, stored.T, rate, format=container, subtype=code)
    return _without_time(buffer.getvalue()) if container == "WAV" else buffer.getvalue()


def _without_time(wav: bytes) -> bytes:
    """The bytes of a WAV file with a time of zero in its `PEAK` chunk, where libsndfile puts the time of writing."""
    place = 12
    while place + 8 <= len(wav):
        name, size = struct.unpack_from("<4sI", wav, place)
        if name == b"PEAK":  # a version, then the time
            return wav[: place + 12] + bytes(4) + wav[place + 16 :]
        place += 8 + size + size % 2
    return wav


def peak_db(audio: Tensor) -> float:
    """The peak in dBFS; minus infinity for silence."""
    peak = float(audio.detach().abs().max()) if audio.numel() else 0.0
    return 20 * math.log10(peak) if peak > 0 else -math.inf


def container_of(name: str, kind: Subtype, rate: int) -> str:
    """The container that the end of a file's name means. Raises `PatchError` (P707) for what it cannot hold."""
    suffix = Path(name).suffix.lower()
    if name == "-" or suffix == ".wav":
        return "WAV"
    if suffix != ".flac":
        reason = f"it ends in `{suffix}`" if suffix else "its name has no ending"
        raise PatchError([UnknownSoundFormat(span=None, path=name, wanted="a sound", reason=reason)])
    if kind is Subtype.FLOAT32:
        reason = "flac holds whole numbers: ask for 24 bits, or write .wav"
        raise PatchError([UnknownSoundFormat(span=None, path=name, wanted="float32 samples", reason=reason)])
    if rate > FLAC_HIGHEST or (rate > FLAC_ANY and rate % 10):
        reason = f"flac takes rates up to {FLAC_HIGHEST} Hz, above {FLAC_ANY} Hz in tens: choose another, or write .wav"
        raise PatchError([UnknownSoundFormat(span=None, path=name, wanted=f"{rate} Hz", reason=reason)])
    return "FLAC"


def _levelled(name: str, samples: Tensor, kind: Subtype) -> Written:
    peak = peak_db(samples)
    if peak <= 20 * math.log10(1 + ROUNDING[kind]):
        return Written(peak)
    gain = 0.0 if kind is Subtype.FLOAT32 else SAFE_DB - peak
    action = f"turned down by {-gain:.1f} dB" if gain else "kept, and some players will clip it"
    over = math.ceil(peak * 10) / 10
    return Written(peak, gain, (LoudSound(span=None, path=name, peak_db=peak, over_db=over, action=action),))


def _stored(samples: Tensor, kind: Subtype, seed: int) -> tuple[np.ndarray[Any, Any], str]:
    if kind is Subtype.FLOAT32:
        return samples.to(torch.float32).numpy(), "FLOAT"
    if kind is Subtype.INT24:
        steps = (samples * (2**23 - 1)).round().clamp(-(2**23), 2**23 - 1)
        return steps.to(torch.int32).mul(2**8).numpy(), "PCM_24"
    generator = torch.Generator().manual_seed(seed)
    noise = torch.rand((2, *samples.shape), generator=generator, dtype=torch.float64).sub(0.5).sum(0)
    return (samples * (2**15 - 1) + noise).round().clamp(-(2**15), 2**15 - 1).to(torch.int16).numpy(), "PCM_16"


def _store(name: str, data: bytes) -> None:
    if name == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        replace_file(Path(name), data)
    except OSError as error:
        raise PatchError([CannotWriteSound(span=None, path=name, reason=_reason(error))]) from None

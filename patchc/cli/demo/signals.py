"""One signal as the page shows it: a file to hear, a spectrogram as a small PNG, a waveform or curve as an SVG path."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from patchc.media.audio import Subtype, peak_db, write_audio
from patchc.media.spectrogram import spectrogram

_RANGE_DB = 80.0  # from a spectrogram's loudest point down to black
_TILE, _LARGE = (300, 120), (900, 240)  # columns and rows of a spectrogram

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Signal:
    """A named signal and the files that show it, as paths from the page. A control signal has a curve and no sound."""

    name: str
    type: str
    note: str
    hint: str = ""
    sound: str = ""
    picture: str = ""
    wave: str = ""
    curve: str = ""


def audio_signal(out: Path, path: str, name: str, kind: str, audio: Tensor, rate: int, large: bool = False) -> Signal:
    """Writes `[samples]` as `path.flac` and `path.png` below the folder `out`.

    A FLAC file holds 16 bits: what is louder than full scale is turned down, and the hint says so.
    """
    columns, rows = _LARGE if large else _TILE
    file = out / f"{path}.flac"
    file.parent.mkdir(parents=True, exist_ok=True)
    written = write_audio(file, audio, rate, Subtype.INT16)
    (out / f"{path}.png").write_bytes(_spectrogram_png(audio, rate, columns, rows))
    peak = peak_db(audio)
    note = f"peak {0.0 if abs(peak) < 0.05 else peak:.1f} dB" if peak > -200 else "silent"
    hint = f"turned down by {-written.gain_db:.1f} dB to fit its file" if written.gain_db else ""
    wave = wave_path(audio.numpy(), columns if large else columns // 2)
    return Signal(name, kind, note + " ↓" * bool(hint), hint, f"{path}.flac", f"{path}.png", wave)


def control_signal(name: str, kind: str, values: Tensor, rate: float) -> Signal:
    """`[frames]` as a curve."""
    low, high = float(values.min()), float(values.max())
    note = f"{_plain(low)} to {_plain(high)}" if high > low else _plain(low)
    return Signal(name, kind, note, curve=curve_path(values.numpy()))


def _plain(value: float) -> str:
    return f"{0.0 if abs(value) < 5e-4 else value:.3g}"


def wave_path(values: Array, columns: int) -> str:
    """An SVG path, in a box from (0, -1) to (columns, 1), around the lowest and highest value of each column."""
    starts = np.linspace(0, len(values), min(columns, len(values)), endpoint=False).astype(int)
    reach = max(float(np.abs(values).max()), 1e-9)
    high = -np.maximum.reduceat(values, starts) / reach - 0.01
    low = -np.minimum.reduceat(values, starts) / reach + 0.01
    step = columns / len(starts)
    points = [*((i * step, y) for i, y in enumerate(high)), *((i * step, y) for i, y in reversed(list(enumerate(low))))]
    return "M" + "L".join(f"{x:.4g},{y:.3f}" for x, y in points) + "Z"


def curve_path(values: Array, columns: int = 300) -> str:
    """An SVG path through the values, in a box from (0, -1) to (columns, 1): zero in the middle if any is below it."""
    picked = values[np.linspace(0, len(values) - 1, min(columns, len(values))).astype(int)]
    reach = max(float(np.abs(picked).max()), 1e-9)
    heights = -picked / reach if picked.min() < 0 else 1 - 2 * picked / reach
    step = columns / max(1, len(picked) - 1)
    return "M" + "L".join(f"{i * step:.4g},{y:.3f}" for i, y in enumerate(heights))


def _spectrogram_png(audio: Tensor, rate: int, columns: int, rows: int) -> bytes:
    level = spectrogram(audio, rate).decibels[::-1]
    level = _loudest(_loudest(level, rows, 0), columns, 1)
    top = max(float(level.max()), -120.0)
    shades = np.clip((level - top) / _RANGE_DB + 1, 0, 1) * 255
    return _png(np.rint(shades).astype(np.uint8))


def _loudest(level: Array, size: int, axis: int) -> Array:
    """`level` with at most `size` entries along `axis`, each the highest of those it stands for."""
    have = level.shape[axis]
    starts = np.linspace(0, have, min(size, have), endpoint=False).astype(int)
    return np.asarray(np.maximum.reduceat(level, starts, axis=axis))


def _png(shades: Array) -> bytes:
    """Shades 0..255 `[rows, columns]` as a PNG with a palette (PNG specification, third edition, 2025)."""
    rows, columns = shades.shape
    lines = b"".join(b"\0" + line.tobytes() for line in shades)
    header = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", _palette()), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


@cache
def _palette() -> bytes:
    from matplotlib import colormaps

    return bytes(colormaps["magma"](np.arange(256), bytes=True)[:, :3].tobytes())

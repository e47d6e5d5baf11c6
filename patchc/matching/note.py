"""When one note begins and is let go, and how loud it is over time, read off its level in decibels."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

SILENT_DB = -200.0
"""The level that silence is given, in dB."""

_FRAME = 0.01  # seconds
_OFFSET_BLOCK = 0.15  # seconds
_AUDIBLE_DB = -40.0  # below the loudest frame: where a note counts as begun, and as over
_ATTACK_DB = -30.0  # below the loudest frame: the note began when it first rose above this
_KNEE_DB = 5.0  # by how much a let-go note stood above an even decay at the moment it was let go
_SOUNDING_DB = -25.0  # a note that ends the recording above this was never let go in it


class Note(NamedTuple):
    """Note-on and note-off in seconds."""

    on: float
    off: float


def find_note(signal: Tensor, rate: float) -> Note:
    """The note in `[samples]`: on where the level first rises, off at the knee before its last fall.

    A level that falls evenly to the end, as of a bell, has no knee: the note is held until it is no longer audible. One
    that still sounds at the end is held to the end.
    """
    seconds = signal.shape[-1] / rate
    signal = signal - constant_offset(signal, rate)
    level = level_curve(signal, rate, max(1, round(_FRAME * rate)))
    relative = level - level.max()
    audible = (relative > _AUDIBLE_DB).nonzero().flatten()
    if audible.numel() == 0:
        return Note(0.0, seconds)
    first, last = int((relative > _ATTACK_DB).nonzero()[0]), int(audible[-1])
    on = max(0.0, (first - 1) * _FRAME)
    if float(relative[-3:].mean()) > _SOUNDING_DB:
        return Note(on, seconds)
    return Note(on, min(seconds, max(on + _FRAME, _knee(relative, int(relative.argmax()), last) * _FRAME)))


def _knee(level: Tensor, top: int, last: int) -> int:
    """The frame between `top` and `last` that stands highest above the line between them; `last` if none does."""
    if last - top < 3:
        return last
    line = torch.linspace(float(level[top]), float(level[last]), last - top + 1, dtype=level.dtype)
    above = level[top : last + 1] - line
    place = int(above.argmax())
    return top + place if float(above[place]) > _KNEE_DB else last


def level_curve(signal: Tensor, rate: float, hop: int) -> Tensor:
    """The RMS level of `[samples]` in dB around every `hop`-th sample, `[samples // hop + 1]`; windows of 20 ms."""
    size = max(2 * hop, 2 * round(_FRAME * rate))
    square = torch.nn.functional.pad(signal.detach().double().square(), (size // 2, size // 2))
    heaped = torch.nn.functional.pad(square.cumsum(-1), (1, 0))
    power = (heaped[size:] - heaped[:-size])[::hop] / size
    return 10 * torch.log10(power.clamp(min=10 ** (SILENT_DB / 10)))


def constant_offset(signal: Tensor, rate: float) -> float:
    """The offset that `[samples]` have throughout: the median of their means under Hann windows of 150 ms.

    The window lets nothing of a tone through from 27.5 Hz on. What sounds for a part of the time may have an offset of
    its own, which the median leaves alone.
    """
    size = max(1, min(round(_OFFSET_BLOCK * rate), signal.shape[-1]))
    window = torch.hann_window(size + 2, periodic=False, dtype=torch.float64)[1:-1].to(signal.device)
    blocks = signal.detach().double().unfold(-1, size, max(1, size // 3))
    return float((blocks @ (window / window.sum())).median()) if signal.numel() else 0.0

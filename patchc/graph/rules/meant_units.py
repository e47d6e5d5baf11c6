"""The number that one in a wrong unit was probably meant to be, and the text of it."""

from __future__ import annotations

from math import log10

from patchc.graph.model import Const
from patchc.units.unit import NOTE_NAMES, Dimension, written

SILENCE = "-120 dB"
_MOST_KEYS = 127
_PLAIN = {Dimension.INTERVAL: "st", Dimension.FREQUENCY: "Hz"}


def meant_number(const: Const, wanted: Dimension, text: str, *, rate: bool) -> str | None:
    """`440 Hz` for `440`, `-10.5 dB` for `30 %`, `250 ms` for `4 Hz`; None where nobody can be sure.

    `rate` says that the number is how often something happens, and no pitch.
    """
    if const.dimension is Dimension.NUMBER:
        return _of_plain(const, wanted, text, rate)
    pair = {const.dimension, wanted} == {Dimension.FREQUENCY, Dimension.TIME}
    if pair and const.value > 0 and (rate or wanted is Dimension.TIME):
        other = 1 / const.value
        unit = "Hz" if wanted is Dimension.FREQUENCY else "ms" if other < 1 else "s"
        return written(other, unit, digits=6)
    if const.dimension is Dimension.LEVEL and wanted is Dimension.NUMBER and const.value <= 0:
        return written(10 ** (const.value / 20), "%", digits=3)
    return None


def meant_in_words(const: Const, wanted: Dimension, text: str, *, rate: bool) -> str:
    """What can be said where several numbers may be meant; empty where nothing can."""
    if const.dimension is not Dimension.NUMBER:
        return ""
    if "/" in text and wanted in (Dimension.TIME, Dimension.FREQUENCY) and 0 < const.value <= 4:
        beats = f"{4 * const.value:.6g}"
        if wanted is Dimension.TIME:
            return f"a note length by a tempo is written `{beats} / 120 bpm`"
        return f"a rhythm by a tempo is written `120 bpm / {beats}`"
    key = const.value
    if wanted is Dimension.FREQUENCY and not rate and key.is_integer() and 12 <= key <= _MOST_KEYS:
        return f"write `{text} Hz`, or as a note `{NOTE_NAMES[int(key) % 12]}{int(key) // 12 - 1}`"
    return ""


def _of_plain(const: Const, wanted: Dimension, text: str, rate: bool) -> str | None:
    percent = const.unit == "%"
    if wanted is Dimension.LEVEL:
        return _level(const.value, text, percent)
    if percent or "/" in text or "*" in text:
        return None
    if wanted is Dimension.FREQUENCY and not rate and const.value.is_integer() and 12 <= const.value <= _MOST_KEYS:
        return None
    if wanted is Dimension.TIME:
        return f"{text} {'ms' if abs(const.value) >= 5 else 's'}"
    if wanted is Dimension.PHASE:
        return f"{text} {'deg' if abs(const.value) > 1 else 'cyc'}"
    unit = _PLAIN.get(wanted)
    return f"{text} {unit}" if unit else None


def _level(value: float, text: str, percent: bool) -> str | None:
    if value == 0:
        return SILENCE
    if value < 0:
        return None if percent else f"{text} dB"
    return f"{20 * log10(value):.3g} dB" if value <= 1 or percent else None

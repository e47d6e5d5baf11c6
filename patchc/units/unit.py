"""Units and the dimensions they belong to; inside patchc every number is held in its dimension's base unit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum


class Dimension(StrEnum):
    """What a number measures. The base unit is the one numbers are held in."""

    FREQUENCY = "frequency"  # Hz
    TIME = "time"  # seconds
    INTERVAL = "interval"  # octaves
    LEVEL = "level"  # decibels; a cell's `forward` gets linear amplitude
    PHASE = "phase"  # cycles
    NUMBER = "number"  # plain; a percentage is one hundredth


@dataclass(frozen=True)
class Unit:
    """A way to write numbers of one dimension: `value in base units = number * factor`."""

    symbol: str
    dimension: Dimension
    factor: float


UNITS: dict[str, Unit] = {
    unit.symbol: unit
    for unit in (
        Unit("Hz", Dimension.FREQUENCY, 1.0),
        Unit("kHz", Dimension.FREQUENCY, 1e3),
        Unit("bpm", Dimension.FREQUENCY, 1 / 60),
        Unit("s", Dimension.TIME, 1.0),
        Unit("ms", Dimension.TIME, 1e-3),
        Unit("min", Dimension.TIME, 60.0),
        Unit("oct", Dimension.INTERVAL, 1.0),
        Unit("st", Dimension.INTERVAL, 1 / 12),
        Unit("ct", Dimension.INTERVAL, 1 / 1200),
        Unit("dB", Dimension.LEVEL, 1.0),
        Unit("cyc", Dimension.PHASE, 1.0),
        Unit("rad", Dimension.PHASE, 0.15915494309189535),
        Unit("deg", Dimension.PHASE, 1 / 360),
        Unit("%", Dimension.NUMBER, 0.01),
        Unit("", Dimension.NUMBER, 1.0),
    )
}

BASE_UNIT = {
    Dimension.FREQUENCY: "Hz",
    Dimension.TIME: "s",
    Dimension.INTERVAL: "oct",
    Dimension.LEVEL: "dB",
    Dimension.PHASE: "cyc",
    Dimension.NUMBER: "",
}

EXAMPLE = {
    Dimension.FREQUENCY: "440Hz",
    Dimension.TIME: "250ms",
    Dimension.INTERVAL: "7st",
    Dimension.LEVEL: "-6dB",
    Dimension.PHASE: "90deg",
    Dimension.NUMBER: "0.5",
}
"""What messages show as a value that is set from outside."""

_NOTE = re.compile(r"([A-G])([#sb]?)(-?[0-9])$")
_SEMITONE = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTAL = {"": 0, "#": 1, "s": 1, "b": -1}


NOTE_NAMES = ("C", "Cs", "D", "Ds", "E", "F", "Fs", "G", "Gs", "A", "As", "B")


def note_frequency(name: str) -> float | None:
    """The frequency in Hz of a note such as `A4` (440), `Db3`, `Cs5` or `C#5`, or None; C4 is MIDI note 60."""
    match = _NOTE.match(name)
    if match is None:
        return None
    letter, accidental, octave = match.groups()
    midi = 12 * (int(octave) + 1) + _SEMITONE[letter] + _ACCIDENTAL[accidental]
    return float(440.0 * 2 ** ((midi - 69) / 12))


def note_name(frequency: float) -> str | None:
    """The name of the note that has exactly this frequency in Hz, as `note_frequency` reads it, or None."""
    if frequency <= 0:
        return None
    key = round(69 + 12 * math.log2(frequency / 440.0))
    name = f"{NOTE_NAMES[key % 12]}{key // 12 - 1}"
    return name if note_frequency(name) == frequency else None


def nearest_note(frequency: float) -> float:
    """The frequency of the note of equal temperament that is nearest to one in Hz."""
    return float(440.0 * 2 ** ((round(69 + 12 * math.log2(frequency / 440.0)) - 69) / 12))


@dataclass(frozen=True)
class Quantity:
    """A number with its dimension, and the unit it was (or is to be) written in. `value` is in base units."""

    value: float
    dimension: Dimension = Dimension.NUMBER
    unit: str = ""

    @classmethod
    def of(cls, number: float, symbol: str = "") -> Quantity:
        """`number` written in `symbol`. Raises `KeyError` for an unknown unit."""
        unit = UNITS[symbol]
        return cls(number * unit.factor, unit.dimension, symbol)

    def __str__(self) -> str:
        return written(self.value, self.unit)


def written(value: float, symbol: str, digits: int = 12) -> str:
    """A base-unit value as a patch writes it in `symbol`: `0.25` in `ms` is `250 ms`."""
    number = f"{value / UNITS[symbol].factor:.{digits}g}"
    if "e" in number:
        number = f"{float(number):.15f}".rstrip("0").rstrip(".") if abs(float(number)) >= 1e-9 else number
    return f"{number} {symbol}".rstrip()

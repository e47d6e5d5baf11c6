"""Options that are a time, a frequency or a share: `--seconds 1.5s` or `500ms`, `--rate 44.1kHz`, `--spread 10%`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import typer

from patchc.units.read import read_quantity
from patchc.units.unit import Dimension, Quantity, written

EXAMPLE = {
    Dimension.TIME: "`1.5s`, `500ms` or `2`",
    Dimension.FREQUENCY: "`44.1kHz`, `44.1k` or `48000`",
    Dimension.NUMBER: "`10%` or `0.1`",
}
UNIT = {Dimension.TIME: "s", Dimension.FREQUENCY: "Hz", Dimension.NUMBER: "%"}
_LOOSE = {
    "s": "s",
    "ms": "ms",
    "sec": "s",
    "secs": "s",
    "second": "s",
    "seconds": "s",
    "m": "min",
    "hz": "Hz",
    "k": "kHz",
    "khz": "kHz",
}
_PARTS = re.compile(r"(.*?)\s*([A-Za-z%]*)\s*$")


def seconds_option(help: str, low: float = 0.001, high: float = 3600.0, name: str = "--seconds") -> Any:
    """An option that is a length of time, in seconds where no unit is given."""
    ends = f"{written(low, 's', 6)} to {written(high, 's', 6)}"
    return typer.Option(name, metavar="TIME", parser=amount(Dimension.TIME, low, high), help=f"{help} From {ends}.")


def rate_option(help: str, low: float = 1000, high: float = 768_000, name: str = "--rate") -> Any:
    """An option that is a rate, in Hz where no unit is given; rounded to a whole number."""
    parser = amount(Dimension.FREQUENCY, low, high, whole=True)
    return typer.Option(name, metavar="HZ", parser=parser, help=f"{help} From {low:g} to {high:g} Hz.")


def seed_option(help: str) -> Any:
    """The option `--seed`: a whole number of 64 bits."""
    return typer.Option("--seed", metavar="N", min=-(2**63), max=2**63 - 1, help=help)


def share_option(help: str, name: str) -> Any:
    """An option that is a share, from 0 to 100 %."""
    return typer.Option(name, metavar="SHARE", parser=amount(Dimension.NUMBER, 0.0, 1.0), help=help)


def control_rate_option() -> Any:
    """The option `--control-rate`."""
    parser = amount(Dimension.FREQUENCY, 1.0, 768_000.0)
    return typer.Option("--control-rate", metavar="HZ", parser=parser, help="Control frames a second; else about 750.")


def amount(dimension: Dimension, low: float, high: float, whole: bool = False) -> Callable[[Any], Any]:
    """A reader of one number from `low` to `high`, in the base unit of `dimension` or with a unit."""

    def read(text: Any) -> float | int:
        if not isinstance(text, str):  # a default
            return text  # type: ignore[no-any-return]
        quantity = _quantity(text)
        if quantity is None or (quantity.unit and quantity.dimension is not dimension):
            raise typer.BadParameter(f"`{text}` is no {dimension}: write {EXAMPLE[dimension]}")
        if not low <= quantity.value <= high:
            unit = UNIT[dimension]
            ends = f"{written(low, unit, 6)} to {written(high, unit, 6)}"
            raise typer.BadParameter(f"`{text}` does not lie between its ends, {ends}")
        return round(quantity.value) if whole else quantity.value

    read.__name__ = str(dimension)
    return read


def _quantity(text: str) -> Quantity | None:
    """What `text` says; the spellings of units that people use on command lines are taken too."""
    parts = _PARTS.match(text)
    number, unit = (parts[1], parts[2]) if parts else (text, "")
    try:
        return read_quantity(f"{number}{_LOOSE.get(unit, _LOOSE.get(unit.lower(), unit))}")
    except (ValueError, KeyError):
        return None

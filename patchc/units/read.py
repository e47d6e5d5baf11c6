"""Reads the texts cells are declared with, such as `440 Hz in 20 Hz .. 12 kHz log`; tests hold it to the grammar."""

from __future__ import annotations

import re

from patchc.units.domain import Choice, Curve, Domain, Range, Simplex
from patchc.units.unit import Quantity

_QUANTITY = re.compile(r"\s*([+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*(%|[A-Za-z]+)?\s*$")
_CURVE = re.compile(r"\s(lin|log|pow\s+[\d.]+)\s*$")
_STEP = re.compile(r"\sstep\s+(.+)$")


def read_quantity(text: str) -> Quantity:
    """`-6 dB`, `20 %`, `1e3`. Raises `ValueError` for anything else."""
    match = _QUANTITY.match(text)
    if match is None:
        raise ValueError(f"not a quantity: {text!r}")
    return Quantity.of(float(match[1]), match[2] or "")


def read_range(text: str) -> Range:
    """`20 Hz .. 8 kHz log`, `0 .. 12`, `0 st .. 60 st step 1 st`."""
    step = None
    if found := _STEP.search(text):
        text, step = text[: found.start()], read_quantity(found[1]).value
    curve, power = Curve.LIN, 1.0
    if found := _CURVE.search(text):
        words = found[1].split()
        text, curve = text[: found.start()], Curve(words[0])
        power = float(words[1]) if len(words) > 1 else 1.0
    low, high = (read_quantity(end) for end in text.split(".."))
    return Range(
        low=low.value, high=high.value, curve=curve, power=power, step=step, dimension=low.dimension, unit=low.unit
    )


def read_spec(text: str) -> tuple[Quantity | str, Domain | None]:
    """A default and where it may lie: `440 Hz in 20 Hz .. 12 kHz log`, `sine in [sine, square]`, `0 cyc`, `simplex`."""
    if text == "simplex":
        return Quantity(0.0), Simplex()
    default, _, domain = text.partition(" in ")
    if domain.startswith("["):
        return default.strip(), Choice(members=tuple(word.strip() for word in domain.strip("[] ").split(",")))
    return read_quantity(default), read_range(domain) if domain else None

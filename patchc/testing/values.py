"""Values of a port or range, and quantities as a person would write them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from patchc.cells.spec import KnobSpec
from patchc.graph.model import Const
from patchc.units.domain import Choice, Range, Simplex
from patchc.units.unit import UNITS, Dimension

Given = float | str | list[float]


def values(spec: KnobSpec | Range | Choice | Simplex, width: int = 1) -> SearchStrategy[Given]:
    """Values that fit a port or a domain: base-unit numbers, a choice's members, lists of `width` weights or numbers.

    A port without a usual range gives numbers from -1 to 1. Both ends of a range are among what is drawn.
    """
    domain = spec.domain if isinstance(spec, KnobSpec) else spec
    if isinstance(domain, Choice):
        return st.sampled_from(domain.members)
    if isinstance(domain, Simplex):
        return st.lists(st.floats(0.01, 1.0), min_size=width, max_size=width).map(_to_one)
    one = _positions().map(lambda place: _at(domain, place)) if domain else st.floats(-1.0, 1.0)
    return one if width == 1 else st.lists(one, min_size=width, max_size=width)


def _positions() -> SearchStrategy[float]:
    return st.sampled_from((0.0, 1.0)) | st.floats(0.0, 1.0)


def _at(domain: Range, place: float) -> float:
    return min(max(float(domain.value(place)), domain.low), domain.high)


def _to_one(weights: list[float]) -> list[float]:
    return [weight / sum(weights) for weight in weights]


# --- quantities -------------------------------------------------------------------------------------------------------

_SIZES = {"Hz": (30, 4000), "kHz": (0.1, 8), "bpm": (30, 300), "s": (0.02, 4), "ms": (5, 900), "min": (0.01, 0.05)}
_SIZES |= {"oct": (0.1, 3), "st": (1, 24), "ct": (1, 90), "dB": (-40, 0), "cyc": (0, 1), "rad": (0, 6), "deg": (0, 360)}
_SIZES |= {"%": (1, 99), "": (0.05, 8)}


def units_of(dimension: Dimension) -> SearchStrategy[str]:
    return st.sampled_from([symbol for symbol, unit in UNITS.items() if unit.dimension is dimension])


def constants(dimension: Dimension) -> SearchStrategy[Const]:
    """A number of `dimension` in any of its units, of a usual size, with few digits or with all of them."""
    return units_of(dimension).flatmap(constants_in)


def constants_in(unit: str) -> SearchStrategy[Const]:
    low, high = _SIZES[unit]
    short = st.floats(low, high).map(lambda number: float(f"{number:.3g}"))
    return (short | st.floats(low, high)).map(lambda number: constant(number if abs(number) > 1e-3 else 0.0, unit))


def constant(number: float, unit: str) -> Const:
    """`number` as it is read in `unit`."""
    return Const(value=number * UNITS[unit].factor, dimension=UNITS[unit].dimension, unit=unit)

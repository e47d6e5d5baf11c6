"""Units, notes, and the maps between positions and values: monotone, and inverse to each other."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from patchc.units.domain import Curve, Range
from patchc.units.unit import BASE_UNIT, UNITS, Dimension, nearest_note, note_frequency, note_name, written

RANGES = [
    Range(low=20.0, high=8000.0, curve=Curve.LOG),
    Range(low=-60.0, high=0.0),
    Range(low=0.0, high=12.0, curve=Curve.POW, power=2.0),
    Range(low=-8.0, high=-1.0, curve=Curve.LOG),
]


@pytest.mark.parametrize(
    ("name", "frequency"),
    [
        ("A4", 440.0),
        ("C4", 261.6255653),
        ("C#4", 277.182631),
        ("Cs4", 277.182631),
        ("Db4", 277.182631),
        ("A-1", 13.75),
    ],
)
def test_notes(name: str, frequency: float) -> None:
    found = note_frequency(name)
    assert found is not None
    assert math.isclose(found, frequency, rel_tol=1e-9)


@pytest.mark.parametrize("name", ["H4", "A", "a4", "C##4", "A44", "lfo1", ""])
def test_no_notes(name: str) -> None:
    assert note_frequency(name) is None


def test_every_dimension_has_a_base_unit_of_factor_one() -> None:
    assert {dimension: UNITS[symbol].factor for dimension, symbol in BASE_UNIT.items()} == dict.fromkeys(Dimension, 1.0)


@given(st.floats(-1e6, 1e6), st.sampled_from(sorted(UNITS)))
def test_what_is_written_reads_back(value: float, symbol: str) -> None:
    number = written(value, symbol).removesuffix(symbol).strip()
    assert math.isclose(float(number) * UNITS[symbol].factor, value, rel_tol=1e-11, abs_tol=1e-9)


@pytest.mark.parametrize("domain", RANGES, ids=str)
@given(position=st.floats(0.0, 1.0))
def test_position_and_value_are_inverse(domain: Range, position: float) -> None:
    value = domain.value(position)
    assert domain.holds(value)
    assert math.isclose(domain.position(value), position, abs_tol=1e-6)


@pytest.mark.parametrize("domain", RANGES, ids=str)
def test_ends_and_order(domain: Range) -> None:
    values = [domain.value(place / 64) for place in range(65)]
    assert math.isclose(values[0], domain.low, abs_tol=1e-9)
    assert math.isclose(values[-1], domain.high, rel_tol=1e-12, abs_tol=1e-12)
    assert values == sorted(values)


@pytest.mark.parametrize("domain", RANGES, ids=str)
def test_tensors_go_the_same_way_with_finite_gradients(domain: Range) -> None:
    places = torch.linspace(0, 1, 17, dtype=torch.float64, requires_grad=True)
    values = domain.value(places, torch)
    assert torch.allclose(
        values, torch.tensor([domain.value(p.item()) for p in places], dtype=torch.float64), atol=1e-9
    )
    values.sum().backward()
    assert places.grad is not None
    assert bool(torch.isfinite(places.grad).all())


def test_notes_have_names_and_back() -> None:
    for key in range(120):
        frequency = 440.0 * 2 ** ((key - 69) / 12)
        name = note_name(frequency)
        assert name is not None
        assert note_frequency(name) == frequency
        assert nearest_note(frequency * 1.02) == frequency
    assert note_name(441.0) is None
    assert note_name(0.0) is None

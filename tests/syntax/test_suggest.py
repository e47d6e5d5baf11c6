"""`did you mean`: near words are found, far ones are not."""

from __future__ import annotations

import pytest

from patchc.source.suggest import distance, nearest

PORTS = ("in", "mode", "cutoff", "q")


@pytest.mark.parametrize(
    ("word", "best"),
    [
        ("cuttoff", "cutoff"),
        ("cutof", "cutoff"),
        ("ctuoff", "cutoff"),
        ("CUTOFF", "cutoff"),
        ("moed", "mode"),
        ("Q", "q"),
        ("resonance", None),
        ("x", None),
        ("", None),
    ],
)
def test_nearest(word: str, best: str | None) -> None:
    assert nearest(word, PORTS) == best


def test_another_case_beats_fewer_slips() -> None:
    assert nearest("hz", ["Hx", "h", "Hz"]) == "Hz"


def test_the_first_of_equals_wins() -> None:
    assert nearest("osc3", ["osc1", "osc2"]) == "osc1"


@pytest.mark.parametrize(
    ("a", "b", "slips"),
    [("", "", 0), ("abc", "", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3), ("ca", "abc", 3)],
)
def test_distance(a: str, b: str, slips: int) -> None:
    assert distance(a, b) == distance(b, a) == slips


def test_distance_stops_early() -> None:
    assert distance("aaaaaaaa", "bbbbbbbb", limit=2) == 2

"""Colour, and which stream says what."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from patchc.cli.screen import When, wants_color


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("when", "variables", "terminal", "wanted"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_color(
    when: When, variables: dict[str, str], terminal: bool, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert wants_color(when, Terminal() if terminal else io.StringIO()) is wanted


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_option_may_stand_anywhere(place: str, run: Callable[..., Any]) -> None:
    option = ["--color", "always"]
    words = [*option, "explain", "P302"] if place == "before" else ["explain", "P302", *option]
    assert "\x1b[1;31mP302\x1b[0m" in run(*words).out
    assert "\x1b" not in run("explain", "P302").out


def test_findings_are_results_and_counts_are_messages(run: Callable[..., Any], bad: str) -> None:
    said = run("check", bad)
    assert said.code == 1
    assert said.out.startswith("error[P201]")
    assert said.err.strip() == "1 error in bad.patch"

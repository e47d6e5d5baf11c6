"""Progress: nothing for what is quick, a line that moves on a terminal, lines now and then elsewhere."""

from __future__ import annotations

import io
import sys

import pytest

from patchc.cli import progress
from patchc.cli.progress import Progress


class Stream(io.StringIO):
    terminal = False

    def isatty(self) -> bool:
        return self.terminal


def steps(
    monkeypatch: pytest.MonkeyPatch,
    *,
    seconds: float,
    count: int,
    terminal: bool,
    left: float | None = None,
    by: int = 1,
) -> str:
    """What is shown while `count` steps take `seconds` each; `left` is what they say of the time."""
    stream = Stream()
    stream.terminal = terminal
    clock = iter(i * seconds for i in range(count + 1))
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with Progress("rendering", count) as shown:
        for number in range(count):
            shown.step(f"· sound {number + 1}", by=by, left=left)
    return stream.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
def test_what_is_quick_shows_nothing(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(monkeypatch, seconds=0.1, count=10, terminal=terminal) == ""


def test_lines_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = steps(monkeypatch, seconds=4.0, count=10, terminal=False).splitlines()
    assert lines == [
        "rendering 1/10, 36 s left · sound 1",
        "rendering 4/10, 24 s left · sound 4",
        "rendering 7/10, 12 s left · sound 7",
    ]


def test_one_line_on_a_terminal_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = steps(monkeypatch, seconds=4.0, count=4, terminal=True)
    assert "\n" not in shown
    assert shown.count("\r\x1b[Krendering") == 4
    assert "2/4 ━━━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 8 s left · sound 2" in shown
    assert shown.endswith("\r\x1b[K")


def test_what_is_left_may_be_said_by_who_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = steps(monkeypatch, seconds=12.0, count=3, terminal=False, left=90.0).splitlines()
    assert lines[0] == "rendering 1/3, 90 s left · sound 1"


def test_before_anything_is_done_no_time_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = steps(monkeypatch, seconds=12.0, count=3, terminal=False, by=0).splitlines()
    assert lines[0] == "rendering 0/3 · sound 1"

"""Command lines are arranged before they are read: options for all commands in front, `--set` with several words."""

from __future__ import annotations

import pytest

from patchc.cli.words import arranged


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("check a.patch", "check a.patch"),
        ("check a.patch --color never", "--color never check a.patch"),
        ("check --color=never --debug a.patch", "--color=never --debug check a.patch"),
        ("check -- --debug", "check -- --debug"),
        ("render a --set x=1", "render a --set x=1"),
        ("render a --set x=1 y.z=2 -o b", "render a --set x=1 --set y.z=2 -o b"),
        ("render --set x=1 y[k].in[a:2].gain=2 a", "render --set x=1 --set y[k].in[a:2].gain=2 a"),
        ("render --set x a=1", "render --set x a=1"),
        ("render --set x=1 --n 2 y=2", "render --set x=1 --n 2 y=2"),
    ],
)
def test_arranged(given: str, read: str) -> None:
    assert " ".join(arranged(given.split())) == read

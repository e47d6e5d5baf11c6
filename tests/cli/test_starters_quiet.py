"""Starter patches render without a remark about the patch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize("kind", ["subtractive", "fm", "additive"])
def test_a_starter_renders_without_a_remark(run: Callable[..., Any], kind: str) -> None:
    assert run("new", "a.patch", "--kind", kind).code == 0
    said = run("render", "a.patch", "--seconds", "50ms", "--set", "gate=20ms")
    assert said.code == 0
    assert "P601" not in said.err

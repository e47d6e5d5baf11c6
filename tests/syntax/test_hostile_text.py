"""Text made to hurt: every size is bounded before it costs time or memory."""

from __future__ import annotations

import time

import pytest

from patchc.source.read import LIMIT
from patchc.source.text import Source
from patchc.syntax.format import format_file
from patchc.syntax.parser import parse


def codes(text: str) -> list[str]:
    return [d.code for d in parse(Source("hostile.patch", text))[1]]


@pytest.mark.parametrize(
    "opening", ["patch p { param x = (", "patch p { param x = ", "patch p { meta { a = [", "patch p { cell a : b("]
)
@pytest.mark.parametrize("bracket", ["(", "[", "{"])
def test_a_million_levels(opening: str, bracket: str) -> None:
    start = time.perf_counter()
    assert "P010" in codes(f"patchc 1\n{opening}{bracket * 1_000_000}")
    assert time.perf_counter() - start < 2


def test_what_is_too_deep_is_left_out_alone() -> None:
    deep = "(" * 500 + "1" + ")" * 500
    text = f"patchc 1\npatch p {{\n  param x = {deep}\n  param y = = 3\n}}\n"
    assert codes(text) == ["P010", "P100"]
    layers = "layer a {\n" * 70 + "cell x : y\n" + "}\n" * 70
    assert codes(f"patchc 1\npatch p {{\n{layers}cell b : c {{\n = 3\n}}\n}}\n") == ["P010", "P100"]


def test_sixty_levels_are_fine() -> None:
    deep = "(" * 60 + "1" + ")" * 60
    file, found = parse(Source("deep.patch", f"patchc 1\npatch p {{\n  param x = {deep}\n}}\n"))
    assert found == []
    assert "param x = 1\n" in format_file(file)


def test_long_expressions_and_names() -> None:
    start = time.perf_counter()
    for text in (" + ".join(["1"] * 20_000), " * ".join(["a"] * 20_000), ".".join(["a"] * 20_000)):
        assert codes(f"patchc 1\npatch p {{\n  param x = {text}\n  param y = 3\n}}\n") == ["P110"]
    assert codes("patchc 1\npatch p {\n  param x = " + " + ".join(["1"] * 65) + "\n}\n") == []
    assert codes("patchc 1\npatch p {\n  param x = " + " + ".join(["1"] * 66) + "\n}\n") == ["P110"]
    assert time.perf_counter() - start < 5


def test_numbers_that_cannot_be_held() -> None:
    assert codes("patchc 1\npatch p {\n  param x = 1e999\n  tap a[" + "9" * 5000 + "]\n}\n") == ["P109", "P109"]


def test_a_source_beyond_the_limit_is_not_read() -> None:
    assert codes("a" * (LIMIT + 1)) == ["P008"]


@pytest.mark.parametrize("text", ["}\n", "{ ", "(\n", "a b\n", '"', "@a\n", "; ", "\0", "# x\n", "cell a : b {\n", "é"])
def test_one_thing_over_and_over_takes_linear_time(text: str) -> None:
    def seconds(count: int) -> float:
        start = time.perf_counter()
        codes("patchc 1\npatch p {\n" + text * count)
        return time.perf_counter() - start

    seconds(100)
    few = max(seconds(2_000), 0.02)
    assert seconds(20_000) < 40 * few

"""Text made to hurt: every size is bounded before it costs time or memory."""

from __future__ import annotations

import pytest

from patchc.source.read import LIMIT
from patchc.source.text import Source
from patchc.syntax.format import format_file
from patchc.syntax.parser import parse
from patchc.testing.calls import at_most_calls


def codes(text: str) -> list[str]:
    return [d.code for d in parse(Source("hostile.patch", text))[1]]


@pytest.mark.parametrize(
    "opening", ["patch p { param x = (", "patch p { param x = ", "patch p { meta { a = [", "patch p { cell a : b("]
)
@pytest.mark.parametrize("bracket", ["(", "[", "{"])
def test_a_million_levels(opening: str, bracket: str) -> None:
    with at_most_calls(500_000):
        assert "P010" in codes(f"patchc 1\n{opening}{bracket * 1_000_000}")


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
    for text in (" + ".join(["1"] * 20_000), " * ".join(["a"] * 20_000), ".".join(["a"] * 20_000)):
        with at_most_calls(200_000):
            assert codes(f"patchc 1\npatch p {{\n  param x = {text}\n  param y = 3\n}}\n") == ["P110"]
    assert codes("patchc 1\npatch p {\n  param x = " + " + ".join(["1"] * 65) + "\n}\n") == []
    assert codes("patchc 1\npatch p {\n  param x = " + " + ".join(["1"] * 66) + "\n}\n") == ["P110"]


def test_numbers_that_cannot_be_held() -> None:
    assert codes("patchc 1\npatch p {\n  param x = 1e999\n  tap a[" + "9" * 5000 + "]\n}\n") == ["P109", "P109"]


def test_a_source_beyond_the_limit_is_not_read() -> None:
    assert codes("a" * (LIMIT + 1)) == ["P008"]


@pytest.mark.parametrize("text", ["}\n", "{ ", "(\n", "a b\n", '"', "@a\n", "; ", "\0", "# x\n", "cell a : b {\n", "é"])
def test_one_thing_over_and_over_takes_linear_work(text: str) -> None:
    def calls(count: int, limit: int) -> int:
        with at_most_calls(limit) as counter:
            codes("patchc 1\npatch p {\n" + text * count)
        return counter.calls

    few = calls(2_000, 1_000_000)
    calls(20_000, 12 * few)


def test_a_line_of_too_many_words_is_left_out_alone() -> None:
    for line in (
        "param x = 1" + " + 1" * 500_000,
        "cell x : y {" + " z = 3;" * 200_000 + "}",
        "tap a" + ", a" * 600_000,
    ):
        with at_most_calls(200_000):
            assert codes(f"patchc 1\npatch p {{\n  {line}\n  param y = = 3\n}}\n") == ["P110", "P100"]
    assert codes("patchc 1\npatch p {\n  tap a" + ", a" * 4900 + "\n}\n") == []


def test_a_large_file_that_is_no_patch_is_given_up_early() -> None:
    with at_most_calls(1_000_000):
        found = parse(Source("hostile.patch", "patchc 1\n" + "cell cell cell\n" * 250_000))[1]
    assert [d.code for d in found].count("P100") == 50
    assert found[-1].code == "P011"


def test_a_large_file_with_a_late_mistake_is_read_to_its_end() -> None:
    cells = "".join(f"  cell a{i} : saw {{ freq = 110 Hz; level = -6 dB }}\n" for i in range(9_000))
    found = parse(Source("large.patch", f"patchc 1\npatch p {{\n{cells}  param x = = 3\n}}\n"))[1]
    assert [(d.code, d.span and d.span.line) for d in found] == [("P100", 9_003)]


def test_a_word_of_millions_of_letters_is_not_repeated() -> None:
    found = parse(Source("hostile.patch", "patchc 1\npatch p {\n" + "x" * 3_900_000 + " y\n}\n"))[1]
    assert max(len(d.message + d.help_text) for d in found) < 300

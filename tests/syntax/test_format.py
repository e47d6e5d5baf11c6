"""The formatter: pairs of files before and after, and what must hold for every text."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from patchc.source.text import Source
from patchc.syntax import tree
from patchc.syntax.format import format_file
from patchc.syntax.parser import parse

HERE = Path(__file__).parent / "format"
PAIRS = sorted(HERE.glob("*.patch"))
Read = Callable[[str], Any]


def formatted(text: str, **options: Any) -> str:
    file, found = parse(Source("test.patch", text))
    assert found == []
    return format_file(file, **options)


def shape(node: object) -> object:
    """A node without its places; cables of one port and statements of a patch in an order that says nothing."""
    if isinstance(node, tree.Patch):
        body = sorted(map(repr, map(shape, node.body)))
        return "Patch", node.name.text, shape(node.generics), body, node.doc, shape(node.decos)
    if isinstance(node, tree.Cell):
        binds = [bind for each in node.binds for bind in _apart(each)]
        return "Cell", *(shape(getattr(node, f.name)) for f in fields(node) if f.name not in ("span", "binds")), binds
    if isinstance(node, tree.Node):
        return type(node).__name__, *(shape(getattr(node, f.name)) for f in fields(node) if f.name != "span")
    return [shape(item) for item in node] if isinstance(node, tuple) else node


def _apart(bind: tree.Bind) -> list[object]:
    if isinstance(bind, tree.Feed):
        return [("Feed", bind.port.text, shape(cable)) for cable in bind.cables]
    return [shape(bind)]


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_pairs(path: Path) -> None:
    after = path.with_suffix(".formatted").read_text(encoding="utf-8")
    assert formatted(path.read_text(encoding="utf-8")) == after
    assert formatted(after) == after


def test_formatting_twice_is_formatting_once(examples: dict[str, str]) -> None:
    texts = [*examples.values(), *(path.read_text(encoding="utf-8") for path in PAIRS)]
    for text in texts:
        for options in ({}, {"no_layers": True}):
            once = formatted(text, **options)
            assert formatted(once, **options) == once


def test_the_tree_stays_the_same(examples: dict[str, str]) -> None:
    for text in [*examples.values(), *(path.read_text(encoding="utf-8") for path in PAIRS)]:
        before = parse(Source("before", text))[0]
        after = parse(Source("after", formatted(text)))[0]
        assert shape(before.items) == shape(after.items)


def scattered(text: str, draw: random.Random) -> str:
    """The text with comments, blank lines and odd spacing strewn in."""
    lines = []
    for number, line in enumerate(text.split("\n")):
        if draw.random() < 0.2:
            lines.append(draw.choice(["", "# alone", "   # indented", "\t"]))
        indent = draw.choice(["", " ", line[: len(line) - len(line.lstrip())], "\t"])
        end = f"  # end {number}" if draw.random() < 0.2 and "#" not in line else draw.choice(["", "", "  ", "\r"])
        lines.append(indent + line.strip() + end)
    return "\n".join(lines)


def test_no_comment_is_lost_wherever_it_stands(examples: dict[str, str]) -> None:
    draw = random.Random(5)
    for text in list(examples.values()) * 3:
        strewn = scattered(text, draw)
        once = formatted(strewn)
        words = [sorted(c.text for c in parse(Source("x", t))[0].comments) for t in (strewn, once)]
        assert words[0] == words[1]
        assert formatted(once) == once
        assert shape(parse(Source("a", strewn))[0].items) == shape(parse(Source("b", once))[0].items)


def test_numbers_and_units_stay_as_written() -> None:
    written = ["1e3 Hz", "0.50", ".5", "+3", "-0", "1E-2 s", "007", "2.50 pow 1.50"]
    body = "\n".join(f"  param p{i} = in 0 .. {text}" for i, text in enumerate(written))
    assert formatted(f"patchc 1\npatch p {{\n{body}\n}}\n").count("0 .. ") == len(written)
    for text in written:
        assert f".. {text}\n" in formatted(f"patchc 1\npatch p {{\n{body}\n}}\n")


def test_brackets_stay_where_they_matter(in_cell: Read) -> None:
    def again(text: str) -> str:
        return formatted(f"patchc 1\npatch p {{\ncell c : d {{\nx = {text}\n}}\n}}\n").split("x = ")[1].split("\n")[0]

    assert again("(a + b) * c") == "(a + b) * c"
    assert again("a - (b - c)") == "a - (b - c)"
    assert again("(a - b) - c") == "a - b - c"
    assert again("a / (b * c)") == "a / (b * c)"
    assert again("((a * b)) + (c)") == "a * b + c"
    assert again("a-2") == "a - 2"
    assert again("a - -2") == "a - -2"


def test_line_ends_become_plain() -> None:
    assert formatted("patchc 1\r\n\r\n\r\npatch p {\r\n\r\n\r\n  cell a : b # c\r\n}") == (
        "patchc 1\n\npatch p {\n  cell a : b # c\n}\n".replace("b # c", "b  # c")
    )


def test_a_file_with_mistakes_is_refused() -> None:
    for line in ("cell = ", "cell a : b {\n = \n}", "= \n cell x : y"):
        file, found = parse(Source("wrong.patch", f"patchc 1\npatch p {{\n{line}\n}}\n"))
        assert found
        with pytest.raises(ValueError, match="syntax errors"):
            format_file(file)


# --- layers -----------------------------------------------------------------------------------------------------------

FLAT = """patchc 1

patch p {
  input g : gate

  # about a
  cell a : x  # behind a
  cell b : x

  # a loop
  for k in 1 .. 3 {
    cell c[k] : x
    cell d[k] : x
  }
  cell e : x
  output o <- e
}

patch q {
  cell a : x
}
"""

LAYERED = """patchc 1

patch p {
  input g : gate

  layer one {
    # about a
    cell a : x  # behind a

    # a loop
    for k in 1 .. 3 {
      cell c[k] : x
    }
  }

  layer two {
    cell b : x
    for k in 1 .. 3 {
      cell d[k] : x
    }
    cell e : x
  }
  output o <- e
}

patch q {
  cell a : x
}
"""


def test_layers_are_written() -> None:
    layers = {"p": [("one", ["a", "c[k]"]), ("two", ["b", "d[1]", "d[2]", "e"])]}
    assert formatted(FLAT, layers=layers) == LAYERED
    assert formatted(LAYERED, layers={"p": [("other", ["a"])]}) == LAYERED


def test_layers_are_taken_out() -> None:
    text = """patchc 1

patch p {
  ## Doc of one.
  layer one {  # behind the brace
    ## Doc of a.
    cell a : x
    # last in one
  }  # after one

  # before two
  layer two {
    cell b : x
  }
  layer three {
    # nothing here
  }
}
"""
    assert (
        formatted(text, no_layers=True)
        == """patchc 1

patch p {
  # Doc of one.
  # behind the brace
  ## Doc of a.
  cell a : x
  # last in one
  # after one

  # before two
  cell b : x
  # nothing here
}
"""
    )


def test_layers_in_and_out_leave_the_cells_as_they_were() -> None:
    layers = {"p": [("one", ["a", "b", "c", "d"]), ("two", ["e"])]}
    there_and_back = formatted(formatted(FLAT, layers=layers), no_layers=True)
    assert there_and_back.split() == FLAT.split()

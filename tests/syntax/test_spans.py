"""Every node knows the exact stretch of text it was written as."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

from patchc.source.text import Source
from patchc.syntax import tree
from patchc.syntax.parser import parse

Read = Callable[[str], Any]


def nodes(value: object) -> Iterator[tree.Node]:
    if isinstance(value, tuple):
        for item in value:
            yield from nodes(item)
    elif isinstance(value, tree.Node):
        yield value
        for field in fields(value):
            yield from nodes(getattr(value, field.name))


def test_leaves_span_what_they_say(examples: dict[str, str]) -> None:
    for name, text in examples.items():
        for node in nodes(parse(Source(name, text))[0].items):
            written = "".join(node.span.text.split())
            match node:
                case tree.Name():
                    assert node.span.text == node.text
                case tree.Ref() | tree.Part():
                    assert written == node.text
                case tree.Str():
                    assert node.span.text == f'"{node.text}"'
                case tree.Number():
                    assert float(written.removesuffix(node.unit)) == node.value


def test_children_lie_inside_their_parents_in_order(examples: dict[str, str]) -> None:
    for name, text in examples.items():
        for node in nodes(parse(Source(name, text))[0].items):
            assert node.span.start < node.span.end
            for child in list(nodes(node))[1:]:
                assert node.span.start <= child.span.start
                assert child.span.end <= node.span.end


def test_statements_span_from_their_first_to_their_last_sign(in_patch: Read) -> None:
    text = [
        "@x(a = 3)\nparam a = (1 + 2) * 3",
        "cell c : d(n = 3)  maybe 3 % {\n a = 1 in 0 .. 1 lin # comment\n}",
        "tap a, b loss mss * 0.5 + x  after 20 steps",
        "input x : control[3] = 1 Hz in 0 Hz .. 2 Hz log",
    ]
    for node, written in zip(in_patch("\n".join(text)), text, strict=True):
        assert node.span.text == written


def test_parts_of_a_value(in_cell: Read) -> None:
    (bind,) = in_cell("  x  =  learn (a + 2 Hz) * k in 1 .. 2 pow 3 step 4 ~ normal(5, 6)  ")
    value = bind.value
    assert bind.span.text.startswith("x  =  learn")
    assert value.span.text == "learn (a + 2 Hz) * k in 1 .. 2 pow 3 step 4 ~ normal(5, 6)"
    assert value.expr.span.text == "(a + 2 Hz) * k"
    assert value.expr.left.span.text == "a + 2 Hz"
    assert value.domain.span.text == "1 .. 2 pow 3 step 4"
    assert value.domain.curve.span.text == "pow 3"
    assert value.prior.span.text == "normal(5, 6)"


def test_value_of_an_input_starts_behind_the_equal_sign(in_patch: Read) -> None:
    plain, ranged = in_patch("input x : control = 3 Hz\ninput y : control = in 1 .. 2")
    assert (plain.value.span.text, ranged.value.span.text) == ("3 Hz", "in 1 .. 2")


def test_cables(in_cell: Read) -> None:
    (feed,) = in_cell("in <- a.b * learn 3 maybe 2 %, c when d is e")
    assert [cable.span.text for cable in feed.cables] == ["a.b * learn 3 maybe 2 %", "c when d is e"]
    assert feed.cables[0].depth.span.text == "learn 3"
    assert feed.cables[0].guards[0].span.text == "maybe 2 %"
    assert feed.cables[1].guards[0].span.text == "when d is e"

"""Text to tree: every form of every statement, as nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from patchc.source.text import Source
from patchc.syntax import tree
from patchc.syntax.parser import parse
from patchc.syntax.spell import expr, value

Read = Callable[[str], Any]


def test_examples_have_no_mistakes(examples: dict[str, str]) -> None:
    assert examples
    for name, text in examples.items():
        assert parse(Source(name, text))[1] == []


def test_file_holds_uses_and_patches(good: Read) -> None:
    file = good('patchc 1\nuse "rooms.patch" as rooms\npatch a { }\npatch b(n : int = 3, t : time) {\n}\n')
    assert file.edition == 1
    use, a, b = file.items
    assert (use.path.text, use.alias.text) == ("rooms.patch", "rooms")
    assert (a.name.text, a.body, a.generics) == ("a", (), ())
    assert [(g.name.text, g.kind, g.default and expr(g.default)) for g in b.generics] == [
        ("n", "int", "3"),
        ("t", "time", None),
    ]


def test_meta(in_patch: Read) -> None:
    (meta,) = in_patch('meta { author = "me"; tags = ["a", b, 3 Hz]; n = 3 }')
    (_, author), (_, tags), (_, n) = meta.entries
    assert author.text == "me"
    assert [type(item) for item in tags.items] == [tree.Str, tree.Ref, tree.Number]
    assert n.value == 3.0


def test_input(in_patch: Read) -> None:
    pitch, gate, wide = in_patch(
        "input pitch : control = 110 Hz in 20 Hz .. 4 kHz log\ninput gate : gate\ninput x : audio[3]"
    )
    assert (pitch.name.text, pitch.kind, value(pitch.value)) == ("pitch", "control", "110 Hz in 20 Hz .. 4 kHz log")
    assert (gate.kind, gate.value, gate.width) == ("gate", None, None)
    assert wide.width == 3


def test_param(in_patch: Read) -> None:
    a, b = in_patch("param a = learn 7 ct in 0 ct .. 50 ct ~ normal(7 ct, 5 ct)\nparam b : control[bands] = predict")
    assert (a.value.role, a.value.expr.unit, a.value.prior.name) == ("learn", "ct", "normal")
    assert [arg.value for arg in a.value.prior.args] == [7.0, 5.0]
    assert (b.kind, b.width, b.value.role, b.value.expr) == ("control", "bands", "predict", None)


def test_cell(in_patch: Read) -> None:
    (cell,) = in_patch("cell room : rooms.fir(length = 1 s, n = k)  maybe 60 %  when a is b { pass x, y }")
    assert (cell.name.text, cell.type.text) == ("room", "rooms.fir")
    assert [(arg.name.text, expr(arg.value)) for arg in cell.args] == [("length", "1 s"), ("n", "k")]
    maybe, when = cell.guards
    assert value(maybe.chance) == "60 %"
    assert (when.param.text, when.member.text) == ("a", "b")
    assert [name.text for name in cell.binds[0].names] == ["x", "y"]


def test_declared_names_are_paths(in_patch: Read) -> None:
    (cell,) = in_patch("cell op1[3].osc.x[k] : sine")
    assert cell.name.text == "op1[3].osc.x[k]"
    assert [(part.name, part.index) for part in cell.name.parts] == [("op1", 3), ("osc", None), ("x", "k")]


def test_four_verbs(in_cell: Read) -> None:
    base, modulate, scale, feed = in_cell("a = 1\nb += x * 2 st\nc *= y\nd <- x * -6 dB, y  maybe 3 %")
    assert isinstance(base, tree.Base)
    assert isinstance(modulate, tree.Modulate)
    assert isinstance(scale, tree.Scale)
    assert isinstance(feed, tree.Feed)
    assert value(modulate.cable.depth) == "2 st"
    assert scale.cable.depth is None
    assert [cable.source.text for cable in feed.cables] == ["x", "y"]
    assert len(feed.cables[1].guards) == 1


def test_layers_and_loops(in_patch: Read) -> None:
    layer, loop, each = in_patch("layer a {\ncell x : y\n}\nfor k in 1 .. n {\ncell z[k] : y\n}\nfor k in [1, -3] { }")
    assert (layer.name.text, len(layer.body)) == ("a", 1)
    assert (loop.variable.text, expr(loop.over.high), len(loop.body)) == ("k", "n", 1)
    assert [item.value for item in each.over.items] == [1.0, -3.0]


def test_output_tap_moved_set(in_patch: Read) -> None:
    output, tap, plain, moved, set_ = in_patch(
        "output main <- a * 3, b[*]\n"
        "tap a, b.c loss mss(fft = [1, 2]) * 0.5 + loudness after 2000 steps\n"
        "tap a\nmoved old.x -> new.x\nset bell[1].op4.ratio = 3.61"
    )
    assert [cable.source.text for cable in output.cables] == ["a", "b[*]"]
    assert [ref.text for ref in tap.refs] == ["a", "b.c"]
    assert [(loss.name.text, loss.weight) for loss in tap.losses] == [("mss", 0.5), ("loudness", 1.0)]
    assert (tap.after, plain.losses, plain.after) == (2000, (), 0)
    assert (moved.old.text, moved.new.text) == ("old.x", "new.x")
    assert (set_.target.text, value(set_.value)) == ("bell[1].op4.ratio", "3.61")


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("a + b * c", ("+", "a", ("*", "b", "c"))),
        ("(a + b) * c", ("*", ("+", "a", "b"), "c")),
        ("a - b - c", ("-", ("-", "a", "b"), "c")),
        ("a / b * c", ("*", ("/", "a", "b"), "c")),
        ("a-2", ("-", "a", 2.0)),
        ("a - -2", ("-", "a", -2.0)),
        ("2*-3", ("*", 2.0, -3.0)),
        ("((a))", "a"),
    ],
)
def test_arithmetic(in_cell: Read, text: str, shape: object) -> None:
    def of(node: tree.Expr) -> object:
        if isinstance(node, tree.Binary):
            return node.op, of(node.left), of(node.right)
        return node.value if isinstance(node, tree.Number) else node.text

    assert of(in_cell(f"x = {text}")[0].value.expr) == shape


@pytest.mark.parametrize(
    "text", ["in [sine, saw]", "learn", "fixed 3", "predict in 1 .. 2", "1 in 0 .. 9 pow 2 step 0.5 s"]
)
def test_values(in_cell: Read, text: str) -> None:
    assert value(in_cell(f"x = {text}")[0].value) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5.0), (".5", 0.5), ("-0.5", -0.5), ("+3", 3.0), ("1e3", 1000.0), ("2.5e-3", 0.0025)],
)
def test_numbers(in_cell: Read, text: str, number: float) -> None:
    assert in_cell(f"x = {text}")[0].value.expr.value == number


def test_units_may_touch_their_number(in_cell: Read) -> None:
    for text in ("5ms", "5 ms"):
        assert in_cell(f"x = {text}")[0].value.expr.unit == "ms"
    assert in_cell("x = 5%")[0].value.expr.unit == "%"
    assert in_cell("x = 5 nonsense")[0].value.expr.unit == "nonsense"  # whether it is a unit is asked later


WORDS = (
    "patchc use as patch meta input param cell layer for in output tap loss after steps moved set maybe when is lin log"
)


@pytest.mark.parametrize("word", [*WORDS.split(), "pow", "step", "audio", "int", "time", "learn"])
def test_keywords_are_soft(in_patch: Read, word: str) -> None:
    cell, output = in_patch(f"cell {word} : {word} {{ {word} <- {word}; {word} = 3 }}\noutput {word} <- {word}")
    assert (cell.name.text, cell.type.text, cell.binds[0].port.text, cell.binds[0].cables[0].source.text) == (word,) * 4
    assert output.name.text == word


def test_statements_end_with_the_line_or_a_semicolon(in_cell: Read) -> None:
    assert [bind.port.text for bind in in_cell("a = 1; b = 2\n\n; ;c = 3 # d = 4\n e=5")] == ["a", "b", "c", "e"]


def test_lines_may_break_inside_brackets(in_patch: Read) -> None:
    (tap,) = in_patch("tap a loss mss(\n  fft = [1,\n 2],\n\n  n = 3\n) * 0.5")
    assert [arg.name.text for arg in tap.losses[0].args] == ["fft", "n"]


def test_windows_line_ends(good: Read) -> None:
    file = good("patchc 1\r\n\r\n## doc\r\npatch p {\r\n  cell a : b { x = 3 }\r\n}\r\n")
    assert (file.items[0].doc, len(file.items[0].body)) == ("doc", 1)


def test_nothing_but_a_header(good: Read) -> None:
    assert good("# a comment\n\npatchc 1 # another").items == ()

"""Wrong text: always a tree, never an exception, one message per mistake, and no mistake hides another."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Source
from patchc.syntax import tree
from patchc.syntax.lexer import scan
from patchc.syntax.parser import parse

HERE = Path(__file__).parent
VOICE = (HERE / "voice.patch").read_text(encoding="utf-8")


def mistakes(text: str) -> list[Diagnostic]:
    file, found = parse(Source("wrong.patch", text))
    assert isinstance(file, tree.File)
    return found


def places(text: str) -> list[str]:
    return [f"{d.span.line}:{d.span.column}" for d in mistakes(text) if d.span]


def cells(node: object) -> Iterator[str]:
    if isinstance(node, tree.Cell):
        yield node.name.text
    elif isinstance(node, tree.Patch | tree.Layer | tree.Repeat):
        for inner in node.body:
            yield from cells(inner)


def with_lines(lines: dict[int, str]) -> str:
    """The voice with some lines, by number, replaced."""
    text = VOICE.split("\n")
    for number, line in lines.items():
        text[number - 1] = line
    return "\n".join(text)


def test_five_planted_mistakes() -> None:
    text = with_lines(
        {
            23: "      rate  = learn 5 Hz in .. 20 Hz log",
            37: "      width  == learn 50 % in 5 % .. 95 %",
            44: "      in -> osc1 * -6 dB",
            56: "      q = learn 0.9 0.5 12 log",
            64: "  output main vca",
        }
    )
    assert places(text) == ["23:29", "37:15", "44:10", "56:21", "64:15"]
    assert [d.message for d in mistakes(text)] == [
        "expected a number or a name before `..`",
        "`==` is not an assignment",
        "a cable is written where it arrives, not where it leaves",
        "two values in a row: expected `in` before a range, or an operator",
        "expected `<-`, found `vca`",
    ]
    patch = parse(Source("wrong.patch", text))[0].items[0]
    assert list(cells(patch)) == ["lfo1", "env_f", "env_a", "osc1", "osc2", "mixer", "vcf", "vca"]


# --- blocks -----------------------------------------------------------------------------------------------------------

BROKEN_HEADERS = [
    (22, "    cell lfo1 lfo {"),
    (22, "    cell lfo1  : {"),
    (22, "    cell : lfo {"),
    (22, "    lfo1  : lfo {"),
    (22, "    cell cell lfo1  : lfo {"),
    (22, "    cell lfo1  : : lfo {"),
    (22, "    cell lfo1  = lfo {"),
    (22, "    cell lfo1  : lfo maybe {"),
    (22, "    cell lfo1  lfo : 3 4 {"),
    (22, "    cell lfo1  : { lfo"),
    (21, "  layer {"),
    (21, "  control {"),
    (21, "  layer layer control {"),
    (21, "  layer control 3 {"),
    (4, "patch {"),
    (4, "subtractive {"),
    (4, "patch subtractive( {"),
    (4, "patch subtractive sub {"),
    (5, "  {"),
    (5, "  meta meta {"),
]


@pytest.mark.parametrize(("number", "line"), BROKEN_HEADERS)
def test_a_broken_header_does_not_hide_its_block(number: int, line: str) -> None:
    wrong = with_lines({number: line, 24: "      shape = = sine"})
    found = places(wrong)
    assert len(found) == 2
    assert found[0].startswith(f"{number}:")
    assert found[1] == "24:15"


def lost(number: int, old: str, new: str = "") -> str:
    line = VOICE.split("\n")[number - 1]
    assert old in line
    return with_lines({number: line.replace(old, new, 1)})


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        (lost(25, "}"), "22:22", "P103"),
        (lost(28, "}"), "21:17", "P103"),
        (lost(26, " }"), "26:23", "P103"),
        (lost(9, "}"), "5:8", "P103"),
        (lost(70, "}"), "4:19", "P103"),
        (lost(22, " {"), "22:21", "P108"),
        (lost(21, " {"), "21:16", "P108"),
        (lost(4, " {"), "4:18", "P108"),
        (lost(61, " {"), "61:20", "P108"),
        (lost(26, "}", "} }"), "26:111", "P107"),
        (lost(28, "}", "}\n  }"), "29:3", "P107"),
        (lost(23, "=", "= {"), "23:15", "P107"),
        (lost(22, "{", "{ {"), "22:24", "P107"),
    ],
)
def test_a_lost_brace_costs_one_message(text: str, place: str, code: str) -> None:
    (only,) = mistakes(text)
    assert only.span is not None
    assert (f"{only.span.line}:{only.span.column}", only.code) == (place, code)
    patch = parse(Source("wrong.patch", text))[0].items[0]
    assert list(cells(patch)) == ["lfo1", "env_f", "env_a", "osc1", "osc2", "mixer", "vcf", "vca"]


def test_a_lost_brace_does_not_reach_the_next_patch() -> None:
    text = "patchc 1\npatch a {\n  cell x : y {\n    z = 3\n\n@deco\npatch b {\n  cell u : v\n}\n"
    file, found = parse(Source("wrong.patch", text))
    assert [d.code for d in found] == ["P103", "P103"]
    assert [list(cells(item)) for item in file.items] == [["x"], ["u"]]


def test_a_lost_bracket_costs_one_message_and_one_statement() -> None:
    for line in ("param a = (1 + 2", "param a = in [x, y", "tap q loss m(fft = [1, 2)", "tap q loss m(fft = [1, 2]"):
        file, found = parse(Source("wrong.patch", f"patchc 1\npatch p {{\n  {line}\n  param b = 3\n  cell c : d\n}}\n"))
        assert len(found) == 1
        patch = file.items[0]
        assert isinstance(patch, tree.Patch)
        assert [type(node) for node in patch.body] == [tree.Broken, tree.Param, tree.Cell]


def test_a_forgotten_line_end_costs_no_statement() -> None:
    file, found = parse(
        Source("wrong.patch", "patchc 1\npatch p {\n  param a = x param b = 3\n  cell c : d { } cell e : f\n}\n")
    )
    assert [d.message for d in found] == [
        "expected `in` or the end of the line, found `param`",
        "expected the end of the line, found `cell`",
    ]
    patch = file.items[0]
    assert isinstance(patch, tree.Patch)
    assert [type(node) for node in patch.body] == [tree.Param, tree.Param, tree.Cell, tree.Cell]


def test_broken_statements_say_what_they_seem_to_declare() -> None:
    text = "patchc 1\npatch p {\n param x = =\n cell op1.a[3] : : {\n b = 3\n }\n input y\n q : saw + {\n z = w\n}\n}\n"
    file, _ = parse(Source("wrong.patch", text))
    patch = file.items[0]
    assert isinstance(patch, tree.Patch)
    names = [name for node in patch.body if isinstance(node, tree.Broken) for name in node.declares]
    assert names[:3] == ["x", "op1.a[3]", "y"]


def test_what_recovery_made_up_stays_out_of_the_tree() -> None:
    headers = [
        "for k in 1 .. {",
        "cell a : b maybe {",
        "cell a : b(n = ) {",
        "cell : b {",
        "cell a : {",
    ]
    for header in headers:
        file, found = parse(Source("wrong.patch", f"patchc 1\npatch p {{\n{header}\n}}\n}}\n"))
        assert len(found) == 1
        patch = file.items[0]
        assert isinstance(patch, tree.Patch)
        assert [type(node) for node in patch.body] == [tree.Broken]


def test_a_file_that_breaks_off_costs_one_message(examples: dict[str, str]) -> None:
    text = examples["subtractive"]
    raw = scan(Source("whole", text))
    ends = [raw.end(i) for i, kind in enumerate(raw.kinds) if kind != "NEWLINE"]
    counts = Counter(len(mistakes(text[:end])) for end in ends[2:-1])
    assert set(counts) == {1}


# --- the first line ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "codes"),
    [
        ("", ["P001"]),
        ("# nothing\n", ["P001"]),
        ("1\n", ["P001"]),
        ("hello\n", ["P001"]),
        ("patchc\n", ["P100"]),
        ("patchc 1 1\n", ["P100"]),
        ("patchc patchc 1\n", ["P100"]),
        ("1 patchc\n", ["P100"]),
        ("patchc 1 ", ["P100"]),
        ("patchc 1.0\n", ["P003"]),
        ("patchc v1\n", ["P003"]),
        ("patchc 2\n", ["P002"]),
        ("patchc 99999999999999999999999\n", ["P002"]),
    ],
)
def test_the_header(head: str, codes: list[str]) -> None:
    file, found = parse(Source("wrong.patch", head + "patch p {\n  cell a : b\n}\n"))
    assert [d.code for d in found] == codes
    assert len(file.items) == (codes != ["P002"])


def test_an_empty_file_has_no_header() -> None:
    assert [d.code for d in mistakes("")] == ["P001"]


# --- in bulk ----------------------------------------------------------------------------------------------------------


def mutations(texts: list[str], count: int, seed: int) -> Iterator[str]:
    """Texts with one token left out, doubled, swapped with the next, or put in."""
    draw = random.Random(seed)
    tokens = {}
    for text in texts:
        raw = scan(Source("good", text))
        words = zip(raw.starts, raw.texts, strict=True)
        tokens[text] = [(start, start + len(word)) for start, word in words if word != "\n"]
    for _ in range(count):
        text = draw.choice(texts)
        places = tokens[text]
        i = draw.randrange(len(places) - 1)
        (a, b), (c, d) = places[i], places[i + 1]
        e, f = draw.choice(places)
        yield draw.choice(
            [
                text[:a] + text[b:],
                text[:b] + " " + text[a:b] + text[b:],
                text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:],
                text[:a] + text[e:f] + " " + text[a:],
            ]
        )


def test_one_message_for_one_wrong_token(examples: dict[str, str]) -> None:
    counts = Counter(min(len(mistakes(text)), 2) for text in mutations(list(examples.values()), 3000, seed=1))
    wrong = counts[1] + counts[2]
    assert wrong > 2500
    assert counts[1] / wrong > 0.95


def test_two_thousand_random_byte_strings() -> None:
    draw = random.Random(2)
    for _ in range(2000):
        mistakes(draw.randbytes(draw.randrange(300)).decode("latin-1"))


def test_random_words() -> None:
    draw = random.Random(3)
    words = [*VOICE.split(), "\n", "{", "}", "(", ")", "[", "]", ";", '"', "#", "##", "patch p {", "}\n", "\0", "é"]
    for _ in range(2000):
        mistakes("patchc 1\n" * draw.randrange(2) + " ".join(draw.choices(words, k=draw.randrange(80))))


def test_messages_come_in_the_order_of_their_places() -> None:
    for text in mutations([VOICE], 200, seed=4):
        starts = [d.span.start for d in mistakes(text + text) if d.span]
        assert starts == sorted(starts)


def test_few_messages_for_many_mistakes() -> None:
    for line in ("cell =\n", "}\n", "param x = (\n"):
        found = mistakes("patchc 1\npatch p {\n" + line * 1000 + "}\n")
        assert 50 <= len(found) <= 52
        assert "P011" in {d.code for d in found}

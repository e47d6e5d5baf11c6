"""Diagnostics as text: the examples of the language's description word for word, and all that could misalign them."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

import pytest

from patchc.source.diagnostic import Diagnostic, Label, Severity
from patchc.source.render import as_text, summary
from patchc.source.text import Source, Span


@dataclass(frozen=True, kw_only=True)
class Said(Diagnostic):
    """Says what it is told to."""

    code = "T100"
    title = "{sentence}"
    label = "{beside}"
    rule = "{law}"
    sentence: str = "something is wrong"
    beside: str = "here"
    law: str = ""


@dataclass(frozen=True, kw_only=True)
class Warned(Said):
    """The same, milder."""

    code = "T200"
    severity = Severity.WARNING


def place(source: Source, words: str, nth: int = 1) -> Span:
    start = -1
    for _ in range(nth):
        start = source.text.index(words, start + 1)
    return source.span(start, start + len(words))


def shown(diagnostic: Diagnostic) -> str:
    return as_text([diagnostic])


def test_two_places_and_both_notes() -> None:
    text = "\n" * 48 + "  layer filter {\n    cell vcf : svf {\n      in     <- vca\n"
    source = Source("subtractive.patch", text)
    said = Said(
        span=place(source, "vca"),
        sentence="`vcf` hears `vca`, which is in a later layer",
        beside="this one is in layer `amp` (5 of 5)",
        law="a cell may hear only cells of earlier layers",
        labels=(Label(place(source, "filter"), "this cell is in layer `filter` (4 of 5)"),),
        hint="swap the two layers, or plug `vcf` into `vca` instead",
    )
    assert shown(said) == dedent("""\
        error[T100]: `vcf` hears `vca`, which is in a later layer
          --> subtractive.patch:51:17
           |
        49 |   layer filter {
           |         ------ this cell is in layer `filter` (4 of 5)
        51 |       in     <- vca
           |                 ^^^ this one is in layer `amp` (5 of 5)
           = rule: a cell may hear only cells of earlier layers
           = help: swap the two layers, or plug `vcf` into `vca` instead
        """)


def test_one_place() -> None:
    source = Source("voice.patch", "\n" * 11 + "  cutoff = learn 800 Hz in 0 Hz .. 8 kHz log\n")
    said = Said(
        span=place(source, "0 Hz", 2), sentence="`log` needs a range that excludes zero", beside="lower end is 0 Hz"
    )
    assert shown(said) == dedent("""\
        error[T100]: `log` needs a range that excludes zero
          --> voice.patch:12:28
        12 |   cutoff = learn 800 Hz in 0 Hz .. 8 kHz log
           |                            ^^^^ lower end is 0 Hz
        """)


def test_no_place() -> None:
    assert shown(Said(span=None, hint="do this\nand that")) == dedent("""\
        error[T100]: something is wrong
          = help: do this
                  and that
        """)


def test_several_are_separated_by_a_blank_line() -> None:
    source = Source("a.patch", "one two\n")
    text = as_text([Said(span=place(source, "one")), Warned(span=place(source, "two"))])
    assert text == dedent("""\
        error[T100]: something is wrong
         --> a.patch:1:1
        1 | one two
          | ^^^ here

        warning[T200]: something is wrong
         --> a.patch:1:5
        1 | one two
          |     ^^^ here
        """)


def test_nothing_to_say() -> None:
    assert as_text([]) == ""


def test_places_on_one_line_each_get_a_row() -> None:
    source = Source("a.patch", "cell a : mix { in <- a }")
    said = Said(span=place(source, "a", 2), labels=(Label(place(source, "mix"), "a mixer"),))
    assert shown(said).splitlines()[3:] == [
        "1 | cell a : mix { in <- a }",
        "  |          --- a mixer",
        "  |                      ^ here",
    ]


def test_a_place_in_another_file() -> None:
    source, other = Source("a.patch", "cell r : rooms.plate\n"), Source("rooms.patch", "patchc 1\npatch plates {\n")
    said = Said(span=place(source, "plate"), labels=(Label(place(other, "plates"), "meant this?"),))
    assert shown(said).splitlines()[1:] == [
        " --> a.patch:1:16",
        "1 | cell r : rooms.plate",
        "  |                ^^^^^ here",
        " ::: rooms.patch:2:7",
        "2 | patch plates {",
        "  |       ------ meant this?",
    ]


def test_a_place_of_several_lines() -> None:
    source = Source("a.patch", "patch a {\n  b\n  c\n  d\n  }\n")
    said = Said(span=source.span(6, len(source.text) - 1))
    assert shown(said).splitlines()[2:] == [
        "  |",
        "1 | patch a {",
        "  |       ^^^",
        "...",
        "5 |   }",
        "  |   ^ here",
    ]


def test_the_end_of_a_line_and_of_the_file() -> None:
    source = Source("a.patch", "freq =\n")
    assert shown(Said(span=source.span(6, 6))).splitlines()[2:] == ["1 | freq =", "  |       ^ here"]
    assert shown(Said(span=source.span(7, 7))).splitlines()[2:] == ["2 |", "  | ^ here"]


def test_carets_stand_under_what_they_mark_after_tabs_and_wide_letters() -> None:
    source = Source("a.patch", "\tx = 1 # 音色\té bad\n")
    line, marks = shown(Said(span=place(source, "bad"))).splitlines()[2:]
    assert line == "1 |     x = 1 # 音色    é bad"
    before = marks[: marks.index("^")]
    assert len(before) == len("1 |     x = 1 # ") + 4 + len("    é ")  # the two signs take two columns each


def test_a_combining_mark_takes_no_column() -> None:
    source = Source("a.patch", "e\N{COMBINING ACUTE ACCENT} bad")
    assert shown(Said(span=place(source, "bad"))).splitlines()[3] == "  |   ^^^ here"


def test_control_characters_are_shown_not_sent() -> None:
    source = Source("a\x1b[2J.patch", "a \x1b[31m \u202e b \x9b bad\n")
    text = shown(Said(span=place(source, "bad"), sentence="no `\x1b[0m`", beside="\x07", hint="\x00"))
    assert not set(text) & set("\x1b\u202e\x9b\x07\x00")
    assert "a ␛[31m � b � bad" in text


def test_a_very_long_line_is_cut_around_the_place() -> None:
    source = Source("a.patch", "x" * 1_000_000 + " bad " + "y" * 1_000_000)
    text = shown(Said(span=place(source, "bad")))
    line, marks = text.splitlines()[2:]
    assert len(line) < 140
    assert line.index("bad") == marks.index("^^^")
    assert ":1:1000002" in text
    assert line.startswith("1 | …x")
    assert line.endswith("y…")


def test_a_place_wider_than_the_cut_is_marked_to_its_end() -> None:
    source = Source("a.patch", "x" * 500)
    line, marks = shown(Said(span=source.span(0, 500))).splitlines()[2:]
    assert marks.count("^") == len(line.removeprefix("1 | ").removesuffix("…"))


def test_color_adds_only_sequences() -> None:
    import re

    source = Source("a.patch", "one two\n")
    said = Said(span=place(source, "one"), labels=(Label(place(source, "two"), "and this"),), law="no", hint="yes")
    painted = as_text([said], color=True)
    assert "\x1b[1;31merror[T100]\x1b[0m" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == as_text([said])


@pytest.mark.parametrize(
    ("found", "names", "line"),
    [
        ([], ["a.patch"], "no errors in a.patch"),
        ([], ["a.patch", "b.patch"], "no errors in 2 files"),
        ([Said(span=None)], ["a.patch"], "1 error in a.patch"),
        ([Said(span=None), Warned(span=None), Said(span=None)], ["a.patch"], "2 errors, 1 warning in a.patch"),
        ([Warned(span=None)], ["a.patch", "b.patch"], "1 warning in 2 files"),
    ],
)
def test_summary(found: list[Diagnostic], names: list[str], line: str) -> None:
    assert summary(found, names) == line

"""The table of mistakes keeps step with the grammar: every example still leads to its own entry, and to one message."""

from __future__ import annotations

import pytest

from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Source
from patchc.syntax import mistakes as table
from patchc.syntax import wording
from patchc.syntax.lr_parser import LRParser
from patchc.syntax.parser import parse

EXAMPLES = [(entry, example) for entry in table.mistakes() for example in entry.examples]


def read(text: str) -> list[Diagnostic]:
    return parse(Source("wrong.patch", text))[1]


@pytest.mark.parametrize(("entry", "example"), EXAMPLES, ids=[example.split("\n")[-3] for _, example in EXAMPLES])
def test_every_example_leads_to_its_entry(entry: table.Mistake, example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[table.Mistake | None] = []

    def spy(automaton: LRParser) -> table.Mistake | None:
        found.append(table.find_mistake(automaton))
        return found[-1]

    monkeypatch.setattr(wording, "find_mistake", spy)
    (only,) = read(example)
    assert only.code == entry.code
    assert found == [entry]


def test_no_two_entries_say_the_same_or_stand_for_the_same_text() -> None:
    examples = [example for _, example in EXAMPLES]
    assert len(set(examples)) == len(examples)


def test_every_plain_entry_says_what_and_what_to_do() -> None:
    for entry in table.mistakes():
        assert entry.examples
        if entry.code == "P100":
            assert entry.sentence
            assert entry.place
            assert entry.help


def message(line: str) -> tuple[str, str]:
    (only,) = read(f"patchc 1\npatch p {{\n  cell c : d {{\n    {line}\n  }}\n}}\n")
    return only.message, only.help_text


@pytest.mark.parametrize(
    ("line", "sentence", "help"),
    [
        ("in <- a maybe 3 % )", "expected `,`, `in`, `maybe`, `when` or the end of the line, found `)`", ""),
        ("a = b c", "expected `in` or the end of the line, found `c`", ""),
        ("a = (b + )", "expected a number or a name, found `)`", ""),
        ("a = 1 in 2 Hz .. 3 Hz lgo", "`lgo` is no curve", "did you mean `log`?"),
        ("a = 1 in 2 Hz .. 3 Hz exp", "`exp` is no curve", "a curve is `lin`, `log` or `pow 2`"),
        (
            "in <- a whne x is y",
            "expected `,`, `maybe`, `when` or the end of the line, found `whne`",
            "did you mean `when`?",
        ),
        ("cell x : y", "expected `=`, `<-`, `+=` or `*=` after the name of a port, found `x`", ""),
    ],
)
def test_what_is_said_where_the_table_is_silent(line: str, sentence: str, help: str) -> None:
    said, hint = message(line)
    assert said == sentence
    assert help in hint


def test_a_statement_inside_a_cell_is_named() -> None:
    assert message("cell x : y")[1] == "`cell` cannot stand inside a cell; is a `}` missing above?"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("freq == 3", "freq = 3"),
        ("in -> osc1", "in <- osc1"),
        ("freq = k -2", "freq = k - 2"),
        ("freq : 440 Hz", "freq = 440 Hz"),
        ("in <- a when x = y", "in <- a when x is y"),
        ("in \u2190 a", "in <- a"),
        ("freq = a \u2212 3", "freq = a - 3"),
        ("q = in 2 ... 3", "q = in 2 .. 3"),
        ("in <- a whne x is y", "in <- a when x is y"),
    ],
)
def test_fixes_fix(wrong: str, right: str) -> None:
    text = f"patchc 1\npatch p {{\ncell c : d {{\n{wrong}\n}}\n}}\n"
    (only,) = read(text)
    (fix,) = only.fixes
    fixed = text[: fix.span.start] + fix.replacement + text[fix.span.end :]
    assert " ".join(fixed.split("\n")[3].split()) == right
    assert read(fixed) == []


def test_fixes_of_braces_and_headers_fix() -> None:
    for text in (
        "patch p {\n  cell a : b\n}\n",
        "patchc 1.0\npatch p {\n}\n",
        "hello\npatch p {\n}\n",
        "patchc 1\npatch p\n{\n}\n",
        "patchc 1\npatch p\n  cell a : b\n}\n",
        "patchc 1\npatch p {\n  cell a : b { }\n  } }\n}\n",
        "patchc 1\npatch p {\n  layer x {\n    cell a : b\n\n  layer y {\n  }\n}\n",
    ):
        while found := read(text):
            (fix,) = found[0].fixes
            text = text[: fix.span.start] + fix.replacement + text[fix.span.end :]
        assert text.startswith("patchc 1\n")

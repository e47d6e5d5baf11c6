"""At least 95 % of the words of other_words.toml lead to what they mean: `python -m pytest -s` prints the share."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from patchc.cells.registry import cell_names, find_cell
from patchc.graph.load import check_source
from patchc.source.synonyms.cells import CELLS
from patchc.source.synonyms.commands import COMMANDS
from patchc.source.synonyms.ports import PORTS
from patchc.source.synonyms.table import Guess
from patchc.source.synonyms.units import UNITS
from patchc.source.text import Source
from patchc.units.unit import UNITS as KNOWN

ROWS = tomllib.loads((Path(__file__).parent / "other_words.toml").read_text(encoding="utf-8"))
RUNS = (
    *("bench", "cells", "check", "demo", "draw", "explain", "fmt", "graph", "match"),
    *("new", "plan", "render", "schema", "tokens", "tree", "version"),
)


def led_to(guess: Guess) -> str:
    return guess.name or (guess.entry.target.partition(" ")[0] if guess.entry else "")


def cell(word: str, target: str) -> bool:
    return word == target or led_to(CELLS.guess(word, cell_names())) == target


def missing(word: str, target: str) -> bool:
    guess = CELLS.guess(word, cell_names())
    return guess.entry is not None and not guess.entry.exists and led_to(guess) == target


def port(word: str, target: str) -> bool:
    of, _, name = target.partition(".")
    found = find_cell(of)
    return found is not None and PORTS.guess(word, [one.name for one in found.spec.ports]).name == name


def unit(word: str, target: str) -> bool:
    return UNITS.guess(word, [symbol for symbol in KNOWN if symbol]).name == target


def command(word: str, target: str) -> bool:
    return led_to(COMMANDS.guess(word, RUNS)) == target


@pytest.mark.parametrize(
    ("table", "leads"),
    [("cells", cell), ("missing", missing), ("ports", port), ("units", unit), ("commands", command)],
)
def test_share(table: str, leads: Callable[[str, str], bool]) -> None:
    pairs = [(word, target) for target, words in ROWS[table].items() for word in words.split()]
    lost = [word for word, target in pairs if not leads(word, target)]
    share = 1 - len(lost) / len(pairs)
    print(f"{table}: {share:.1%} of {len(pairs)} words; not: {' '.join(lost)}")
    assert share >= 0.95, lost


@pytest.mark.parametrize("word", ["train", "brain", "matrix", "phase", "frame", "value", "range", "foobar", "piano"])
def test_nothing_is_guessed_across_meaning(word: str) -> None:
    assert not CELLS.guess(word, cell_names()).hint


@pytest.mark.parametrize(
    ("word", "names"),
    [("let", ["set"]), ("gate", ["rate", "shape", "phase"]), ("delay", ["decay"]), ("phaser", ["shaper"])],
)
def test_known_words_are_no_misspellings(word: str, names: list[str]) -> None:
    assert not PORTS.guess(word, names).name


def test_a_file_without_mistakes_reads_no_table() -> None:
    script = "import sys, patchc.graph.load; print([name for name in sys.modules if 'synonyms' in name])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout.strip() == b"[]"


def test_a_file_full_of_unknown_words_soon_gets_no_more_guesses() -> None:
    lines = "\n".join(f"  cell c{n} : lowpass{n} {{ }}" for n in range(1500))
    found = check_source(Source("a.patch", f"patchc 1\n\npatch p {{\n{lines}\n  output main <- c1\n}}\n"))
    unknown = [one.help_text for one in found if one.code == "P202"]
    assert "`lowpass0` is `svf { mode = lowpass }` here" in unknown[0]
    assert unknown[-1] == "`patchc cells` lists them"

"""Samples of words of other instruments' manuals: `python -m pytest -s` prints the share of each that leads on."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from patchc.cells.registry import cell_names, find_cell
from patchc.source.synonyms.cells import CELLS
from patchc.source.synonyms.ports import PORTS
from patchc.source.synonyms.table import Guess

SAMPLES = tomllib.loads((Path(__file__).parent / "words_of_manuals.toml").read_text(encoding="utf-8"))


def led_to(guess: Guess) -> str:
    return guess.name or (guess.entry.target.partition(" ")[0] if guess.entry else "")


def cell(word: str, target: str) -> bool:
    guess = CELLS.guess(word, cell_names())
    same_mode = "{" not in target or (guess.entry is not None and guess.entry.target == target)
    return word == target or (led_to(guess) == target.partition(" ")[0] and same_mode)


def missing(word: str, target: str) -> bool:
    guess = CELLS.guess(word, cell_names())
    return guess.entry is not None and not guess.entry.exists and led_to(guess) == target


def port(word: str, target: str) -> bool:
    of, _, name = target.partition(".")
    found = find_cell(of)
    return found is not None and PORTS.guess(word, [one.name for one in found.spec.ports]).name == name


LEADS: dict[str, Callable[[str, str], bool]] = {"cells": cell, "missing": missing, "ports": port}
TABLES = [(sample, table) for sample, tables in SAMPLES.items() for table in tables]


@pytest.mark.parametrize(("sample", "table"), TABLES)
def test_share(sample: str, table: str) -> None:
    pairs = [(word, target) for target, words in SAMPLES[sample][table].items() for word in words.split()]
    lost = [word for word, target in pairs if not LEADS[table](word, target)]
    share = 1 - len(lost) / len(pairs)
    print(f"{sample} sample, {table}: {share:.1%} of {len(pairs)} words; not: {' '.join(lost)}")
    assert share >= 0.95, lost

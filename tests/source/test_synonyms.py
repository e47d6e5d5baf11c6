"""Names that other instruments use lead on: one row of synonyms.toml a word, and what must be said of it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from patchc.cells.registry import cell_names
from patchc.cli.group import unknown_command
from patchc.graph.load import check_source as check
from patchc.source.diagnostic import Diagnostic
from patchc.source.synonyms.cells import CELLS
from patchc.source.synonyms.table import folded
from patchc.source.text import Source

ROWS = tomllib.loads((Path(__file__).parent / "synonyms.toml").read_text(encoding="utf-8"))
COMMANDS = ("bench", "cells", "check", "demo", "draw", "explain", "fmt", "graph", "match", "new", "plan", "render")
PATCH = "patchc 1\n\npatch main_patch {{\n  input gate : gate\n  {line}\n  output main <- x\n}}\n"


def pairs(table: str) -> list[tuple[str, str]]:
    return [(word, target) for target, words in ROWS[table].items() for word in words.split()]


def said(line: str, code: str) -> Diagnostic:
    return next(d for d in check(Source("a.patch", PATCH.format(line=line))) if d.code == code)


def after_fixing(found: Diagnostic) -> list[str]:
    """The codes of what is said about the text with the fixes of `found` applied."""
    assert found.span is not None
    text = found.span.source.text
    for fix in found.fixes:
        text = text[: fix.span.start] + fix.replacement + text[fix.span.end :]
    return [one.code for one in check(Source("a.patch", text))] if found.fixes else []


@pytest.mark.parametrize(("word", "target"), pairs("cells"))
def test_a_cell(word: str, target: str) -> None:
    found = said(f"cell x : {word} {{ }}", "P202")
    assert f"`{target}" in found.help_text
    assert "P202" not in after_fixing(found)


@pytest.mark.parametrize(("word", "target"), pairs("missing"))
def test_a_cell_that_is_missing(word: str, target: str) -> None:
    found = said(f"cell x : {word} {{ }}", "P202")
    assert f"`{word}`: there is none; the nearest is `{target}" in found.help_text
    assert not found.fixes


@pytest.mark.parametrize(("word", "target"), pairs("ports"))
def test_a_port(word: str, target: str) -> None:
    cell, _, port = target.partition(".")
    found = said(f"cell x : {cell} {{ {word} = 1 }}", "P203")
    assert (found.fixes[0].replacement if found.fixes else "") == port
    assert "P203" not in after_fixing(found) or not port


@pytest.mark.parametrize(("word", "target"), pairs("units"))
def test_a_unit(word: str, target: str) -> None:
    found = said(f"cell x : saw {{ freq = 3 {word} }}", "P405")
    assert found.fixes[0].replacement == target
    assert "P405" not in after_fixing(found)


@pytest.mark.parametrize(("word", "help_"), [("beat", "3 / 120 bpm"), ("samples", "no sample rate"), ("us", "0.5 ms")])
def test_a_unit_that_is_missing(word: str, help_: str) -> None:
    found = said(f"cell x : saw {{ freq = 3 {word} }}", "P405")
    assert help_ in found.help_text
    assert not found.fixes


@pytest.mark.parametrize(("word", "target"), pairs("commands"))
def test_a_command(word: str, target: str) -> None:
    (found,) = unknown_command(word, COMMANDS).diagnostics
    assert f"`patchc {target}" in found.help_text


def test_what_is_said_to_be_missing_is_missing() -> None:
    """A cell that has arrived is no longer a synonym: its `none` becomes a `here`."""
    words = {word for entry in CELLS.entries for word in entry.words}
    assert not words & set(map(folded, cell_names()))


def test_what_a_word_leads_to_exists() -> None:
    names = set(cell_names())
    assert not [entry.target for entry in CELLS.entries if entry.target.partition(" ")[0] not in names]


@pytest.mark.parametrize(("word", "target"), pairs("losses"))
def test_a_loss(word: str, target: str) -> None:
    found = said(f"cell x : saw\n  tap x loss {word}", "P506")
    assert f"`{target}`" in found.help_text


@pytest.mark.parametrize(("word", "target"), pairs("priors"))
def test_a_prior(word: str, target: str) -> None:
    found = said(f"cell x : svf {{ cutoff = learn 800 Hz ~ {word}(1 Hz, 2 Hz) }}", "P232")
    assert f"`{target}`" in found.help_text


@pytest.mark.parametrize(("word", "target"), pairs("members"))
def test_a_member(word: str, target: str) -> None:
    cell, _, member = target.partition(".")
    port = "mode" if cell == "svf" else "shape"
    found = said(f"cell x : {cell} {{ {port} = {word} }}", "P227")
    assert (found.fixes[0].replacement if found.fixes else "") == member


def test_a_type_on_several_lines_is_mended() -> None:
    line = "input a : audio\n  cell x : highpass {\n    in <- a\n    cutoff = 80 Hz\n  }"
    assert after_fixing(said(line, "P202")) == []

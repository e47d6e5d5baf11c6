"""The grammar file: no conflict, tables from the cache or without it, and the editors' grammar in step with it."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from patchc.syntax import grammar
from patchc.syntax.grammar import grammar_file, load_tables

TEXT = grammar_file("patch.lark").read_text(encoding="utf-8")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder; the tables that this process holds are put back afterwards."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(grammar, "load_tables", load_tables.__wrapped__)
    return tmp_path / "patchc"


def test_a_grammar_with_a_conflict_is_refused() -> None:
    with pytest.raises(Exception, match="conflict"):
        grammar._generate(TEXT.replace('| expr "+" term -> add', '| expr "+" expr -> add'))


def test_tables_are_written_once_and_then_read(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = grammar.load_tables()
    (file,) = cache.iterdir()
    monkeypatch.setattr(grammar, "_generate", lambda text: pytest.fail("made again"))
    assert grammar.load_tables() == made
    assert file.stat().st_size < 100_000


@pytest.mark.parametrize("content", [b"", b"nonsense", b"00000000-2\n{}", b"\x80\x04" * 50])
def test_a_damaged_cache_is_made_anew(
    cache: Path, content: bytes, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    made = grammar.load_tables()
    (file,) = cache.iterdir()
    file.write_bytes(content)
    with caplog.at_level(logging.DEBUG):
        assert grammar.load_tables() == made
    assert capfd.readouterr() == ("", "")
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(file.read_bytes()) > 1000


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert load_tables.__wrapped__() == load_tables()
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    assert load_tables.__wrapped__() == load_tables()


def test_another_grammar_is_another_entry() -> None:
    assert grammar._key(TEXT) != grammar._key(TEXT + " ")


def test_the_grammar_is_found_in_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "patchc" / "grammar"
    packed.mkdir(parents=True)
    (packed / "patch.lark").write_text("packed")
    monkeypatch.setattr(grammar, "_PACKAGE", tmp_path / "patchc")
    assert grammar.grammar_file("patch.lark") == packed / "patch.lark"
    assert grammar.grammar_file("mistakes.toml") == tmp_path / "grammar" / "mistakes.toml"


def test_parsing_with_a_warm_cache_loads_no_lark(tmp_path: Path) -> None:
    program = (
        "import sys; from patchc.syntax.parser import parse; from patchc.source.text import Source;"
        "assert parse(Source('a', 'patchc 1\\npatch p {\\n}\\n'))[1] == [];"
        "print([name for name in ('lark', 'pydantic', 'yaml', 'torch', 'tomllib') if name in sys.modules])"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    said = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
        for _ in range(2)
    ]
    assert [done.stdout for done in said] == ["['lark']\n", "[]\n"]


# --- the editors' grammar ---------------------------------------------------------------------------------------------


def words() -> set[str]:
    """Every word the language itself knows."""
    tables = load_tables()
    fixed = {text for text in tables.literals.values() if text[0].isalpha()}
    choices = (tables.patterns[name] for name in ("KIND", "GKIND", "ROLE"))
    return fixed | {word for pattern in choices for word in re.findall(r"[a-z]{3,}", pattern)}


def matches(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["match"]] if "match" in node else []
        return own + [match for value in node.values() for match in matches(value)]
    return [match for value in node for match in matches(value)] if isinstance(node, list) else []


def test_the_editors_grammar_knows_the_same_words() -> None:
    data = json.loads(grammar_file("patch.tmLanguage.json").read_text(encoding="utf-8"))
    patterns = [re.sub(r"\\.|\[[^]]*\]", " ", match) for match in matches(data)]
    known = {word for pattern in patterns for word in re.findall(r"[a-z]+", pattern)}
    units = {"k", "z", "bpm", "s", "ms", "min", "oct", "st", "ct", "d", "cyc", "rad", "deg"}
    assert words() <= known
    assert known - words() - units == set()


def test_the_editors_grammar_knows_the_same_units() -> None:
    from patchc.units.unit import UNITS

    data = json.loads(grammar_file("patch.tmLanguage.json").read_text(encoding="utf-8"))
    (numbers,) = [match for match in matches(data) if "kHz" in match]
    for unit in UNITS:
        found = re.search(numbers, f"x = 5 {unit};")
        assert found is not None
        assert (found[2] or "") == unit


def test_the_editors_patterns_are_patterns() -> None:
    data = json.loads(grammar_file("patch.tmLanguage.json").read_text(encoding="utf-8"))
    assert all(re.compile(match) for match in matches(data))

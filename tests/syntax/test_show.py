"""The first two stages as text, word for word."""

from __future__ import annotations

from pathlib import Path

from patchc.source.text import Source
from patchc.syntax.lexer import tokens
from patchc.syntax.parser import parse
from patchc.syntax.show import show_tokens, show_tree

HERE = Path(__file__).parent / "shown"
SOURCE = Source("small.patch", (HERE / "small.patch").read_text(encoding="utf-8"))


def test_tokens() -> None:
    assert show_tokens(tokens(SOURCE)) == (HERE / "small.tokens").read_text(encoding="utf-8")


def test_tree() -> None:
    assert show_tree(parse(SOURCE)[0]) == (HERE / "small.tree").read_text(encoding="utf-8")


def test_wrong_text_is_shown_too() -> None:
    source = Source("wrong.patch", 'patchc 1\npatch p {\n  cell a b "x\n  param y = 3\n}\n')
    assert 'NAME(b) OPEN_STRING("x) END\n' in show_tokens(tokens(source))
    assert "NAME(param) NAME(y)" in show_tokens(tokens(source))
    assert "Broken declares=a  @3:3\n" in show_tree(parse(source)[0])
    assert show_tokens(tokens(Source("empty", ""))) == ""
    assert show_tree(parse(Source("empty", ""))[0]) == "File edition=none\n"

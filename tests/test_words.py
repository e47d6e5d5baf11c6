"""Names that the project used before its glossary do not come back (docs/glossary.md)."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = sorted(path for folder in ("patchc", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
NATIVE = sorted(path for path in (ROOT / "patchc").rglob("*") if path.suffix in (".h", ".cpp"))
FORMER = re.compile(
    r"slopes?$|_slopes?$|^slopes?_|^by_(turn|freq|seconds|weights)$|^d?turn$|^[Ss]tretch(es)?$|^Timed$|^Handed$|^Machine$"
    r"|^Graphics$|^Pushes$|^PULLS$|^Wish(es)?$|^Bulk$|^Kept$|^dice$|^shel(f|ves)$|^hyperbolic$|^hold_(below|above)$"
    r"|^labour$|^employ$|^hired$|^called_up$|^DEAR$|^weave$|^hollow$|^torn$|^is_blind$"
)
ALLOWED = {"benchmarks/scaling.py": {"slope", "slopes"}, "benchmarks/page.py": {"slope"}}
"""The slope of a line that is fitted to times is called that in statistics."""


def names(path: Path) -> set[str]:
    """Every identifier of a Python file."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME}


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_python_uses_the_words_of_the_glossary(path: Path) -> None:
    former = {name for name in names(path) if FORMER.search(name)}
    assert former <= ALLOWED.get(path.relative_to(ROOT).as_posix(), set())


@pytest.mark.parametrize("path", NATIVE, ids=lambda path: str(path.relative_to(ROOT)))
def test_native_code_uses_the_words_of_the_glossary(path: Path) -> None:
    code = re.sub(r"//[^\n]*", "", path.read_text("utf-8"))
    assert {name for name in re.findall(r"[A-Za-z_]\w*", code) if FORMER.search(name)} == set()


def test_what_is_former_is_found() -> None:
    """The expression finds what it is for, inside longer names too."""
    assert all(FORMER.search(name) for name in ("wants_slopes", "slope_of", "stretches", "Machine", "hold_below"))
    assert not any(FORMER.search(name) for name in ("return", "turned", "machine", "stretched", "kept"))

"""Every `NAME.patch` beside this file is checked, and what is said about it stands in `NAME.txt`, word for word."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from patchc.source.explain import all_codes
from patchc.source.render import as_text
from patchc.source.text import Source

HERE = Path(__file__).parent
TESTS = HERE.parent
CASES = sorted(HERE.glob("P*.patch"))

ELSEWHERE: dict[str, str] = tomllib.loads((HERE / "elsewhere.toml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_says_word_for_word(case: Path, update: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from patchc.graph.load import check_source

    monkeypatch.chdir(HERE)
    said = as_text(check_source(Source(case.name, case.read_bytes().decode())))
    golden = case.with_suffix(".txt")
    if update:
        golden.write_text(said, encoding="utf-8")
    assert golden.is_file(), f"no {golden.name}: run `pytest tests/errors --update` and read what it wrote"
    assert said == golden.read_text(encoding="utf-8")
    assert f"[{case.stem.partition('_')[0]}]" in said, "a golden pair is named after a code it shows"


def test_every_text_has_its_patch() -> None:
    assert [text.name for text in HERE.glob("P*.txt") if not text.with_suffix(".patch").is_file()] == []


def test_every_code_has_a_golden_pair() -> None:
    own = {code for code, cls in all_codes().items() if cls.__module__.startswith("patchc.")}
    shown = {case.stem.partition("_")[0] for case in CASES}
    assert own - shown - set(ELSEWHERE) == set(), "codes without a golden pair"
    assert shown & set(ELSEWHERE) == set(), "codes that have a pair after all: take them out of elsewhere.toml"
    assert set(ELSEWHERE) - own == set(), "codes in elsewhere.toml that do not exist"


def test_the_tests_named_elsewhere_exist() -> None:
    places = {tuple(place.split("::")) for place in ELSEWHERE.values()}
    missing = [(file, test) for file, test in places if f"def {test}(" not in (TESTS / file).read_text("utf-8")]
    assert missing == []

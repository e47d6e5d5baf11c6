"""Pages of codes: made from the class, complete for every code there is."""

from __future__ import annotations

import re
import string

import pytest

from patchc.source.about import body, headline
from patchc.source.diagnostic import Diagnostic
from patchc.source.explain import all_codes, as_markdown, as_page, by_group

CODES = [cls for code, cls in all_codes().items() if cls.__module__.startswith("patchc.")]


@pytest.mark.parametrize("cls", CODES, ids=lambda cls: cls.code)
def test_every_page_explains(cls: type[Diagnostic]) -> None:
    assert headline(cls), "the first line of the docstring is the headline"
    assert body(cls), "below it: what it means, why, a wrong and a right example"
    page = as_page(cls)
    assert page.startswith(f"{cls.code}: {headline(cls)}")
    assert "message: " in page
    assert not re.search(r"\{\w+\}", as_page(cls).replace(body(cls), "")), "every field of a template is shown as a gap"


@pytest.mark.parametrize("cls", CODES, ids=lambda cls: cls.code)
def test_templates_speak_of_fields_that_exist(cls: type[Diagnostic]) -> None:
    own = {name for base in cls.__mro__ for name in vars(base).get("__annotations__", {})}
    for template in (cls.title, cls.label, cls.rule, cls.help):
        assert {name for _, name, _, _ in string.Formatter().parse(template) if name is not None} <= own


def test_groups_hold_every_code_once() -> None:
    grouped = [cls.code for _, classes in by_group() for cls in classes]
    assert sorted(grouped) == list(all_codes())


def test_markdown_shows_the_golden_pair() -> None:
    cls = CODES[0]
    text = as_markdown(cls, [("patchc 1\n", "error[...]\n")])
    assert text.startswith(f'<a id="{cls.code.lower()}"></a>\n\n### {cls.code}: ')
    assert "```text\npatchc 1\n```" in text

"""Comments and documentation: all are kept, and `##` belongs to the declaration below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Read = Callable[[str], Any]


def test_doc_belongs_to_the_next_declaration(in_patch: Read) -> None:
    nodes = in_patch(
        "## One.\n## Two.\nparam a = 1\nparam b = 2\n\n## Three.\n\ncell c : d\n## Four.\noutput o <- c\n"
        "## Five.\nlayer l {\n}\n## Six.\ninput i : gate"
    )
    assert [node.doc for node in nodes] == ["One.\nTwo.", "", "Three.", "Four.", "Five.", "Six."]


def test_doc_may_stand_above_or_below_decorations(in_patch: Read) -> None:
    (a,) = in_patch('## One.\n@label(text = "A", n = 3)\n## Two.\n@x\nparam a = 1')
    assert a.doc == "One.\nTwo."
    assert [(deco.name, len(deco.args)) for deco in a.decos] == [("label", 2), ("x", 0)]
    assert a.decos[0].args[0].value.text == "A"


def test_doc_of_a_patch(good: Read) -> None:
    assert good("patchc 1\n# no doc\n## Doc.\npatch p {\n}\n").items[0].doc == "Doc."


def test_a_plain_comment_is_no_doc(in_patch: Read) -> None:
    (a,) = in_patch("# One.\nparam a = 1 ## behind code")
    assert a.doc == ""


def test_an_indented_doc_keeps_its_inner_spaces(in_patch: Read) -> None:
    (a,) = in_patch("##  One.\n##\n##   Two.\nparam a = 1")
    assert a.doc == " One.\n\n  Two."


def test_comments_are_kept_with_their_places(good: Read) -> None:
    file = good("# one\npatchc 1 # two\n  ## three\npatch p { # four\n}\n#five  ")
    assert [(c.text, c.trailing, c.span.line) for c in file.comments] == [
        ("# one", False, 1),
        ("# two", True, 2),
        ("## three", False, 3),
        ("# four", True, 4),
        ("#five", False, 6),
    ]


def test_a_hash_inside_a_text_is_no_comment(in_patch: Read) -> None:
    (meta,) = in_patch('meta { a = "x # y" }')
    assert meta.entries[0][1].text == "x # y"

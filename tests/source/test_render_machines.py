"""The forms other programs read: JSON, GitHub annotations, SARIF."""

from __future__ import annotations

import json
from dataclasses import dataclass

from patchc.source.diagnostic import Diagnostic, Fix, Label, Severity
from patchc.source.render import as_github, as_json, as_sarif
from patchc.source.text import Source, Span


@dataclass(frozen=True, kw_only=True)
class Typo(Diagnostic):
    """A word nobody knows.

    More about it.
    """

    code = "T301"
    stage = "names"
    title = "no cell called `{word}`"
    label = "not known"
    rule = "names come from above, like `{word}`"
    word: str
    near: tuple[str, ...] = ()
    distance: float = 0.0
    first: Span | None = None


@dataclass(frozen=True, kw_only=True)
class Aside(Diagnostic):
    """Only a remark."""

    code = "T302"
    severity = Severity.NOTE
    title = "100 %, really\nso"


SOURCE = Source("a folder/voice: 1,2.patch", "cell a : mix\n  in <- mixr\n  in <- mixr\n")
FIRST, SECOND = SOURCE.span(21, 25), SOURCE.span(34, 38)
TYPO = Typo(
    span=FIRST,
    word="mixr",
    near=("mix", "mixer"),
    distance=float("nan"),
    first=SOURCE.span(5, 6),
    hint="did you mean `mixer`?",
    labels=(Label(SOURCE.span(5, 6), "declared here"),),
    fixes=(Fix(FIRST, "mixer", safe=True),),
)
AGAIN = Typo(span=SECOND, word="mixr")


def test_json_holds_everything() -> None:
    whole = json.loads(as_json([TYPO, Aside(span=None)]))
    first, second = whole["diagnostics"]
    assert whole["schema"] == 1
    assert whole["counts"] == {"error": 1, "warning": 0, "note": 1}
    assert first["code"] == "T301"
    assert first["message"] == "no cell called `mixr`"
    assert first["rule"] == "names come from above, like `mixr`"
    assert first["help"] == "did you mean `mixer`?"
    assert (first["severity"], first["category"], first["stage"]) == ("error", "patch", "names")
    here = {"file": SOURCE.name, "start": {"line": 2, "column": 9, "offset": 21}}
    assert first["span"] == {**here, "end": {"line": 2, "column": 13, "offset": 25}}
    assert first["labels"][0]["text"] == "declared here"
    assert first["fixes"][0]["replacement"] == "mixer"
    assert first["fixes"][0]["safe"] is True
    assert first["facts"]["near"] == ["mix", "mixer"]
    assert first["facts"]["distance"] == "nan"
    assert first["facts"]["first"]["start"]["column"] == 6
    assert second["span"] is None


def test_github_escapes_what_its_parser_splits_on() -> None:
    first, second = as_github([TYPO, Aside(span=None)]).splitlines()
    assert first.startswith(
        "::error file=a folder/voice%3A 1%2C2.patch,line=2,col=9,endLine=2,endColumn=12,title=T301::no cell"
    )
    assert "%0Ahelp: did you mean" in first
    assert second == "::notice title=T302::100 %25, really%0Aso"


def test_sarif_has_rules_places_and_fixes() -> None:
    whole = json.loads(as_sarif([Aside(span=None), TYPO], version="1.2.3"))
    run = whole["runs"][0]
    assert whole["version"] == "2.1.0"
    assert run["tool"]["driver"]["version"] == "1.2.3"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["T301", "T302"]
    assert run["tool"]["driver"]["rules"][0]["shortDescription"]["text"] == "A word nobody knows."
    assert run["tool"]["driver"]["rules"][0]["help"]["text"] == "More about it."  # its rule speaks of one finding
    remark, typo = run["results"]
    assert (remark["level"], remark["ruleIndex"], typo["level"], typo["ruleIndex"]) == ("note", 1, "error", 0)
    location = typo["locations"][0]["physicalLocation"]
    assert location["region"] == {"startLine": 2, "startColumn": 9, "endLine": 2, "endColumn": 13}
    assert location["artifactLocation"]["uri"] == "a%20folder/voice%3A%201%2C2.patch"
    assert typo["relatedLocations"][0]["message"]["text"] == "declared here"
    assert typo["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "mixer"
    assert "locations" not in remark


def test_a_fingerprint_survives_new_lines_above_and_tells_equal_lines_apart() -> None:
    def prints(found: list[Diagnostic]) -> list[str]:
        results = json.loads(as_sarif(found))["runs"][0]["results"]
        return [result["partialFingerprints"]["patchc/v1"] for result in results]

    moved = Source(SOURCE.name, "# new\n" + SOURCE.text)
    later = [Typo(span=moved.span(span.start + 6, span.end + 6), word="mixr") for span in (FIRST, SECOND)]
    assert prints([TYPO, AGAIN]) == prints(later)
    assert len(set(prints(later))) == 2


def test_a_file_that_cannot_be_read_has_a_place() -> None:
    from patchc.source.codes.files import NotText

    found = NotText(span=None, path="a folder/x.patch", reason="byte 1 is zero")
    (result,) = json.loads(as_sarif([found]))["runs"][0]["results"]
    assert result["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "a%20folder/x.patch"}}}]
    assert as_github([found]).startswith("::error file=a folder/x.patch,title=P007::")


def test_every_rule_has_help_without_gaps_left_by_its_template() -> None:
    from patchc.source.explain import all_codes
    from patchc.source.render.sarif import _rule

    for code, cls in all_codes().items():
        text = _rule(cls)["help"]["text"]
        assert len(text) > 10, code
        assert "{{" not in text, code
        assert "}}" not in text, code
        assert not text.startswith("<"), code

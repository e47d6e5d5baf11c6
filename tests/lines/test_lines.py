"""Lines that people write first: each leads on, and every fix that is offered takes its problem away."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from patchc.graph.load import check_source
from patchc.source.render.json import as_records
from patchc.source.text import Source

TABLE = tomllib.loads((Path(__file__).parent / "lines.toml").read_text("utf-8"))
LINES: list[dict[str, str]] = TABLE["lines"]
OPEN: list[dict[str, str]] = TABLE["open"]
UNUSED = ("P207", "P236")  # a line by itself declares what nothing uses yet


def text_of(row: dict[str, str]) -> str:
    frame: str = TABLE["frames"][row["in"]]
    return str(TABLE["patch"]).replace("{}", frame.replace("{}", row["typed"]))


def said(text: str) -> list[dict[str, Any]]:
    records = as_records(check_source(Source("line.patch", text)))
    return [record for record in records if record["code"] not in UNUSED]


def fixed(text: str, record: dict[str, Any]) -> str:
    """The text with the first fix of one record of `--format json` applied."""
    fix = record["fixes"][0]
    start, end = fix["span"]["start"]["offset"], fix["span"]["end"]["offset"]
    return text[:start] + str(fix["replacement"]) + text[end:]


def all_fixed(text: str) -> str:
    for _ in range(4):
        found = said(text)
        if not found or not found[0]["fixes"]:
            break
        text = fixed(text, found[0])
    return text


def name(row: dict[str, str]) -> str:
    return f"{row['in']}: {row['typed']}"


@pytest.mark.parametrize("row", LINES, ids=name)
def test_line_leads_on(row: dict[str, str]) -> None:
    text = text_of(row)
    found = said(text)
    assert found[0]["code"] == row["code"]
    if "help" in row:
        assert row["help"] in found[0]["help"]
        return
    after = all_fixed(text)
    assert said(after) == []
    if "fix" in row:
        assert after == text_of({**row, "typed": row["fix"]})
    else:
        assert row["fixed"] in after
        assert row["typed"] not in after


@pytest.mark.parametrize("row", OPEN, ids=name)
def test_no_fix_leaves_its_problem(row: dict[str, str]) -> None:
    text = text_of(row)
    for record in said(text):
        if record["fixes"]:
            rest = said(fixed(text, record))
            assert (record["code"], record["message"]) not in [(other["code"], other["message"]) for other in rest]


def test_nine_lines_in_ten_lead_on() -> None:
    assert len(LINES) / (len(LINES) + len(OPEN)) >= 0.9

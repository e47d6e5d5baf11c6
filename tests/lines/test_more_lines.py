"""Samples of lines as people write them first: `python -m pytest -s` prints the shares that lead on."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from patchc.graph.load import check_source
from patchc.source.render.json import as_records
from patchc.source.text import Source

SAMPLES: dict[str, list[tuple[str, str, str]]] = tomllib.loads(
    (Path(__file__).parent / "more_lines.toml").read_text("utf-8")
)
UNUSED = ("P207", "P236")
PATCH = """patchc 1

patch p {{
  input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
  input gate : gate
  cell lfo1 : lfo
  cell env : adsr {{ gate <- gate }}
  cell o : saw {{ freq = pitch }}
  cell p : pulse {{ freq = pitch }}
{}
  output main <- {}
}}
"""
HEARS = ("svf", "gain", "delay", "onepole", "shaper", "mix")


def text_of(place: str, line: str) -> str:
    if place == "patch":
        return PATCH.format(f"  cell x : gain {{ in <- o }}\n  {line}", "x")
    plug = "    in <- o\n" if place in HEARS and not line.startswith("in ") else ""
    plug = "    gate <- gate\n" if place == "adsr" and not line.startswith(("gate", "trig")) else plug
    return PATCH.format(f"  cell x : {place} {{\n{plug}    {line}\n  }}", "o" if place in ("adsr", "lfo") else "x")


def said(text: str) -> list[dict[str, Any]]:
    records = as_records(check_source(Source("line.patch", text)))
    found = [record for record in records if record["code"] not in UNUSED]
    return [record for record in found if record["severity"] == "error"] or found


def fixed(text: str, record: dict[str, Any]) -> str:
    fix = record["fixes"][0]
    return text[: fix["span"]["start"]["offset"]] + fix["replacement"] + text[fix["span"]["end"]["offset"] :]


def leads_on(place: str, line: str, leads: str) -> bool:
    text = text_of(place, line)
    found = said(text)
    first = found[0]
    after = fixed(text, first) if first["fixes"] else ""
    told = " ".join(str(first.get(part) or "") for part in ("message", "label", "help", "rule"))
    rest = [(one["code"], one["message"]) for one in said(after)] if after else []
    stays = (first["code"], first["message"]) in rest
    return not stays and any(part in told or part in after for part in leads.split("|"))


@pytest.mark.parametrize("sample", SAMPLES)
def test_nine_lines_in_ten_lead_on(sample: str) -> None:
    rows = SAMPLES[sample]
    lost = [line for place, line, leads in rows if not leads_on(place, line, leads)]
    share = 1 - len(lost) / len(rows)
    print(f"{sample} sample: {share:.1%} of {len(rows)} lines; not: {lost}")
    assert share >= 0.9, lost


def test_one_line_is_one_message() -> None:
    rows = [row for sample in SAMPLES.values() for row in sample]
    several = [(line, len(found)) for place, line, _ in rows if len(found := said(text_of(place, line))) > 1]
    assert several == []

"""What people write who come from other languages, and how a patch says it: a table of patterns, tried in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import cos, exp, log, log2, log10, sin, sqrt, tan
from pathlib import Path

from patchc.syntax.signals import cables_of
from patchc.units.unit import NOTE_NAMES, UNITS

FILE, PATCH, META, CELL = "file", "patch", "meta", "cell"
_NUMBER = r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
_UNIT = rf"(?:%|(?:{'|'.join(re.escape(unit) for unit in UNITS if unit.isalpha())})\b)"
_QUANTITY = rf"{_NUMBER}(?:\s*{_UNIT})?"
_NOTE = r"[A-G][sb]?[0-9]\b"
_REF = r"[A-Za-z_]\w*(?:\[[^\]]*\])?(?:\.[A-Za-z_]\w*(?:\[[^\]]*\])?)*"
_VERB = r"(?:=(?!=)|<-|\+=|\*=)"
_SILENCE = "-120 dB"

Write = str | Callable[[re.Match[str], "Place"], str | None]


@dataclass(frozen=True)
class Place:
    """Where a statement stands: in what, in the cell of which name, in which text (the first part of a long one)."""

    kind: str
    cell: str = ""
    text: str = ""

    def is_type(self, word: str) -> bool:
        return word in cell_types() or re.search(rf"^patch\s+{word}\b", self.text, re.MULTILINE) is not None


@dataclass(frozen=True)
class Phrase:
    """`typed` is looked for in a statement; `write` says what stands there in a patch, or None: nothing certain."""

    kinds: str
    typed: re.Pattern[str]
    write: Write

    def apply(self, text: str, place: Place) -> str | None:
        if place.kind not in self.kinds:
            return None
        match = self.typed.search(text)
        if match is None:
            return None
        made = match.expand(self.write) if isinstance(self.write, str) else self.write(match, place)
        return None if made is None else text[: match.start()] + made + text[match.end() :]


@cache
def cell_types() -> frozenset[str]:
    """The built-in cells: one file each, so their names are known without loading any."""
    folder = Path(__file__).parent.parent / "cells"
    parts = {"cell", "page", "registry", "spec", "__init__"}
    return frozenset(file.stem for file in folder.glob("*.py")) - parts


# --- what a pattern alone cannot say ----------------------------------------------------------------------------------


def _note_of_key(match: re.Match[str], place: Place) -> str | None:
    key = int(match["key"])
    return f"{NOTE_NAMES[key % 12]}{key // 12 - 1}" if 12 <= key <= 127 else None


def _mixed(match: re.Match[str], place: Place) -> str | None:
    cables = cables_of(match["sum"])
    return None if cables is None or cables == match["sum"].strip() else f"{match['port']} <- {cables}"


_FUNCTIONS: dict[str, Callable[..., float]] = {
    "sqrt": sqrt,
    "exp": exp,
    "log": log,
    "ln": log,
    "log2": log2,
    "log10": log10,
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "abs": abs,
    "pow": pow,
    "min": min,
    "max": max,
    "round": round,
}


def _reckoned(match: re.Match[str], place: Place) -> str | None:
    """A function of numbers: its value."""
    try:
        value = _FUNCTIONS[match["name"]](*(float(part) for part in match["args"].split(",")))
        return f"{value:.9g}" if abs(value) < 1e12 else None
    except (ValueError, TypeError, OverflowError, ZeroDivisionError):
        return None


def _decibels(match: re.Match[str], place: Place) -> str | None:
    amplitude = float(match["number"]) * (0.01 if match["percent"] else 1.0)
    return f"level = {20 * log10(amplitude):.3g} dB" if amplitude > 0 else f"level = {_SILENCE}"


def _negated(match: re.Match[str], place: Place) -> str:
    depth = match["depth"]
    return f"{match['port']} += {match['source']} * {depth[1:] if depth.startswith('-') else '-' + depth}"


def _without_own_name(match: re.Match[str], place: Place) -> str | None:
    return match["rest"] if match["owner"] in (place.cell, "self", "this", "me") else None


def _listed(match: re.Match[str], place: Place) -> str:
    members = re.findall(r"[A-Za-z_]\w*", match["members"])
    return f"in [{', '.join(members)}]"


def _typed_first(match: re.Match[str], place: Place) -> str | None:
    """`saw osc1`: the type before the name."""
    first, second = match["first"], match["second"]
    if place.is_type(first) and not place.is_type(second):
        return f"cell {second} : {first}"
    return f"cell {first} : {second}" if place.is_type(second) else None


def _declared(match: re.Match[str], place: Place) -> str | None:
    """`osc1 = saw(freq = 440 Hz)`: a cell, where the word on the right is a type of cell."""
    if not place.is_type(match["type"]):
        return None
    head = f"cell {match['name']} : {match['type']}"
    args = (match["args"] or "").strip()
    if not args:
        return head
    return f"{head} {{ {_binds(args)} }}" if re.match(r"\w+\s*[=:]", args) else None


def _binds(args: str) -> str:
    return re.sub(r"\s*,\s*(?=\w+\s*[=:])", "; ", re.sub(r"(\w+)\s*[=:]\s*", r"\1 = ", args))


def _braced(match: re.Match[str], place: Place) -> str | None:
    """Values in round brackets; sizes are what belongs there, so only where none of the words is a known size."""
    return f"{match['head']} {{ {_binds(match['args'])} }}"


def _two_outputs(match: re.Match[str], place: Place) -> str:
    sources = [part.strip() for part in match["sources"].split("<-")[-1].split(",")]
    names = [name.strip() for name in match["names"].split(",")]
    heard = sources if len(sources) == len(names) else [", ".join(sources)] * len(names)
    return "; ".join(f"output {name} <- {source}" for name, source in zip(names, heard, strict=True))


def _each_output(match: re.Match[str], place: Place) -> str:
    return f"output {match['one']} <- {match['a']}; output {match['two']} <- {match['b']}"


def _kind(match: re.Match[str], place: Place) -> str:
    name = match["name"]
    kind = match["kind"] or ("gate" if "gate" in name else "audio" if name in ("in", "audio", "sound") else "control")
    return f"input {name} : {kind}"


def _counted(match: re.Match[str], place: Place) -> str:
    low = int(match["low"] or 0)
    return f"for {match['k']} in {low} .. {max(int(match['high']) - 1, low)}"


def _one(kinds: str, typed: str, write: Write) -> Phrase:
    return Phrase(kinds, re.compile(typed), write)


_ANY, _INSIDE = "file patch meta cell", "patch cell"
_DECLARES = (
    r"(?:let|var|const|def|float|double|int|num|number|val|auto|parameter|knob|slider|variable|set|control|macro)"
)

PHRASES: tuple[Phrase, ...] = (
    # comments
    _one(_ANY, r"^//+[ \t]*", "# "),
    _one(_ANY, r"^/\*+\s*(.*?)\s*\*+/$", r"# \1"),
    _one(_ANY, r"^(?:--+|%+|'+|rem\b|REM\b)\s*(?=[^\s\d])", "# "),
    _one(_ANY, r"\s+(?://|--)\s+(?=\S)", " # "),
    _one(_ANY, r"\s+/\*\s*(.*?)\s*\*/$", r" # \1"),
    # signs too many
    _one(_ANY, r"\s*,$", ""),
    _one(_ANY, r"^(?:end|endif|done|fi|begin|pass|then|EOF|endin)$", ""),
    _one("cell", r"^\.(?=\w)", ""),
    _one(_INSIDE, r'^"(\w+)"', r"\1"),
    _one("meta", r'^"(\w+)"', r"\1"),
    # ports
    _one("cell", rf"^(?:{_DECLARES}|param|port)\s+(?=\w+\s*(?:{_VERB}|:))", ""),
    _one("cell", rf"^(?P<owner>\w+)\.(?P<rest>\w+\s*(?:{_VERB}|:).*)$", _without_own_name),
    _one("cell", r"^<-\s*", "in <- "),
    _one("cell", r"^([A-Za-z_]\w*)\s*->\s*in$", r"in <- \1"),
    _one(
        "cell",
        rf"^in\s*(?:=>|==?|:=?|<=+|<<|<--+|<(?!-)|~>|<~|=<|\u2190|->|\+=|-(?=\s))?\s*(?=\(?\"?{_REF})(?!<-)",
        "in <- ",
    ),
    _one("cell", rf"^([A-Za-z_]\w*)\s*(?:<=+|<<|<--+|=<|<~)\s*(?={_REF})", r"\1 <- "),
    _one(
        "cell",
        rf"^([A-Za-z_]\w*)\s*(?:<-|->|<=|=>|:=|==+|=:|<<|:)\s*(?=(?:learn\s*|predict\s*)?(?:{_NUMBER}|{_NOTE})[^*+/]*$)",
        r"\1 = ",
    ),
    _one("cell", rf"(?<=[;,])\s*([A-Za-z_]\w*)\s*:\s*(?={_NUMBER}|{_NOTE})", r" \1 = "),
    _one("cell meta", r"^([A-Za-z_]\w*)\s*(?::=|=>|==+|=:|:)\s*(?=\S)", r"\1 = "),
    _one("cell", rf"^([A-Za-z_]\w*)\s*\(\s*({_QUANTITY}|{_NOTE})\s*\)$", r"\1 = \2"),
    _one("cell", rf"^([A-Za-z_]\w*)\s+(?=(?:{_QUANTITY}|{_NOTE})$)", r"\1 = "),
    _one("cell", r"^(?!learn\b|predict\b)([A-Za-z_]\w*)\s+(?=(?:learn|predict)\b)", r"\1 = "),
    _one("cell", r"^(learn|predict)\s+(\w+)\s*=\s*", r"\2 = \1 "),
    _one("cell", rf"^(\w+)\s*-=\s*({_REF})\s*\*\s*(-?)", lambda m, p: f"{m[1]} += {m[2]} * {'' if m[3] else '-'}"),
    _one("cell", rf"^(\w+)\s*\*=\s*({_NUMBER}\s*dB)$", r"\1 = \2"),
    _one("cell", rf"^level\s*\*=\s*(?P<number>{_NUMBER})\s*(?P<percent>%?)$", _decibels),
    # two on one line
    _one("cell", rf"\s*,\s*(?=[A-Za-z_]\w*\s*(?:{_VERB}|:))", "; "),
    _one("cell", rf"(?<=[\w%)\]])\s+(?=(?!learn\b|predict\b)[A-Za-z_]\w*\s*{_VERB})", "; "),
    _one("cell", rf"(?<=; )([A-Za-z_]\w*)\s+(?=(?:{_QUANTITY}|{_NOTE})$)", r"\1 = "),
    # values
    _one(_INSIDE, r"(?<==)\s*(learn\s+|predict\s+)?\"([^\"]*)\"", r" \1\2"),
    _one(_INSIDE, r"(?<=[0-9]),(?=[0-9])", "."),
    _one(_INSIDE, rf"\*\s*(?:2\s*(?:\^|\*\*)\s*\(|pow\s*\(\s*2\s*,)\s*({_NUMBER})\s*/\s*12(?:\.0*)?\s*\)", r"+ \1 st"),
    _one(
        _INSIDE,
        r"\b(?:midi|mtof|midi2hz|midi_to_hz|midihz|midicps|midikey|midi_note|cpsmidinn|key|note)\s*\(?\s*(?P<key>[0-9]+)\s*\)?",
        _note_of_key,
    ),
    _one(_INSIDE, rf"\bnote\s*\(?\s*({_NOTE})\s*\)?", r"\1"),
    _one(_INSIDE, rf"\b(?:hz|Hz|freq|frequency)\s*\(\s*({_NUMBER})\s*\)", r"\1 Hz"),
    _one(_INSIDE, rf"\bHz\s+({_NUMBER})", r"\1 Hz"),
    _one(_INSIDE, rf"({_NUMBER})\s*\*\s*({_UNIT})", r"\1 \2"),
    _one(
        _INSIDE,
        rf"\b(?:db|dB|dbamp|dbtoa|ampdbfs|db2lin|db_to_linear|db2linear|ampdb)\s*\(\s*({_NUMBER})(?:\s*dB)?\s*\)",
        r"\1 dB",
    ),
    _one(
        _INSIDE, rf"\b(?P<name>{'|'.join(_FUNCTIONS)})\s*\(\s*(?P<args>{_NUMBER}(?:\s*,\s*{_NUMBER})*)\s*\)", _reckoned
    ),
    _one(_INSIDE, r"(?<==)\s*-\s*(?:inf(?:inity)?|Infinity|INF|oo|\u221e)\s*(?:dB)?$", f" {_SILENCE}"),
    _one(
        _INSIDE,
        rf"(?<==)\s*(?:random|rand|rrand|uniform|urandom|randrange|linrand|exprand)\s*\(\s*({_QUANTITY})\s*(?:,|\.\.)\s*({_QUANTITY})\s*\)",
        r" in \1 .. \2 ~ uniform(\1, \2)",
    ),
    _one(_INSIDE, r"(?<==)\s*(learn|predict)\s*\((.*)\)$", r" \1 \2"),
    _one(_INSIDE, r"(?<==)\s*(?!learn\b|predict\b)([^=]*\S)\s+(learn|predict)$", r" \2 \1"),
    _one(_INSIDE, rf"(?<==)\s*[\[(]\s*({_QUANTITY})\s*[\])]$", r" \1"),
    # ranges and choices
    _one(
        _INSIDE,
        rf"({_QUANTITY})\s*[\[(]\s*({_QUANTITY})\s*(?:\.\.+|,|to\b|-)\s*({_QUANTITY})\s*[\])]",
        r"\1 in \2 .. \3",
    ),
    _one(
        _INSIDE,
        rf"\b(?:in|from|between|range)\s*[\[(]?\s*({_QUANTITY})\s*(?:,|to\b|-|\u2013|and\b|\.\.\.+|\u2026|:)\s*({_QUANTITY})\s*[\])]?",
        r"in \1 .. \2",
    ),
    _one(_INSIDE, rf"(?<==)\s*((?:(?:learn|predict)\s+)?)(?={_QUANTITY}\s*\.\.\s*{_QUANTITY})", r" \1in "),
    _one(_INSIDE, r"\bin\s*[({]\s*(?P<members>[A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)+)\s*[)}]", _listed),
    _one(
        _INSIDE, r"\bin\s*\[\s*(?P<members>\"?[A-Za-z_]\w*\"?(?:(?:\s*[,|]\s*|\s+)\"?[A-Za-z_]\w*\"?)+)\s*\]", _listed
    ),
    _one(_INSIDE, r"\bin\s+(?P<members>[A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)+)$", _listed),
    _one(_INSIDE, r"(?<==)\s*([A-Za-z_]\w*)\s+(?:or|\|)\s+([A-Za-z_]\w*)$", r" \1 in [\1, \2]"),
    # cables
    _one(_INSIDE, r"\bif(?=\s+\w+\s+(?:is|=))", "when"),
    _one(_INSIDE, r"(\bwhen\s+\w+)\s*(?:===?|=|:)\s*", r"\1 is "),
    _one(_INSIDE, r"(\bis\s+)\"(\w+)\"", r"\1\2"),
    _one(_INSIDE, r"\bmaybe$", "maybe 50 %"),
    _one(_INSIDE, r"(<-\s*)\"(\w+)\"$", r"\1\2"),
    _one(_INSIDE, r"([A-Za-z_]\w*)(?:\[(?:\s*[0-9]+\s*(?:\.\.+|:|-)\s*[0-9]+\s*|\s*:?\s*)\]|\*(?=$|,))", r"\1[*]"),
    _one(_INSIDE, r"(<-\s*)(?:mix|sum|add|mixer)\s*\((.*)\)$", r"\1\2"),
    _one(_INSIDE, rf"(<-\s*)[\[(]\s*({_REF}(?:\s*,\s*{_REF})*)\s*[\])]$", r"\1\2"),
    _one(_INSIDE, rf"(<-[^#]*?{_REF})\s*(?:\band\b|&&?|\+\+|;)\s*(?={_REF})", r"\1, "),
    _one(_INSIDE, rf"(<-\s*{_REF})\s*(?:@|\bat\b|\bx\b|\btimes\b|\bby\b)\s*(?={_NUMBER})", r"\1 * "),
    _one(_INSIDE, rf"(<-\s*{_REF})\s+(?={_NUMBER})", r"\1 * "),
    _one(_INSIDE, rf"(<-\s*{_REF})\s+(?!when\b|maybe\b)(?={_REF}(?:\s+(?!when\b|maybe\b){_REF})*$)", r"\1, "),
    _one("cell", r"^(?P<port>\w+)\s*<-\s*(?P<sum>[^,]*)$", _mixed),
    _one("patch", r"^(?P<port>output\s+\w+)\s*<-\s*(?P<sum>[^,]*)$", _mixed),
    # cells
    _one("patch", r"^(?P<head>cell\s+[\w.\[\]]+\s*:\s*\w+)\s*\(\s*(?P<args>\w+\s*:.*)\)$", _braced),
    _one("patch", r"^(?P<head>cell\s+[\w.\[\]]+\s*:\s*\w+)\s*\[\s*(?P<args>\w+\s*[=:].*)\]$", _braced),
    _one("patch", r"^(?P<head>cell\s+[\w.\[\]]+\s*:\s*\w+)\s+(?P<args>(?!maybe\b|when\b)\w+\s*=[^{]*)$", _braced),
    _one("patch", r"^cell\s+\"(\w+)\"", r"cell \1"),
    _one("patch", r"^(cell\s+[\w.\[\]]+\s*:\s*)\"(\w+)\"", r"\1\2"),
    _one("patch", r"^(cell\s+[A-Za-z_]\w*)-(\w+)(?=\s*:)", r"\1_\2"),
    _one("patch", r"^cell\s+(\w+)\s+(\w+)(?=\s*:)", r"cell \1_\2"),
    _one("patch", r"^(cell\s+[\w.\[\]]+\s*:\s*\w+)\s*(?::|=|with|do|->|=>)\s*$", r"\1 "),
    _one(
        "patch", r"^(cell\s+[\w.\[\]]+)\s*(?:<-|->|=>|:=|=|\bis\b|\bas\b|::)\s*(?:a\s+|an\s+|new\s+)?(?=\w)", r"\1 : "
    ),
    _one("patch", r"^cell\s+(?P<first>\w+)\s+(?P<second>\w+)", _typed_first),
    _one(
        "patch",
        r"^(?:(?:let|var|const|auto|val|def|node|module|osc|new)\s+)?(?P<name>[A-Za-z_]\w*)\s*(?:=|:=?|<-|\bis\b)\s*(?:new\s+)?(?P<type>[A-Za-z_]\w*)(?:\s*\(\s*(?P<args>.*?)\s*\))?(?=\s*$|\s*\{)",
        _declared,
    ),
    _one(
        "patch",
        r"^(?:new\s+)?(?P<first>[A-Za-z_]\w*)\s+(?P<second>[A-Za-z_]\w*)(?=\s*$|\s*\{)",
        lambda m, p: _typed_first(m, p) if p.is_type(m["first"]) else None,
    ),
    # outputs
    _one(
        "patch",
        r"^output\s*[\[(]?\s*(?P<one>\w+)\s*<-\s*(?P<a>[\w.\[\]*]+)\s*,\s*(?P<two>\w+)\s*<-\s*(?P<b>[\w.\[\]*]+)\s*[\])]?$",
        _each_output,
    ),
    _one(
        "patch", r"^outputs?\s*[\[(]?\s*(?P<names>\w+\s*,\s*\w+)\s*[\])]?\s*(?:<-|=|:)\s*(?P<sources>.+)$", _two_outputs
    ),
    _one("patch", r"^(output\s+(?:main|left|right|out|mid|side))\s*->", r"\1 <-"),
    _one("patch", rf"^outputs?\s*(?:<-|=|:|->)?\s*({_REF})\s*->\s*(\w+)$", r"output \2 <- \1"),
    _one("patch", r"^(?:output|out|outlet)\s+(\w+)\s*(?:=|:|->|<=)\s*(?=\w)", r"output \1 <- "),
    _one(
        "patch",
        rf"^(?:outputs?|out|outs|dac|master|audio_out|process|return|play|result|speaker|speakers|main)\s*(?:<-|=|:|<=)?\s*\(?\s*({_REF})\s*\)?$",
        r"output main <- \1",
    ),
    _one("patch", r"^(?:out|outlet)\s+(\w+)\s*<-", r"output \1 <-"),
    _one(
        "patch",
        rf"^({_REF})\s*(?:->|=>|>>|\|>?)\s*(?:output|out|dac|speaker|speakers|main|master)(?:\s+(?P<name>\w+))?$",
        lambda m, p: f"output {m['name'] or 'main'} <- {m[1]}",
    ),
    # params, inputs
    _one(
        "patch",
        rf"^(?:{_DECLARES}|param)\s+\"?(?P<name>[A-Za-z_]\w*)\"?\s*(?:=(?!=)|:=?|==+|<-|\s)\s*(?=\S)",
        r"param \g<name> = ",
    ),
    _one("patch", rf"^([A-Za-z_]\w*)\s*(?:=|:=)\s*(?=(?:learn|predict|in)\b|{_NUMBER}|{_NOTE})", r"param \1 = "),
    _one("patch", rf"^(?:{_DECLARES}|param)\s+bpm\s+(?={_NUMBER})", "param bpm = "),
    _one("patch", rf"^bpm\s*=?\s*({_NUMBER})(?:\s*bpm)?$", r"param bpm = \1 bpm"),
    _one(
        "patch",
        rf"^(?!cell\b|input\b|output\b|tap\b|set\b|for\b|layer\b|moved\b|loss\b|meta\b|param\b)([A-Za-z_]\w*)\s+(?={_QUANTITY}$|{_NOTE}$)",
        r"param \1 = ",
    ),
    _one("patch", r"(?<== )true$", "1"),
    _one("patch", r"(?<== )false$", "0"),
    _one("patch", r"(?<== )on$", "1"),
    _one("patch", r"(=\s*)(.*?);$", r"\1\2"),
    _one("patch", r"^input\s+(?P<kind>audio|control|gate)\s+(?P<name>[A-Za-z_]\w*)(?:\s*:)?", _kind),
    _one("patch", r"^(?P<kind>audio|control|gate)\s+input\s+(?P<name>[A-Za-z_]\w*)", _kind),
    _one("patch", r"^(?:in|inlet|input)\s+(?P<name>[A-Za-z_]\w*)\s+(?P<kind>audio|control|gate)", _kind),
    _one("patch", r"^(?:inlet|input)\s+(?P<name>[A-Za-z_]\w*)(?P<kind>)(?=\s*$|\s*=)", _kind),
    _one(
        "patch",
        r"^(input\s+\w+\s*:\s*)(?:number|float|double|int|frequency|freq|time|level|value|signal|cv|knob|param)\b",
        r"\1control",
    ),
    _one("patch", r"^(input\s+\w+\s*:\s*)(?:trigger|trig|bool|note)\b", r"\1gate"),
    _one("patch", r"^(input\s+\w+\s*:\s*control\s*=\s*)(?:learn|predict)\s+(?=[^\s])", r"\1"),
    # loops
    _one("patch", r"^for\s*\(\s*(.*?)\s*\)(?=\s*$|\s*\{)", r"for \1"),
    _one(
        "patch",
        r"^for\s+(?P<k>\w+)\s+in\s+range\s*\(\s*(?:(?P<low>[0-9]+)\s*,\s*)?(?P<high>[0-9]+)\s*\)\s*:?",
        _counted,
    ),
    _one("patch", r"^for\s+(\w+)\s*(?:=|:|from|<-)\s*", r"for \1 in "),
    _one("patch", r"^(for\s+\w+\s+in\s+\w+)\s*(?:to|\.\.\.|-|until|:)\s*(?=\w)", r"\1 .. "),
    _one("patch", r"^(for\s+\w+\s+in\s+)\(?\s*(\w+(?:\s*,\s*\w+)+)\s*\)?\s*:?", r"\1[\2]"),
    _one("patch", r"^(for\s+\w+\s+in\s+)([0-9]+)(?=\s*$|\s*\{)", r"\g<1>1 .. \2"),
    _one("patch", r"^(for\s.*?)\s*(?::|do)\s*(?=$|\{)", r"\1 "),
    # the rest of a patch, and files
    _one("patch", r"^(tap\s+[\w.\[\]*]+)\s+(?!loss\b|after\b)([a-z]\w*)", r"\1 loss \2"),
    _one("patch", r"^(tap\s+.*loss\s+\w+)\s+(?=[0-9.])", r"\1 * "),
    _one("patch", r"^(moved\s+[\w.\[\]]+)\s*(?:<-|=>?|,|to\b|as\b)\s*", r"\1 -> "),
    _one("patch", rf"^(set\s+[\w.\[\]]+)\s+(?={_QUANTITY}$|{_NOTE}$)", r"\1 = "),
    _one(
        "file",
        r"^(?:import|include|#include|require|use|load|from)\s*\(?\s*\"(?P<path>[^\"]*?(?P<name>\w+)(?:\.patch)?)\"\s*\)?$",
        r'use "\g<path>" as \g<name>',
    ),
    _one("file", r"^(use|import)\s+(?P<name>\w+)$", r'use "\g<name>.patch" as \g<name>'),
    _one(
        "file",
        r"^(?:use|import)\s+(?P<path>\w+)(?:\.patch)?\s+as\s+(?P<name>\w+)$",
        r'use "\g<path>.patch" as \g<name>',
    ),
    _one("file", r"^(?:import|include)\s+(\"[^\"]*\")\s+as\s+", r"use \1 as "),
    _one("file", r"^use\s+(\"[^\"]*\")\s+(?!as\b)(?=\w)", r"use \1 as "),
    _one(
        "file",
        r"^(?:synth|instrument|instr|voice|module|class|def|function|fn|graph|struct|SynthDef|program|sound|define)\s+(?=[A-Za-z_]\w*\s*(?:\(.*\))?\s*$)",
        "patch ",
    ),
    _one("file", r"^patch\s+\"(\w+)\"", r"patch \1"),
    _one("file", r"^patch\s+([A-Za-z_]\w*)-(\w+)", r"patch \1_\2"),
    _one("file", r"^(patch\s+\w+(?:\s*\(.*\))?)\s*(?::|=|do|is|->)\s*$", r"\1 "),
    _one("file", r"^([A-Za-z_]\w*)\s*$", lambda m, p: None if m[1] == "patch" else f"patch {m[1]} "),
)

"""How one phrase of another language is rewritten: a pattern, where it may stand, and what a pattern cannot say."""

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
NUMBER = r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
UNIT = rf"(?:%|(?:{'|'.join(re.escape(unit) for unit in UNITS if unit.isalpha())})\b)"
QUANTITY = rf"{NUMBER}(?:\s*{UNIT})?"
NOTE = r"[A-G][sb]?[0-9]\b"
REF = r"[A-Za-z_]\w*(?:\[[^\]]*\])?(?:\.[A-Za-z_]\w*(?:\[[^\]]*\])?)*"
VERB = r"(?:=(?!=)|<-|\+=|\*=)"
SILENCE = "-120 dB"

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


def note_of_key(match: re.Match[str], place: Place) -> str | None:
    key = int(match["key"])
    return f"{NOTE_NAMES[key % 12]}{key // 12 - 1}" if 12 <= key <= 127 else None


def mixed(match: re.Match[str], place: Place) -> str | None:
    cables = cables_of(match["sum"])
    return None if cables is None or cables == match["sum"].strip() else f"{match['port']} <- {cables}"


FUNCTIONS: dict[str, Callable[..., float]] = {
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


def reckoned(match: re.Match[str], place: Place) -> str | None:
    """A function of numbers: its value."""
    try:
        value = FUNCTIONS[match["name"]](*(float(part) for part in match["args"].split(",")))
        return f"{value:.9g}" if abs(value) < 1e12 else None
    except (ValueError, TypeError, OverflowError, ZeroDivisionError):
        return None


def decibels(match: re.Match[str], place: Place) -> str | None:
    amplitude = float(match["number"]) * (0.01 if match["percent"] else 1.0)
    return f"level = {20 * log10(amplitude):.3g} dB" if amplitude > 0 else f"level = {SILENCE}"


def _negated(match: re.Match[str], place: Place) -> str:
    depth = match["depth"]
    return f"{match['port']} += {match['source']} * {depth[1:] if depth.startswith('-') else '-' + depth}"


def each_moves(match: re.Match[str], place: Place) -> str:
    """`cutoff += (env + lfo) * 1 oct`: a line for each of them."""
    names = (part.strip() for part in match["sum"].split("+"))
    return "; ".join(f"{match['port']} += {name} * {match['depth']}" for name in names)


def without_own_name(match: re.Match[str], place: Place) -> str | None:
    return match["rest"] if match["owner"] in (place.cell, "self", "this", "me") else None


def listed(match: re.Match[str], place: Place) -> str:
    members = re.findall(r"[A-Za-z_]\w*", match["members"])
    return f"in [{', '.join(members)}]"


def typed_first(match: re.Match[str], place: Place) -> str | None:
    """`saw osc1`: the type before the name."""
    first, second = match["first"], match["second"]
    if place.is_type(first) and not place.is_type(second):
        return f"cell {second} : {first}"
    return f"cell {first} : {second}" if place.is_type(second) else None


def declared(match: re.Match[str], place: Place) -> str | None:
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


def braced(match: re.Match[str], place: Place) -> str | None:
    """Values in round brackets; sizes are what belongs there, so only where none of the words is a known size."""
    return f"{match['head']} {{ {_binds(match['args'])} }}"


def two_outputs(match: re.Match[str], place: Place) -> str:
    sources = [part.strip() for part in match["sources"].split("<-")[-1].split(",")]
    names = [name.strip() for name in match["names"].split(",")]
    signals = sources if len(sources) == len(names) else [", ".join(sources)] * len(names)
    return "; ".join(f"output {name} <- {source}" for name, source in zip(names, signals, strict=True))


def each_output(match: re.Match[str], place: Place) -> str:
    return f"output {match['one']} <- {match['a']}; output {match['two']} <- {match['b']}"


def kind(match: re.Match[str], place: Place) -> str:
    name = match["name"]
    kind = match["kind"] or ("gate" if "gate" in name else "audio" if name in ("in", "audio", "sound") else "control")
    return f"input {name} : {kind}"


def counted(match: re.Match[str], place: Place) -> str:
    low = int(match["low"] or 0)
    return f"for {match['k']} in {low} .. {max(int(match['high']) - 1, low)}"

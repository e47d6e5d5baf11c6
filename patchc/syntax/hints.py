"""What to say of a statement of another language that no rewriting is sure of: a table of patterns, tried in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from patchc.syntax.phrase import REF, Place

Say = str | Callable[[re.Match[str], Place], str]


@dataclass(frozen=True)
class Hint:
    """`typed` is looked for in a statement that stands in one of `kinds`; `say` is the help."""

    kinds: str
    typed: re.Pattern[str]
    say: Say


def hint_of(text: str, place: Place) -> str:
    """The help for a statement; empty where nobody knows."""
    for hint in HINTS:
        match = hint.typed.search(text) if place.kind in hint.kinds else None
        if match is not None:
            return match.expand(hint.say) if isinstance(hint.say, str) else hint.say(match, place)
    return ""


def _function(match: re.Match[str], place: Place) -> str:
    """`lowpass(osc)`: what other languages call, a patch places as a cell; empty where the word is no cell's."""
    from patchc.source.synonyms.cells import CELLS

    word, args = match["name"], match["args"].strip()
    found = CELLS.find(word)
    if not place.is_type(word) and not found:
        return ""
    if not place.is_type(word) and not found[0].exists:
        return found[0].said(word)
    type_ = word if place.is_type(word) else found[0].target
    plug = f"in <- {args}" if re.fullmatch(REF, args) else ""
    head, _, rest = type_.partition(" { ")
    inside = "; ".join(part for part in (plug, rest.removesuffix(" }")) if part) or "..."
    return f"a cell does it, above this one: `cell {word}1 : {head} {{ {inside} }}`, and `{word}1` here"


def _use(match: re.Match[str], place: Place) -> str:
    path = match["path"].removesuffix(".patch") or "rooms"
    return f'files are used before the patch, at the start of a line: `use "{path}.patch" as {path.rpartition("/")[2]}`'


def _several(match: re.Match[str], place: Place) -> str:
    names = re.findall(r"\w+", match["names"])
    lines = ", ".join(f"`cell {name} : {match['type']}`" for name in names[:3])
    return f"one line for each: {lines}; or a `for` loop"


def _hint(kinds: str, typed: str, say: Say) -> Hint:
    return Hint(kinds, re.compile(typed), say)


_INSIDE = "patch cell"

HINTS = (
    _hint(
        "cell",
        rf"<-\s*{REF}\s+pan\b",
        "two outputs place a sound: `output left <- a * -3 dB`, `output right <- a * -9 dB`",
    ),
    _hint(
        "cell",
        rf"^level\s*\*=\s*1\s*-\s*({REF})",
        r"nothing is taken from 1; `level += \1 * -40 dB` lowers it while `\1` is up",
    ),
    _hint(
        "cell", rf"^level\s*\*=\s*({REF})\s*(?:\^|\*\*)", r"twice in a row is its square: `level *= \1; level *= \1`"
    ),
    _hint(_INSIDE, r"\b(?P<name>[A-Za-z_]\w*)\s*\((?P<args>[^()]*)\)", _function),
    _hint(
        "patch", r"^for\s*(?:\(|\w+\s*[<>=!])", "a loop counts from one number to another: `for k in 1 .. 3 { ... }`"
    ),
    _hint(
        "patch",
        r"^(?:if|else|switch|case)\b",
        "there are no conditions: `when wave is saw` stands behind a cell or a cable",
    ),
    _hint("patch", r"^while\b", "there are no conditions: `for k in 1 .. 3 { ... }` repeats"),
    _hint(_INSIDE, r"^(?:import|include|#include|require|load|use)\b\s*[(<]?\s*\"?(?P<path>[\w./-]*)", _use),
    _hint(
        "patch",
        rf"^(?:connect|wire|route|link|cable|send|chain)\s*\(?\s*({REF})\s*(?:,|to\b|->|=>|\s)\s*({REF})\)?$",
        r"a cable is written where it arrives: `in <- \1` inside `\2`",
    ),
    _hint(
        "patch",
        rf"^({REF})\s*(?:>>|=>|\|>?)\s*({REF})$",
        r"a cable is written where it arrives: `in <- \1` inside `\2`",
    ),
    _hint(
        "patch meta", r"^(?:title|name|author|description|comment)\b", "`## text` above a patch or a cell describes it"
    ),
    _hint("patch", r"^cell\s+(?P<names>\w+(?:\s*,\s*\w+)+)\s*:\s*(?P<type>\w+)", _several),
    _hint(
        "patch",
        r"^(?:function|fn|def|class|struct|macro)\b",
        "a patch is what can be used again: `patch NAME { ... }`, outside of this one",
    ),
)

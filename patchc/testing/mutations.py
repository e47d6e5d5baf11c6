"""A text with one token changed: what a slip of the fingers makes of a patch."""

from __future__ import annotations

import re

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

_TOKEN = re.compile(r"""#[^\n]*|"[^"\n]*"|[A-Za-z_]\w*|\d+(?:\.\d+)?|<-|->|\+=|\*=|\.\.|\n|[^\s\w]""")
_STRAY = (
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<-",
    "->",
    "=",
    "+=",
    "*",
    "..",
    ",",
    ":",
    "~",
    "in",
    "cell",
    "learn",
    "7",
    "x",
    "Hz",
)


def mutations(text: str) -> SearchStrategy[str]:
    """`text` with one token left out, written twice, swapped with the next, replaced, or with a stray one put in."""
    return _mutated(text)


@st.composite
def _mutated(draw: DrawFn, text: str) -> str:
    tokens = [(found.start(), found.end()) for found in _TOKEN.finditer(text)]
    if not tokens:
        return draw(st.sampled_from(_STRAY))
    place = draw(st.integers(0, len(tokens) - 1))
    start, end = tokens[place]
    match draw(st.sampled_from(("delete", "double", "swap", "replace", "insert"))):
        case "delete":
            return text[:start] + text[end:]
        case "double":
            return f"{text[:end]} {text[start:end]}{text[end:]}"
        case "swap" if place + 1 < len(tokens):
            after, last = tokens[place + 1]
            return text[:start] + text[after:last] + text[end:after] + text[start:end] + text[last:]
        case "replace":
            return text[:start] + draw(st.sampled_from(_STRAY)) + text[end:]
        case _:
            return f"{text[:start]}{draw(st.sampled_from(_STRAY))} {text[start:]}"

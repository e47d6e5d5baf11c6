"""What is done to a command line before it is read: options that may stand anywhere, or that take several words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_NAME = r"[A-Za-z_][\w.\[\]:*-]*"
_FILE = r"(?!.*\.(?:patch|json|ya?ml)$)"
SEVERAL = {"--set": re.compile(r"[A-Za-z_][\w.\[\]:*]*="), "--lock": re.compile(rf"{_FILE}{_NAME}$")}
"""Options that take several words, and what each of these looks like."""


def arranged(words: Sequence[str]) -> list[str]:
    """`words` with the options of all commands in front, and `--set a=1 b=2` spelt `--set a=1 --set b=2`."""
    end = words.index("--") if "--" in words else len(words)
    common, rest = _parted(words[:end])
    return [*common, *_spread(rest), *words[end:]]


def _parted(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The options that hold for every command, and all else."""
    common: list[str] = []
    rest: list[str] = []
    for place, word in enumerate(words):
        follows = place > 0 and words[place - 1] == "--color"
        is_common = follows or word in ("--debug", "--color") or word.startswith("--color=")
        (common if is_common else rest).append(word)
    return common, rest


def _spread(words: Sequence[str]) -> Iterator[str]:
    option = ""
    for place, word in enumerate(words):
        fits = bool(option) and bool(SEVERAL[option].match(word))
        if fits and words[place - 1] != option:
            yield option
        option = word if word in SEVERAL else option if fits else ""
        yield word

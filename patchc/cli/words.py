"""What is done to a command line before it is read: options that may stand anywhere, or that take several words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_ASSIGNMENT = re.compile(r"[A-Za-z_][\w.\[\]:*]*=")


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
    setting = False
    for place, word in enumerate(words):
        assigns = bool(_ASSIGNMENT.match(word))
        if setting and assigns and words[place - 1] != "--set":
            yield "--set"
        setting = word == "--set" or (setting and assigns)
        yield word

"""What a command line that was not understood probably meant: options of other programs, words in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

_SOUNDS = (".wav", ".flac", ".aif", ".aiff", ".mp3", ".ogg")
_WRITTEN = (*_SOUNDS, ".png", ".svg", ".csv", ".json", ".html", ".txt")


def hint_for(error: Any, words: Sequence[str]) -> str:
    """What to write in place of what `error` complains about; empty where nobody knows."""
    context = getattr(error, "ctx", None)
    options = [name for param in context.command.params for name in param.opts] if context else []
    if (wrong := getattr(error, "option_name", None)) and type(error).__name__ == "NoSuchOption":
        return option_hint(wrong, options, _after(words, wrong))
    extra = re.search(r"unexpected extra argument[^(]*\(s?\)?\s*\(?([^()]*)\)", error.format_message())
    return _extra_hint(extra[1].split(), options, words) if extra else ""


def option_hint(wrong: str, options: Sequence[str], value: str = "") -> str:
    """`--note C4` is `--set pitch=C4`, where `options` has `--set`."""
    from patchc.source.suggest import nearest
    from patchc.source.synonyms.options import OPTIONS

    known = {*options, "--debug", "--color", "--version", "--help"}
    near = nearest(wrong, sorted(known))
    asked = wrong.lstrip("-")
    entries = OPTIONS.find(asked) or ([] if near else OPTIONS.find(OPTIONS.misspelt(asked) or ""))
    for entry in entries:
        if not entry.exists or entry.target.split()[0] in known:
            return f"`{wrong} {value}` is {_filled(entry, value)}" if value and entry.exists else entry.said(wrong)
    return f"did you mean `{near}`?" if near and not entries else ""


def _filled(entry: Any, value: str) -> str:
    """The option with the value that was given."""
    name, _, example = entry.target.partition(" ")
    if "=" in example and "NAME" not in example:
        return f"`{name} {example.partition('=')[0]}={value}` here"
    if example or entry.note:
        return f"`{entry.target}` here" + (f": {entry.note}" if entry.note else "")
    return f"`{name} {value}` here"


def _after(words: Sequence[str], option: str) -> str:
    """The value behind an option, or nothing."""
    for place, word in enumerate(words):
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
        if word == option and place + 1 < len(words):
            follows = words[place + 1]
            return "" if re.match(r"-\D", follows) or _is_file(follows) else follows
    return ""


def _is_file(word: str) -> bool:
    return word == "-" or PurePath(word).suffix.lower() in (".patch", *_WRITTEN)


def _extra_hint(extra: Sequence[str], options: Sequence[str], words: Sequence[str]) -> str:
    first = extra[0] if extra else ""
    before = words[words.index(first) - 1] if first in words else ""
    setting = words[words.index(first) - 2] if words.count(first) and words.index(first) > 1 else ""
    if setting == "--set" and "--set" in options:
        return f"a setting is one word, NAME=VALUE: `--set {before}={first}`"
    if "=" in first and "--set" in options:
        return f"`--set {first}`"
    if PurePath(first).suffix.lower() in _WRITTEN and "-o" in options:
        return f"where to write is an option: `-o {first}`"
    return ""

"""The patches that `patchc new` starts from, one file per kind."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import PurePath


def starter(kind: str, path: str) -> str:
    """The text of a starter patch, called after the file it goes to."""
    text = files(__name__).joinpath(f"{kind}.patch").read_text(encoding="utf-8")
    return text.replace("patch starter {", f"patch {patch_name(path)} {{")


def patch_name(path: str) -> str:
    """A name for a patch out of a file name: `My voice-2.patch` gives `My_voice_2`; standard output gives `voice`."""
    word = re.sub(r"\W+", "_", PurePath(path).stem if path != "-" else "voice", flags=re.ASCII).strip("_")
    return word if re.match(r"[A-Za-z_]", word) else f"voice_{word}".rstrip("_")

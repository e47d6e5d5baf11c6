"""Finds what a word on the command line means, or says what was probably meant."""

from __future__ import annotations

from collections.abc import Collection

from patchc.source.codes.options import UnknownWord
from patchc.source.error import PatchError
from patchc.source.suggest import nearest


def chosen(kind: str, word: str, known: Collection[str], otherwise: str = "", hint: str = "") -> str:
    """`word`, if it is one of `known`. Raises `PatchError` with `hint` or the nearest of them, or `otherwise`."""
    if word in known:
        return word
    near = None if hint else nearest(word, known)
    hint = hint or (f"did you mean `{near}`?" if near else otherwise)
    raise PatchError([UnknownWord(span=None, kind=kind, word=word, known=hint or f"there are {', '.join(known)}")])

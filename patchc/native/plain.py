"""What is said when nothing can be built on this machine, once."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

from patchc.native.toolchain import CompileError


class PlainExecutorWarning(UserWarning):
    """No kernel could be built on this machine: plain torch does the work, with the same sound, slower."""


_said: set[str] = set()


def say_once(error: CompileError) -> None:
    """Warns that no kernel can be built, once in a process for each reason."""
    reason = str(error)
    if reason not in _said:
        _said.add(reason)
        text = f"plain torch does the work, several times slower: {reason}"
        warnings.warn(text, PlainExecutorWarning, stacklevel=_outside())


_INSIDE = (str(Path(__file__).parents[1]) + os.sep, f"{os.sep}torch{os.sep}")


def _outside() -> int:
    """How far up the call stands that a patch was played by."""
    depth, frame = 0, sys._getframe(1)
    while frame.f_back is not None and any(place in frame.f_code.co_filename for place in _INSIDE):
        depth, frame = depth + 1, frame.f_back
    return depth + 1

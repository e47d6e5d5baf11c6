"""What is said when nothing can be built on this machine, once."""

from __future__ import annotations

import warnings

from patchc.native.toolchain import CompileError


class PlainExecutorWarning(UserWarning):
    """No kernel could be built on this machine: patches play by plain torch, with the same sound, slower."""


_said: set[str] = set()


def say_once(error: CompileError) -> None:
    """Warns that no kernel can be built, once in a process for each reason."""
    reason = str(error)
    if reason not in _said:
        _said.add(reason)
        text = f"patches play by plain torch, several times slower: {reason}"
        warnings.warn(text, PlainExecutorWarning, stacklevel=6)

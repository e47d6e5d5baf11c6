"""Where output goes: results to standard output, messages to standard error, colour only where it is wanted."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TextIO

from patchc.source.diagnostic import Diagnostic, Severity
from patchc.source.render.paint import Paint
from patchc.source.render.text import as_text

When = Literal["auto", "always", "never"]


@dataclass(frozen=True)
class Screen:
    """What a command prints through."""

    when: When = "auto"
    debug: bool = False
    quiet: bool = False  # says only what is wrong

    @property
    def paint(self) -> Paint:
        """For results."""
        return Paint(wants_color(self.when, sys.stdout))

    @property
    def soft(self) -> Paint:
        """For messages."""
        return Paint(wants_color(self.when, sys.stderr))

    def result(self, text: str) -> None:
        """Prints a result, as it is."""
        sys.stdout.write(text)

    def message(self, text: str) -> None:
        """Prints a message on a line of its own, unless quiet."""
        if not self.quiet:
            _say(text)

    def report(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Prints diagnostics as messages; notes not, if quiet."""
        found = [one for one in diagnostics if not self.quiet or one.severity is not Severity.NOTE]
        if found:
            _say(as_text(found, color=self.soft.color))


def _say(text: str) -> None:
    sys.stderr.write(text.rstrip("\n") + "\n")


def wants_color(when: When, stream: TextIO) -> bool:
    """`--color` first, then NO_COLOR and FORCE_COLOR (if they say anything), then whether a capable terminal reads."""
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and stream.isatty()

"""The exceptions of patchc: a mistake that somebody made, with its diagnostics, and a mistake of patchc's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patchc.source.diagnostic import Diagnostic


class PatchError(Exception):
    """Something the user can put right. `diagnostics` says what and where; the message is their text."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        from patchc.source.render import as_text

        self.diagnostics = list(diagnostics)
        super().__init__(as_text(self.diagnostics).rstrip())

    def __reduce__(self) -> tuple[type[PatchError], tuple[list[Diagnostic]]]:
        """So that it reaches the caller of a worker process."""
        return type(self), (self.diagnostics,)


class InternalError(Exception):
    """What no patch and no call should be able to cause: a bug in patchc (P901)."""

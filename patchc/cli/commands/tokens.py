"""`patchc tokens`: the words a patch is read as."""

from __future__ import annotations

import typer

from patchc.cli.options import PatchFile

SECTION = "Look inside"
EXAMPLES = """
  patchc tokens voice.patch
"""


def tokens(context: typer.Context, patch_file: PatchFile) -> int:
    """Print the tokens of a patch: the first stage."""
    from patchc.cli.loading import text_of
    from patchc.syntax.lexer import tokens as read
    from patchc.syntax.show import show_tokens

    context.obj.result(show_tokens(read(text_of(patch_file))))
    return 0

"""`patchc tree`: a patch as the parser understands it."""

from __future__ import annotations

import typer

from patchc.cli.options import PatchFile

SECTION = "Look inside"
EXAMPLES = """
  patchc tree voice.patch
"""


def tree(context: typer.Context, patch_file: PatchFile) -> int:
    """Print the syntax tree of a patch: the second stage.

    A file with mistakes has a tree too; what could not be read is marked, and said.
    """
    from patchc.cli.faults import exit_code
    from patchc.cli.loading import text_of
    from patchc.syntax.parser import parse
    from patchc.syntax.show import show_tree

    file, found = parse(text_of(patch_file))
    context.obj.result(show_tree(file))
    context.obj.report(found)
    return exit_code(found)

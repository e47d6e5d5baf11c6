"""`patchc fmt`: patches in their one canonical form."""

from __future__ import annotations

from typing import Annotated

import typer

SECTION = "Write a patch"
EXAMPLES = """
  patchc fmt voice.patch              rewrite the file
  patchc fmt --check .                only say which files would change (exit code 1)
  patchc fmt --diff voice.patch       only show what would change
  patchc fmt --layers voice.patch     write out the layers that patchc inferred
  patchc fmt - < voice.patch          from standard input to standard output
"""


def fmt(
    context: typer.Context,
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH", help="Files, folders, patterns, or -.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if a file would change.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
    layers: Annotated[
        bool | None, typer.Option("--layers/--no-layers", help="Write `layer` blocks, or take them out.")
    ] = None,
) -> int:
    """Format patches: one order, one spacing, comments kept, nothing changed that can be heard.

    Files with syntax errors are left alone.
    """
    from patchc.cli.exits import Exit
    from patchc.cli.formatting import Formatter

    formatter = Formatter(context.obj, write=not check and not diff, diff=diff, layers=layers)
    good = formatter.all(paths or ["."])
    changed = formatter.changed and (check or diff)
    return Exit.FINDINGS if changed or not good else Exit.OK

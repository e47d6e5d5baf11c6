"""`patchc new`: a first patch, commented, to change and play with."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

SECTION = "Write a patch"
EXAMPLES = """
  patchc new voice.patch                  oscillator, filter, envelope
  patchc new bell.patch --kind fm
  patchc new - --kind additive            to standard output
"""


def new(
    context: typer.Context,
    path: Annotated[str, typer.Argument(metavar="PATH", help="The file to write; nothing is overwritten.")],
    kind: Annotated[
        Literal["subtractive", "fm", "additive"], typer.Option(help="What kind of instrument.")
    ] = "subtractive",
) -> int:
    """Write a commented starter patch."""
    import os

    from patchc.cli.files import write
    from patchc.cli.starters import starter
    from patchc.source.codes.options import NotOverwritten
    from patchc.source.error import PatchError

    if path != "-" and os.path.lexists(path):
        raise PatchError([NotOverwritten(span=None, path=path)])
    write(path, starter(kind, path))
    if path != "-":
        context.obj.message(f"wrote {path}; hear it: patchc render {path} -o out.wav")
    return 0

"""`patchc check`: everything that can be said about patches without making a sound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from patchc.cli.options import PatchName, Sets

if TYPE_CHECKING:
    from patchc.source.diagnostic import Diagnostic

SECTION = "Write a patch"
EXAMPLES = """
  patchc check voice.patch            one file
  patchc check .                      every .patch file below this folder
  patchc check - < voice.patch        standard input
  patchc check --format sarif . > patchc.sarif
  patchc check voice.patch --set room.length=4s    as if it said so
  patchc check --grad voice.patch     and: does every learned number get a gradient?
"""


def check(
    context: typer.Context,
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH", help="Files, folders, patterns, or -.")] = None,
    form: Annotated[
        Literal["text", "json", "github", "sarif"], typer.Option("--format", help="For people, or for other programs.")
    ] = "text",
    patch: PatchName = None,
    grad: Annotated[bool, typer.Option("--grad", help="Probe that gradient reaches every learnable number.")] = False,
    max_cells: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="How many cells a patch may unroll into.")
    ] = None,
    settings: Sets = None,
) -> int:
    """Check patches, and say everything that is wrong with them.

    Without a path: all below this folder. Warnings and notes alone are no findings.
    """
    from patchc.cli.checking import CheckOptions, findings
    from patchc.cli.exits import Exit
    from patchc.source.diagnostic import has_errors
    from patchc.source.render import summary

    names, found = findings(paths or ["."], CheckOptions(patch, grad, max_cells, tuple(settings or ())))
    context.obj.result(_rendered(found, form, context.obj.paint.color))
    if form == "text":
        context.obj.message(("\n" if found else "") + summary(found, names))
    return Exit.FINDINGS if has_errors(found) else Exit.OK


def _rendered(found: Sequence[Diagnostic], form: str, color: bool) -> str:
    from patchc.cli.versions import versions
    from patchc.source import render

    match form:
        case "text":
            return render.as_text(found, color=color)
        case "json":
            return render.as_json(found)
        case "github":
            return render.as_github(found)
    return render.as_sarif(found, version=versions()["patchc"])

"""`patchc plan`: what the compiled module will do, step by step."""

from __future__ import annotations

import typer

from patchc.cli.options import PatchFile, PatchName

SECTION = "Look inside"
EXAMPLES = """
  patchc plan voice.patch
"""


def plan(context: typer.Context, patch_file: PatchFile, patch: PatchName = None) -> int:
    """Print the plan of a patch: the stage before torch."""
    from patchc.cli.loading import graph_of, source_of
    from patchc.compiler.plan import make_plan

    context.obj.result(make_plan(graph_of(source_of(patch_file), patch)).text().rstrip("\n") + "\n")
    return 0

"""`patchc plan`: what the compiled module will do, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from patchc.cli.amounts import rate_option
from patchc.cli.options import PatchFile, PatchName, Sets

if TYPE_CHECKING:
    from patchc.graph.model import Graph

SECTION = "Look inside"
EXAMPLES = """
  patchc plan voice.patch                     what is computed for each port, at which rate
  patchc plan voice.patch --kernel            the C++ that plays it, as it is handed to the compiler
  patchc plan voice.patch --kernel --backward     and the C++ of its gradients
"""


def plan(
    context: typer.Context,
    patch_file: PatchFile,
    kernel: Annotated[bool, typer.Option("--kernel", help="Print the source of the kernels.")] = False,
    back: Annotated[bool, typer.Option("--backward", help="With --kernel: the backward pass, for gradients.")] = False,
    rate: Annotated[int, rate_option("Rate of the kernels.")] = 48_000,
    settings: Sets = None,
    patch: PatchName = None,
) -> int:
    """Print the plan of a patch: the stage before torch; or the kernels that are made of it."""
    from patchc.cli.loading import patch_source, source_of
    from patchc.cli.setting import preset
    from patchc.compiler.plan import make_plan

    source = source_of(patch_file)
    graph, source, _ = preset(source, patch, settings or [], screen=context.obj)
    if not kernel:
        context.obj.result(make_plan(graph).text().rstrip("\n") + "\n" + _cables(graph))
        return 0

    from patchc.compiler.load import compile_graph

    synth = compile_graph(graph, patch_source(source), sample_rate=rate)
    context.obj.result("\n".join(synth.kernels(backward=back)).rstrip("\n") + "\n")
    return 0


def _cables(graph: Graph) -> str:
    """What `--set` calls the gains and depths of cables, which the formulas do not name."""
    from patchc.graph.settable import cables

    rows = [f"  {one.name}" + (f" = {one.text}" if one.text else "") for one in cables(graph)]
    return "\n".join(["", "cables, as `--set` names them", *rows, ""]) if rows else ""

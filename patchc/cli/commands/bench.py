"""`patchc bench`: how fast a patch is on this machine, and where the time goes."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from patchc.cli.amounts import rate_option, seconds_option
from patchc.cli.options import Json, PatchFile, PatchName, Sets

SECTION = "Look inside"
EXAMPLES = """
  patchc bench voice.patch                        times real time, nanoseconds a sample, memory, share of each cell
  patchc bench voice.patch --threads 1            on one core
  patchc bench voice.patch --executor reference   plain torch, to compare with
"""


def bench(
    context: typer.Context,
    patch_file: PatchFile,
    seconds: Annotated[float, seconds_option("How long the sounds are.", 0.01, 600.0)] = 4.0,
    rate: Annotated[int, rate_option("Sample rate.")] = 44_100,
    batch: Annotated[list[int] | None, typer.Option(metavar="N", min=1, help="Batch sizes; else 1, 16, 64.")] = None,
    threads: Annotated[int | None, typer.Option(metavar="N", min=1, max=256, help="Else as many as torch has.")] = None,
    executor: Annotated[Literal["fused", "reference"], typer.Option(help="What plays the patch.")] = "fused",
    json: Json = False,
    settings: Sets = None,
    patch: PatchName = None,
) -> int:
    """Time a patch with and without gradients, and count what each of its cells costs.

    Figures are medians of seven runs. Operations are counted in the kernel, so shares do not depend on the machine.
    """
    from patchc.cli.loading import patch_source, source_of
    from patchc.cli.setting import preset

    source = source_of(patch_file)
    graph, source, _ = preset(source, patch, settings or [], screen=context.obj)

    from json import dumps

    import torch

    from patchc.cli.benching import BATCHES, text
    from patchc.cli.benching import bench as measured
    from patchc.compiler.load import compile_graph

    if threads is not None:
        torch.set_num_threads(threads)
    synth = compile_graph(graph, patch_source(source), sample_rate=rate, executor=executor)
    found = measured(synth, seconds, tuple(batch) if batch else BATCHES)
    context.obj.result(dumps(found.json(), indent=2) + "\n" if json else text(found))
    return 0

"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from patchc.cli.amounts import share_option


def _patch_so_far(context: typer.Context) -> str:
    """The patch file on a command line that is not finished yet, and so not read into parameters."""
    words = [*context.args, str(context.params.get("patch_file") or "")]
    return next((word for word in words if word.endswith((".patch", ".json", ".yaml", ".yml"))), "")


def patch_names(context: typer.Context) -> list[str]:
    """For completion: the patches of the file that is already on the command line."""
    from patchc.source.read import read_source
    from patchc.source.text import Source
    from patchc.syntax.parser import parse
    from patchc.syntax.tree import Patch

    source = read_source(_patch_so_far(context))
    items = parse(source)[0].items if isinstance(source, Source) else ()
    return [item.name.text for item in items if isinstance(item, Patch)]


def setting_names(context: typer.Context) -> list[str]:
    """For completion: everything that can be set in the patch that is already on the command line."""
    from patchc.cli.loading import graph_of, source_of
    from patchc.compiler.knobs import knobs_of
    from patchc.graph.walk import places
    from patchc.source.error import PatchError

    try:
        graph = graph_of(source_of(_patch_so_far(context)))
    except PatchError:
        return []
    names = [*(item.name for item in graph.inputs), *(knob.name for knob in knobs_of(graph))]
    return [f"{name}=" for name in dict.fromkeys([*names, *(place.name for place in places(graph))])]


def knob_names(context: typer.Context) -> list[str]:
    """For completion: every knob of the patch that is already on the command line."""
    from patchc.cli.loading import graph_of, source_of
    from patchc.compiler.knobs import knobs_of
    from patchc.source.error import PatchError

    try:
        return [knob.name for knob in knobs_of(graph_of(source_of(_patch_so_far(context))))]
    except PatchError:
        return []


PatchFile = Annotated[str, typer.Argument(metavar="PATCH", help="A .patch file, or - for standard input.")]
PatchName = Annotated[
    str | None,
    typer.Option("--patch", metavar="NAME", help="Which patch of the file; else the last.", autocompletion=patch_names),
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE...",
        help="Any number of the patch: inputs, knobs, fixed ones, sizes.",
        autocompletion=setting_names,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
OutFile = Annotated[
    str, typer.Option("-o", "--output", metavar="FILE", help="Where to write, or - for standard output.")
]
First = Annotated[
    int, typer.Option("--first", metavar="K", min=1, help="Number of the first sound drawn, as files have it.")
]
Lock = Annotated[
    list[str] | None,
    typer.Option(
        "--lock", metavar="NAME...", help="Knobs, or cells, that stay as the patch has them.", autocompletion=knob_names
    ),
]
Around = Annotated[bool, typer.Option("--around", help="Draw near the patch as it is, not from the priors.")]
Spread = Annotated[
    float | None, share_option("How far from it, as a share of each knob's range; else 10%.", "--spread")
]
Choices = Annotated[bool, typer.Option("--choices", help="With --around, draw choices too.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say only what is wrong.")]

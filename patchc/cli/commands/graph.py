"""`patchc graph`: a patch as a picture, in text or for others to draw, and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from patchc.cli.options import OutFile, PatchFile, PatchName, Sets

if TYPE_CHECKING:
    from patchc.graph.model import Graph

SECTION = "Look inside"
EXAMPLES = """
  patchc graph voice.patch                        layers as columns
  patchc graph --grid voice.patch                 the (channel, layer) matrix
  patchc graph --format svg -o voice.svg voice.patch
  patchc graph --format json voice.patch | jq .layers[].name
  patchc graph --format patch voice.patch         unrolled, written as a patch again
"""


def graph(
    context: typer.Context,
    patch_file: PatchFile,
    settings: Sets = None,
    patch: PatchName = None,
    form: Annotated[
        Literal["text", "mermaid", "dot", "svg", "json", "yaml", "patch"],
        typer.Option("--format", help="A drawing, or the graph as data."),
    ] = "text",
    grid: Annotated[bool, typer.Option("--grid", help="As text: the matrix of channels and layers.")] = False,
    output: OutFile = "-",
) -> int:
    """Draw the layered graph of a patch."""
    from patchc.cli.files import keep_inputs, write
    from patchc.cli.loading import source_of
    from patchc.cli.setting import preset

    source = source_of(patch_file)
    keep_inputs([output], source)
    shown, _, _ = preset(source, patch, settings or [], screen=context.obj)
    drawn = _drawn(shown, "grid" if grid and form == "text" else form)
    write(output, drawn if drawn.endswith("\n") else drawn + "\n")
    return 0


def _drawn(graph: Graph, form: str) -> str:
    from importlib import import_module

    from patchc.graph import write

    match form:
        case "json":
            return write.to_json(graph)
        case "yaml":
            return write.to_yaml(graph)
        case "patch":
            return write.to_text(graph)
    drawing = import_module(f"patchc.graph.draw.{'columns' if form == 'text' else form}")
    return str(drawing.draw(graph))

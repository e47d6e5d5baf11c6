"""`patchc draw`: settings drawn from the priors of a patch."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from patchc.cli.amounts import rate_option, seconds_option
from patchc.cli.options import OutFile, PatchFile, PatchName, Sets

SECTION = "Make sound"
EXAMPLES = """
  patchc draw voice.patch --n 3                           three settings, as JSON
  patchc draw voice.patch --n 1000 --format csv -o settings.csv
  patchc draw voice.patch --n 8 --render out/voice.wav    and their sounds, numbered
  patchc draw voice.patch --n 8 --patches out             and as patches, to keep the one you like
"""


def draw(
    context: typer.Context,
    patch_file: PatchFile,
    n: Annotated[int, typer.Option("--n", metavar="N", min=1, max=10_000_000, help="How many.")] = 1,
    seed: Annotated[int, typer.Option(metavar="N", help="Setting i depends on the seed and on i alone.")] = 0,
    form: Annotated[Literal["json", "csv"], typer.Option("--format", help="How settings are written.")] = "json",
    output: OutFile = "-",
    render: Annotated[
        str | None, typer.Option(metavar="FILE", help="Also render them: FILE-001.wav and so on.")
    ] = None,
    patches: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Also write each as a patch: NAME-001.patch and so on.")
    ] = None,
    seconds: Annotated[float, seconds_option("How long the sounds are.")] = 2.0,
    rate: Annotated[int, rate_option("Sample rate.")] = 48_000,
    settings: Sets = None,
    patch: PatchName = None,
) -> int:
    """Draw settings from the priors of a patch.

    Numbers are in the units of the patch, which the JSON names; a choice is written as its member. With --patches,
    each is written as a patch, to change and render. What --set names is not drawn.
    """
    from patchc.cli.files import check_folder, write
    from patchc.cli.loading import source_of
    from patchc.cli.setting import preset

    source = source_of(patch_file)
    graph, source = preset(source, patch, settings or [], locked=True)
    if output != "-":
        check_folder(output)

    from patchc.cli.drawing import as_csv, as_json, write_patches
    from patchc.cli.rendering import Renderer, RenderOptions, compiled

    synth = compiled(graph, source, rate)
    drawn = synth.draw(n, seed)
    write(output, as_json(synth, drawn, seed) if form == "json" else as_csv(synth, drawn))
    if patches:
        context.obj.message(write_patches(synth, drawn, patches))
    if render:
        renderer = Renderer(synth)
        kind = "24" if render.endswith(".flac") else "32f"
        renderer.render(drawn, RenderOptions(render, seconds, seed, kind, own_noise=True))
        loud = len(renderer.warnings)
        if loud:
            context.obj.message(f"note[P710]: {loud} of {n} sounds peak beyond full scale")
        files = [file.path for file in renderer.made]
        context.obj.message(f"rendered {len(files)} sound{'s' if len(files) > 1 else ''}: {files[0]} to {files[-1]}")
    return 0

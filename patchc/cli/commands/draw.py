"""`patchc draw`: settings drawn from the priors of a patch."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from patchc.cli.amounts import rate_option, seconds_option, seed_option
from patchc.cli.options import Around, Choices, First, Lock, OutFile, PatchFile, PatchName, Quiet, Sets, Spread

SECTION = "Make sound"
EXAMPLES = """
  patchc draw voice.patch --n 3                           three settings, as JSON
  patchc draw voice.patch --n 1000 --format csv -o settings.csv
  patchc draw voice.patch --n 8 --render out/voice.wav    and their sounds, numbered
  patchc draw voice.patch --n 8 --set vcf.q=2 --lock lfo1 osc1.level          these stay the same
  patchc draw voice.patch --n 4 --around --spread 5%      near the patch as it is
  patchc draw voice.patch --n 8 --patches out             and as patches, to keep the one you like
"""


def draw(
    context: typer.Context,
    patch_file: PatchFile,
    n: Annotated[int, typer.Option("--n", metavar="N", min=1, max=10_000_000, help="How many.")] = 1,
    seed: Annotated[int, seed_option("Setting i depends on the seed and on i alone.")] = 0,
    first: First = 1,
    settings: Sets = None,
    lock: Lock = None,
    around: Around = False,
    spread: Spread = None,
    choices: Choices = False,
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
    quiet: Quiet = False,
    patch: PatchName = None,
) -> int:
    """Draw settings from the priors of a patch.

    Numbers are in the units of the patch, which the JSON names; a choice is written as its member. In the JSON, `item`
    is the number of a sound that files and --first have, from 1, and `index` its place from 0, as `synth.draw` has it.
    CSV holds the same numbers and `index`; its units are said beside it. With --patches, each is written as a patch, to
    change and render. What --set names is fixed and not drawn; what --lock names stays as the patch has it.
    """
    from dataclasses import replace

    from patchc.cli.files import check_folder, keep_inputs, write
    from patchc.cli.loading import source_of
    from patchc.cli.setting import preset

    source = source_of(patch_file)
    graph, source, given = preset(source, patch, settings or [], locked=True, screen=context.obj)
    keep_inputs([output, render], source, given.sounds.values())
    if output != "-":
        check_folder(output)

    screen = replace(context.obj, quiet=quiet)

    from patchc.cli.drawing import as_csv, as_json, columns, patch_files, told, write_patches
    from patchc.cli.drawn import Wanted, drawn, spread_of
    from patchc.cli.rendering import Renderer, RenderOptions, compiled
    from patchc.media.recordings import read_recordings

    synth = compiled(graph, source, rate)
    sounds = drawn(synth, Wanted(n, seed, first, spread_of(around, spread), choices, lock or ()))
    files = sounds.files(render or f"{graph.name}.wav")
    keep_inputs([*(files if render else ()), *patch_files(sounds, patches)], source, given.sounds.values())
    write(output, as_json(sounds) if form == "json" else as_csv(sounds))
    if patches:
        screen.message(write_patches(sounds, patches))
    if render:
        renderer = Renderer(synth)
        kind = "24" if render.endswith(".flac") else "32f"
        recordings = read_recordings(synth, given.sounds)
        options = RenderOptions(seconds, seed, kind, values=given.values, recordings=recordings, quiet=quiet)
        renderer.render(sounds, files, options)
        screen.report(renderer.remarks())
        loud = len(renderer.warnings)
        if loud:
            screen.message(f"note[P710]: {loud} of {n} sounds peak beyond full scale")
        screen.message(f"rendered {n} sound{'s' if n > 1 else ''}: {files[0]} to {files[-1]}")
    if form == "csv" and not quiet:
        screen.message(columns(synth))
    for line in told(sounds, files) if output != "-" else ():
        screen.message(line)
    return 0

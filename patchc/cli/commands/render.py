"""`patchc render`: sounds of a patch as files."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from patchc.cli.amounts import control_rate_option, rate_option, seconds_option
from patchc.cli.options import Json, PatchFile, PatchName, setting_names

if TYPE_CHECKING:
    from patchc.cli.rendering import Made
    from patchc.cli.screen import Screen

SECTION = "Make sound"
EXAMPLES = """
  patchc render voice.patch                                 two seconds, to voice.wav
  patchc render voice.patch --set pitch=C4 gate=1.5s vcf.cutoff=800Hz -o c4.flac --bits 24
  patchc render voice.patch --n 8 --seed 3 -o out/voice.wav eight sounds drawn from the priors
  patchc render voice.patch --taps --picture                a wav per cell, and a picture of all
  patchc render - -o - < voice.patch | aplay                as streams
"""


def render(
    context: typer.Context,
    patch_file: PatchFile,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE...", help="Knobs and inputs.", autocompletion=setting_names),
    ] = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="A .wav or .flac file, or - for a WAV stream.")
    ] = None,
    seconds: Annotated[float, seconds_option("How long the sound is.")] = 2.0,
    rate: Annotated[int, rate_option("Sample rate.")] = 48_000,
    control_rate: Annotated[float | None, control_rate_option()] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Of noise, of drawing and of dither.")] = 0,
    n: Annotated[
        int | None, typer.Option("--n", metavar="N", min=1, help="Draw N sounds from the priors; files are numbered.")
    ] = None,
    taps: Annotated[bool, typer.Option("--taps", help="Also write every cell's signal.")] = False,
    tap: Annotated[
        list[str] | None, typer.Option("--tap", metavar="CELL", help="Also write this cell's signal.")
    ] = None,
    picture: Annotated[bool, typer.Option("--picture", help="Also draw every cell's signal, as PNG.")] = False,
    bits: Annotated[Literal["16", "24", "32f"] | None, typer.Option(help="Else 32f, and 24 for flac.")] = None,
    patch: PatchName = None,
    json: Json = False,
) -> int:
    """Render a patch.

    Without --n, every number is as the patch writes it. Nothing is clipped silently: a float file keeps what is too
    loud and says so, others are turned down.
    """
    from patchc.cli.loading import graph_of, source_of
    from patchc.cli.values import settings_of

    source = source_of(patch_file)
    graph = graph_of(source, patch)
    output = output or ("-" if source.name.startswith("<") else f"{PurePath(source.name).stem}.wav")
    _check_stream(output, several=bool((n or 1) > 1 or taps or tap or picture or json))
    found = settings_of(context.obj, graph, settings or [])

    from patchc.cli.rendering import Renderer, Wish, compiled, with_sounds

    synth = compiled(graph, source, rate, control_rate)
    wanted = () if taps else tuple(tap) if tap else None
    kind = bits or ("24" if output.endswith(".flac") else "32f")
    wish = Wish(output, seconds, seed, kind, wanted, picture, with_sounds(synth, found, seconds))
    renderer = Renderer(synth, context.obj)
    renderer.render(synth.draw(n, seed) if n else synth.defaults(), wish)
    context.obj.report([*synth.notes, *renderer.notes])
    if json:
        context.obj.result(_as_json(renderer.made, seconds, rate))
    else:
        _say(context.obj, renderer.made, seconds, rate)
    return 0


def _check_stream(output: str, several: bool) -> None:
    import sys

    from patchc.source.codes.options import BadCommand
    from patchc.source.error import PatchError

    what = ""
    if output == "-" and several:
        what = "standard output holds one sound and nothing else"
    elif output == "-" and sys.stdout.isatty():
        what = "a sound would only garble the terminal"
    if what:
        hint = "name a file with `-o`, or pipe it on: `... | aplay`"
        raise PatchError([BadCommand(span=None, what=what, command="patchc render", hint=hint)])


def _say(screen: Screen, made: list[Made], seconds: float, rate: int) -> None:
    taps = [file for file in made if file.tap]
    lower = sum(1 for file in taps if file.gain_db)
    for file in made:
        if not file.tap:
            peak = f"peak {file.peak_db:+.1f} dBFS" if file.peak_db > -300 else "silent"
            screen.message(f"{file.path}: {seconds:g} s at {rate / 1000:g} kHz, {peak}")
    if taps:
        turned = f", {lower} of them turned down to fit" if lower else ""
        screen.message(f"and {len(taps)} tap{'s' if len(taps) > 1 else ''} beside{turned}")


def _as_json(made: list[Made], seconds: float, rate: int) -> str:
    from dataclasses import asdict
    from json import dumps

    return dumps({"schema": 1, "seconds": seconds, "rate": rate, "files": list(map(asdict, made))}, indent=2) + "\n"

"""`patchc match`: fits a patch to a recording."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

import typer

from patchc.cli.amounts import rate_option, seconds_option, seed_option
from patchc.cli.options import Json, PatchFile, PatchName, Sets

SECTION = "Make sound"
EXAMPLES = """
  patchc match piano.wav voice.patch                      into match-piano/
  patchc match piano.wav voice.patch --pitch A4 --gate 0.1s..1.5s -o found
  patchc match piano.wav voice.patch --steps 100 --starts 2
  patchc match piano.wav voice.patch --tolerance 1.5      exit code 4 if the loss stays above
"""


def match(
    context: typer.Context,
    target: Annotated[str, typer.Argument(metavar="TARGET", help="A recording: .wav, .flac, .ogg, .aiff or .mp3.")],
    patch_file: PatchFile,
    settings: Sets = None,
    pitch: Annotated[str | None, typer.Option(metavar="NOTE", help="A note or a frequency; else estimated.")] = None,
    gate: Annotated[str | None, typer.Option(metavar="TIME", help="Note-off, or ON..OFF; else estimated.")] = None,
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="FOLDER", help="Where the files go.")] = None,
    steps: Annotated[
        int, typer.Option(metavar="N", min=0, help="Steps of gradient descent, all stages together.")
    ] = 300,
    starts: Annotated[int, typer.Option(metavar="N", min=1, help="How many settings are descended from at once.")] = 4,
    seed: Annotated[int, seed_option("The same seed finds the same match.")] = 0,
    seconds: Annotated[float | None, seconds_option("Match only so much of it.", 0.05)] = None,
    rate: Annotated[int, rate_option("Sample rate.", 8000, 192_000)] = 48_000,
    budget: Annotated[float | None, seconds_option("Stop after so long.", 0.1, 1e6, name="--budget")] = None,
    tolerance: Annotated[float | None, typer.Option(metavar="LOSS", min=0.0, help="The loss to reach.")] = None,
    patch: PatchName = None,
    json: Json = False,
) -> int:
    """Find the numbers that make a patch sound like a recording.

    Everything that is `learn`, `predict` or `maybe` is fitted. Writes the patch with the found numbers, its sound, and
    a report to open in a browser. Ctrl-C stops, and keeps the best so far.

    The match is as loud as the recording: where the levels of the patch do not reach, a gain is written behind its
    outputs. A stereo recording is compared channel by channel if the patch has two outputs; else its mean is matched.
    """
    from patchc.cli.loading import source_of
    from patchc.cli.setting import opened
    from patchc.cli.values import frequency_of, time_of_gate

    source = source_of(patch_file)
    graph, source, given = opened(context.obj, source, patch, settings or [])
    note = None if pitch is None else frequency_of("pitch", pitch)
    times = None if gate is None else time_of_gate("gate", gate)

    from patchc.cli.fitting import MatchOptions, fit

    folder = output or f"match-{PurePath(target).stem}"
    options = MatchOptions(target, folder, note, times, steps, starts, seed, seconds, rate, budget, tolerance)
    return fit(context.obj, source, graph, given, options, json)

"""`patchc render`: sounds of a patch as files."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from patchc.cli.amounts import control_rate_option, rate_option, seconds_option, seed_option
from patchc.cli.options import Around, Choices, First, Json, Lock, PatchFile, PatchName, Quiet, Sets, Spread

if TYPE_CHECKING:
    from patchc.cli.rendering import Renderer, RenderOptions
    from patchc.cli.screen import Screen
    from patchc.source.diagnostic import Diagnostic

SECTION = "Make sound"
VARIATIONS = 8
"""Sounds of `--around` where nobody says how many."""
EXAMPLES = """
  patchc render voice.patch                                 two seconds and a tail, to voice.wav
  patchc render voice.patch --set pitch=C4 gate=1.5s vcf.cutoff=800Hz -o c4.flac --bits 24
  patchc render voice.patch --n 8 --seed 3 -o out/voice.wav eight sounds drawn from the priors
  patchc render voice.patch --n 8 --patches out             and as patches, to keep the one you like
  patchc render voice.patch --n 1 --seed 3 --first 5        the fifth of them again
  patchc render voice.patch --around --lock vcf --spread 5% eight sounds near the patch, the same filter
  patchc render voice.patch --n 9999 --manifest all.jsonl --quiet --resume    a data set, or the rest of it
  patchc render voice.patch --taps --picture                a wav per cell, and a picture of all
  patchc render - -o - < voice.patch | aplay                as streams
"""


def render(
    context: typer.Context,
    patch_file: PatchFile,
    settings: Sets = None,
    gate: Annotated[
        str | None, typer.Option("--gate", metavar="TIME", help="Note-off, or ON..OFF, of every gate input.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="A .wav or .flac file, or - for a WAV stream.")
    ] = None,
    seconds: Annotated[
        float | None, seconds_option("How long the sound is, exactly. Else 2 s, or the recording given, and a tail.")
    ] = None,
    tail: Annotated[
        float | None,
        seconds_option("How long it may go on after that until it has faded; else 10 s.", 0.0, 600.0, "--tail"),
    ] = None,
    no_tail: Annotated[bool, typer.Option("--no-tail", help="End without a tail.")] = False,
    rate: Annotated[int, rate_option("Sample rate.")] = 48_000,
    control_rate: Annotated[float | None, control_rate_option()] = None,
    seed: Annotated[int, seed_option("Of noise, of drawing and of dither.")] = 0,
    n: Annotated[
        int | None, typer.Option("--n", metavar="N", min=1, help="Draw N sounds from the priors; files are numbered.")
    ] = None,
    first: First = 1,
    around: Around = False,
    spread: Spread = None,
    choices: Choices = False,
    lock: Lock = None,
    patches: Annotated[
        str | None, typer.Option("--patches", metavar="FOLDER", help="Also write each drawn sound as a patch.")
    ] = None,
    manifest: Annotated[
        str | None, typer.Option("--manifest", metavar="FILE", help="Also write a line of JSON per sound: what it is.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Keep sounds whose files exist; make the others.")] = False,
    taps: Annotated[bool, typer.Option("--taps", help="Also write every cell's signal.")] = False,
    tap: Annotated[
        list[str] | None, typer.Option("--tap", metavar="CELL", help="Also write this cell's signal.")
    ] = None,
    picture: Annotated[bool, typer.Option("--picture", help="Also draw every cell's signal, as PNG.")] = False,
    bits: Annotated[Literal["16", "24", "32f"] | None, typer.Option(help="Else 32f, and 24 for flac.")] = None,
    quiet: Quiet = False,
    patch: PatchName = None,
    json: Json = False,
) -> int:
    """Render a patch.

    Without --n, every number is as the patch writes it. A note is let go after 75 % of the length unless --set gate=
    says when. Without --seconds, the sound goes on until it stays 60 dB below its peak. Nothing is clipped or cut
    silently: a float file keeps what is too loud and says so, others are turned down.

    With --n, sound K depends on the seed and on K alone, its noise too; what --set and --lock name is the same in all.
    --around moves numbers within a share of their range and leaves choices. --resume looks at names only: give the same
    options.
    """
    from dataclasses import replace

    from patchc.cli.loading import source_of
    from patchc.cli.setting import opened

    source = source_of(patch_file)
    output = output or ("-" if source.name.startswith("<") else f"{PurePath(source.name).stem}.wav")
    screen = replace(context.obj, quiet=quiet)
    n = n or (VARIATIONS if around or spread is not None else 1 if first > 1 else None)
    if lock and n is None:
        raise _nothing_drawn()
    _check_stream(output, several=bool((n or 1) > 1 or taps or tap or picture or json or manifest == "-"))
    graph, source, found = opened(screen, source, patch, settings or [], gate)

    from patchc.cli.drawing import as_manifest, patch_files, told, write_patches
    from patchc.cli.drawn import Wanted, drawn, spread_of
    from patchc.cli.files import check_folder, keep_inputs, write
    from patchc.cli.rendering import Renderer, RenderOptions, compiled, fades
    from patchc.cli.tails import LONGEST
    from patchc.media.recordings import read_recordings

    synth = compiled(graph, source, rate, control_rate)
    recordings = read_recordings(synth, found.sounds)
    usual = 0.0 if no_tail or seconds is not None or not fades(synth) else LONGEST
    options = RenderOptions(
        seconds=seconds or recordings.samples / rate or 2.0,
        seed=seed,
        bits=bits or ("24" if output.endswith(".flac") else "32f"),
        taps=() if taps else tuple(tap) if tap else None,
        picture=picture,
        values=found.values,
        recordings=recordings,
        tail=usual if tail is None or no_tail else tail,
        whole_tail=bool(tail) and not no_tail,
        resume=resume,
        quiet=quiet,
    )
    sounds = drawn(synth, Wanted(n, seed, first, spread_of(around, spread), choices, lock or (), found.values))
    files = sounds.files(output)
    keep_inputs([*files, manifest, *patch_files(sounds, patches)], source, found.sounds.values())
    if manifest and manifest != "-":
        check_folder(manifest)
    renderer = Renderer(synth)
    renderer.render(sounds, files, options)
    if patches:
        screen.message(write_patches(sounds, patches))
    if manifest:
        write(manifest, as_manifest(sounds, files))
    screen.report([*synth.notes, *recordings.warnings])
    screen.report(renderer.remarks())
    _report_many(screen, renderer.warnings, "peak beyond full scale")
    _report_many(screen, renderer.offsets, "have a constant offset or channels that cancel")
    if json:
        screen.result(_as_json(renderer, options, rate))
    else:
        _say(screen, renderer, options, rate)
        for line in told(sounds, files) if n else ():
            screen.message(line)
    _report_many(screen, renderer.cut, "are cut while they sound: `--tail 5s` lets them fade")
    return 0


def _nothing_drawn() -> Exception:
    from patchc.source.codes.options import BadCommand
    from patchc.source.error import PatchError

    hint = "give `--n 8` to draw from the priors, or `--around` to stay near the patch"
    what = "nothing is drawn, so that `--lock` keeps nothing"
    return PatchError([BadCommand(span=None, what=what, command="patchc render", hint=hint)])


def _report_many(screen: Screen, found: list[Diagnostic], what: str) -> None:
    """Each of a few, and how many of many."""
    from patchc.cli.drawing import FEW

    if len(found) <= FEW:
        screen.report(found)
    else:
        screen.message(f"note[{found[0].code}]: {len(found)} sounds {what}")


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


def _say(screen: Screen, renderer: Renderer, options: RenderOptions, rate: int) -> None:
    from patchc.cli.drawing import FEW

    sounds = [file for file in renderer.made if not file.tap]
    taps = [file for file in renderer.made if file.tap]
    lower = sum(1 for file in taps if file.gain_db)
    for file in sounds if len(sounds) <= FEW else ():
        peak = f"peak {file.peak_db:+.1f} dBFS" if file.peak_db > -300 else "silent"
        after = file.seconds - options.seconds
        tail = f", with a tail of {after:.3g} s" if after > 1e-3 else ""
        screen.message(f"{file.path}: {file.seconds:.5g} s at {rate / 1000:g} kHz, {peak}{tail}")
    if len(sounds) > FEW:
        peaks = [file.peak_db for file in sounds]
        range_ = f"peaks from {min(peaks):+.1f} to {max(peaks):+.1f} dBFS"
        screen.message(f"{len(sounds)} sounds, {sounds[0].path} to {sounds[-1].path}, {range_}")
    if renderer.kept:
        screen.message(f"{renderer.kept} sound{'s were' if renderer.kept > 1 else ' was'} there already, and kept")
    if taps:
        turned = f", {lower} of them turned down to fit" if lower else ""
        screen.message(f"and {len(taps)} tap{'s' if len(taps) > 1 else ''} beside{turned}")
    _say_note_off(screen, renderer, options)


def _say_note_off(screen: Screen, renderer: Renderer, options: RenderOptions) -> None:
    from patchc.cli.rendering import hears_note_off
    from patchc.compiler.inputs import HELD

    graph = renderer.synth.graph
    gates = [item.name for item in graph.inputs if item.kind == "gate"]
    off = f"{HELD * options.seconds:.4g}"
    for gate in gates:
        if gate not in options.values and hears_note_off(graph, gate):
            option = f"--gate {off}s" if len(gates) == 1 else f"--set {gate}={off}s"
            screen.message(f"note-off at {off} s, 75 % of the length; `{option}` and the like move it")


def _as_json(renderer: Renderer, options: RenderOptions, rate: int) -> str:
    from dataclasses import asdict
    from json import dumps

    files = list(map(asdict, renderer.made))
    return dumps({"schema": 1, "seconds": options.seconds, "rate": rate, "files": files}, indent=2) + "\n"

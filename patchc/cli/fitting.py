"""A match from the command line: progress, files, a table of what was found, and the exit code."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from patchc.cli.exits import Exit
from patchc.cli.files import folder, keep_inputs, write
from patchc.cli.progress import Progress
from patchc.cli.rendering import compiled, left_right
from patchc.cli.screen import Screen
from patchc.cli.values import Settings
from patchc.compiler.settings import written_values
from patchc.graph.imports import used_files
from patchc.graph.model import Graph
from patchc.matching.fit import STEPS
from patchc.matching.match import Match, match
from patchc.matching.wording import idle_in_words, level_in_words, loss_in_words
from patchc.matching.workload import Moment
from patchc.media.audio import write_audio
from patchc.source.text import Source

_SHOWN = 4  # numbers at an end of their range that are named on the screen


@dataclass(frozen=True)
class MatchOptions:
    """What was asked for; times in seconds, frequencies in Hz."""

    target: str
    folder: str
    pitch: float | None = None
    gate: float | tuple[float, float] | None = None
    steps: int = STEPS
    starts: int = 4
    seed: int = 0
    seconds: float | None = None
    rate: int = 48_000
    budget: float | None = None
    tolerance: float | None = None


def fit(screen: Screen, source: Source, graph: Graph, given: Settings, options: MatchOptions, as_json: bool) -> int:
    """Matches, writes everything, says what was found. Raises `PatchError` for what cannot be used."""
    synth = compiled(graph, source, options.rate)
    out = Path(options.folder)
    files = _files(graph, out)
    keep_inputs(files.values(), source, [options.target, *given.sounds.values()])
    folder(options.folder)
    with Progress("matching", max(1, options.steps)) as progress:

        def tell(now: Moment) -> None:
            said = f"· {now.stage}, loss {now.loss:.3f}, best {now.best:.3f}"
            progress.step(said, by=now.done - progress.done, left=now.seconds_left)

        found = match(
            synth,
            options.target,
            pitch=options.pitch,
            gate=options.gate,
            inputs={**given.values, **given.sounds},
            seconds=options.seconds,
            steps=options.steps,
            starts=options.starts,
            seed=options.seed,
            on_progress=tell,
            time_budget=options.budget,
        )
    _write(found, source, out, files)
    _say(screen, found, files, as_json)
    if found.interrupted:
        return Exit.INTERRUPTED
    missed = options.tolerance is not None and not found.loss <= options.tolerance
    if missed:
        screen.message(f"the loss stayed above {options.tolerance:g}")
    return Exit.NOT_REACHED if missed else Exit.OK


def _files(graph: Graph, out: Path) -> dict[str, str]:
    """Where the fitted patch, its sound and the report go."""
    name = out / graph.name
    return {"patch": f"{name}.patch", "sound": f"{name}.wav", "report": str(out / "report.html")}


def _write(found: Match, source: Source, out: Path, files: dict[str, str]) -> None:
    """Writes the fitted patch with the files it uses, its sound, and the report."""
    write(files["patch"], found.text)
    for path, text in used_files(source):
        folder(str((out / path).parent))
        write(str(out / path), text)
    audio = left_right(found.sound.audio[0].detach(), found.sound.layout.outputs)
    write_audio(files["sound"], audio, found.synth.sample_rate)
    write(files["report"], found.report())


def _say(screen: Screen, found: Match, files: dict[str, str], as_json: bool) -> None:
    for note in (*found.notes, *found.contrasts, *_few(found), *idle_in_words(found)):
        screen.message(f"note: {note}")
    screen.message(f"{loss_in_words(found)}, in {found.took:.0f} s and {len(found.history)} steps")
    screen.message(level_in_words(found))
    screen.message(f"play it: {_line(found, files)}")
    screen.message("wrote " + ", ".join(files.values()))
    if as_json:
        screen.result(json.dumps(_data(found, files), indent=2) + "\n")
    else:
        rows = [(value.name, value.text, f"was {value.before_text}") for value in found.values]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            screen.result("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() + "\n")


def _few(found: Match) -> Iterator[str]:
    """The first numbers at an end of their range; the rest are counted, and in the report."""
    yield from (limit.text for limit in found.limits[:_SHOWN])
    if len(found.limits) > _SHOWN:
        yield f"{len(found.limits) - _SHOWN} more numbers ended at an end of their range: see the report"


def _line(found: Match, files: dict[str, str]) -> str:
    """The command that renders the found patch as it was matched."""
    return f"patchc render {shlex.quote(files['patch'])} {found.playing}"


def _data(found: Match, files: dict[str, str]) -> dict[str, Any]:
    return {
        "schema": 1,
        "loss": found.loss,
        "terms": dict(found.terms),
        "steps": len(found.history),
        "seconds": found.took,
        "interrupted": found.interrupted,
        "seed": found.plan.seed,
        "scales": [asdict(scale) for scale in found.scales],
        "left": found.scale.left(found.loss),
        "level": {"target_db": found.level.target_db, "match_db": found.level.match_db},
        "play": _line(found, files),
        "notes": list(found.notes),
        "contrasts": list(found.contrasts),
        "at_limit": [asdict(limit) for limit in found.limits],
        "no_effect": list(found.idle),
        "inputs": dict(found.analysis.facts()),
        "values": written_values(found.synth.knobs, found.settings[0]),
        "files": files,
    }

"""The whole demo: every example, every match, the page; what fails is shown on the page and in the exit code."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from patchc.cli.asking import chosen
from patchc.cli.demo.build import build_example
from patchc.cli.demo.matching import MATCHES, Recording, build_match
from patchc.cli.demo.page import Example, Matched, Whole, page
from patchc.cli.examples import examples_folder
from patchc.cli.exits import Exit
from patchc.cli.files import folder, write
from patchc.cli.progress import Progress
from patchc.cli.screen import Screen
from patchc.cli.versions import versions
from patchc.source.error import PatchError

Built = TypeVar("Built", Example, Matched)


@dataclass
class Demo:
    """`only` names the examples and matches to make; none means all. `budget` is the seconds of each match."""

    screen: Screen
    output: str
    only: tuple[str, ...]
    budget: float
    failed: list[tuple[str, str]] = field(default_factory=list, init=False)

    def run(self) -> int:
        """Makes everything and writes the page. Raises `PatchError` if nothing can be written."""
        started = time.monotonic()
        home, out = examples_folder(), folder(self.output)
        paths = {path.stem: path for path in sorted(home.glob("*.patch"))}
        known = [*paths, *(recording.id for recording in MATCHES)]
        wanted = {chosen("example", name, known) for name in self.only} or set(known)
        patches = [path for name, path in paths.items() if name in wanted]
        recordings = [recording for recording in MATCHES if recording.id in wanted]
        with Progress("demo", len(patches) + 5 * len(recordings)) as progress:
            examples = [self._made(path.stem, build_example, path, out, progress, 1) for path in patches]
            matches = [self._matched(recording, home, out, progress) for recording in recordings]
        whole = Whole(
            tuple(one for one in examples if one),
            tuple(one for one in matches if one),
            tuple(self.failed),
            (("made in", f"{time.monotonic() - started:.0f} s"), *versions().items()),
        )
        write(str(out / "index.html"), page(whole))
        self._say(whole, time.monotonic() - started)
        return Exit.FINDINGS if self.failed else Exit.OK

    def _matched(self, recording: Recording, home: Path, out: Path, progress: Progress) -> Matched | None:
        def build(_: Path, into: Path) -> Matched:
            return build_match(recording, home, into, self.budget)

        return self._made(recording.id, build, home, out, progress, 5)

    def _made(
        self, name: str, build: Callable[[Path, Path], Built], path: Path, out: Path, progress: Progress, steps: int
    ) -> Built | None:
        """What `build` makes, or None if the patch has mistakes, which are kept and said."""
        try:
            return build(path, out)
        except PatchError as error:
            self.screen.report(error.diagnostics)
            self.failed.append((name, str(error)))
            return None
        finally:
            progress.step(f"· {name}", steps)

    def _say(self, whole: Whole, took: float) -> None:
        signals = sum(len(layer) for one in whole.examples for _, layer in one.layers)
        self.screen.message(
            f"{len(whole.examples)} examples, {signals} cells, {len(whole.matches)} matches in {took:.0f} s"
        )
        if self.failed:
            self.screen.message(f"{len(self.failed)} could not be shown: {', '.join(name for name, _ in self.failed)}")
        self.screen.message(f"open {self.output}/index.html")

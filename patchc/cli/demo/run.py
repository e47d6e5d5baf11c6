"""The whole demo: every example, every match, the page; what fails is shown on the page and in the exit code."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial

import torch

from patchc.cli.asking import chosen
from patchc.cli.demo.build import build_example
from patchc.cli.demo.matching import MATCHES, build_match
from patchc.cli.demo.page import Example, Matched, Whole, page
from patchc.cli.examples import examples_folder
from patchc.cli.exits import Exit
from patchc.cli.files import folder, write
from patchc.cli.progress import Progress
from patchc.cli.screen import Screen
from patchc.cli.versions import versions
from patchc.source.error import PatchError

MOST_AT_ONCE = 8
"""Examples rendered at once, however many cores there are."""

Job = tuple[str, Callable[[], Example | Matched]]


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
        home = examples_folder()
        paths = {path.stem: path for path in sorted(home.glob("*.patch"))}
        known = [*paths, *(recording.id for recording in MATCHES)]
        wanted = {chosen("example", name, known) for name in self.only} or set(known)
        out = folder(self.output)
        patches = [path for name, path in paths.items() if name in wanted]
        recordings = [recording for recording in MATCHES if recording.id in wanted]
        jobs: list[Job] = [(path.stem, partial(build_example, path, out)) for path in patches]
        jobs += [(one.id, partial(build_match, one, home, out, self.budget)) for one in recordings]
        made = self._all(jobs)
        whole = Whole(
            tuple(one for one in made if isinstance(one, Example)),
            tuple(one for one in made if isinstance(one, Matched)),
            tuple(self.failed),
            (("made in", f"{time.monotonic() - started:.0f} s"), *versions().items()),
        )
        write(str(out / "index.html"), page(whole))
        self._say(whole, time.monotonic() - started)
        return Exit.FINDINGS if self.failed else Exit.OK

    def _all(self, jobs: Sequence[Job]) -> list[Example | Matched]:
        """What the jobs make, in their order. As many run at once as there are cores, each on one of them."""
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        pool = ThreadPoolExecutor(min(MOST_AT_ONCE, os.cpu_count() or 1))
        try:
            running = {pool.submit(self._one, *job): job[0] for job in jobs}
            with Progress("demo", len(jobs)) as progress:
                for done in as_completed(running):
                    progress.step(f"· {running[done]}")
            return [made for done in running if (made := done.result())]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            torch.set_num_threads(threads)

    def _one(self, name: str, build: Callable[[], Example | Matched]) -> Example | Matched | None:
        """What `build` makes, or None if the patch has mistakes, which are kept and said."""
        try:
            return build()
        except PatchError as error:
            self.screen.report(error.diagnostics)
            self.failed.append((name, str(error)))
            return None

    def _say(self, whole: Whole, took: float) -> None:
        signals = sum(len(layer) for one in whole.examples for _, layer in one.layers)
        self.screen.message(
            f"{len(whole.examples)} examples, {signals} cells, {len(whole.matches)} matches in {took:.0f} s"
        )
        if self.failed:
            self.screen.message(f"{len(self.failed)} could not be shown: {', '.join(name for name, _ in self.failed)}")
        self.screen.message(f"open {self.output}/index.html")

"""Patches from text, and cells that put out what arrives at their port."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch

from patchc.cells import registry
from patchc.cells.cell import Cell, Signal, audio_in, audio_out, control_out, knob
from patchc.cells.spec import Absent, Polarity
from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.dsp.dsp import Dsp
from patchc.graph.load import load_graph
from patchc.source.text import Source

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))


class ShowFreq(Cell):
    """The frequency that arrives, at control rate."""

    x = knob("440 Hz in 20 Hz .. 12 kHz log", "A frequency.", limits="1 Hz .. 20 kHz")
    out = control_out("It.", Polarity.UNIPOLAR)

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        return x


class ShowPitch(Cell):
    """The frequency that arrives, at the sample rate."""

    x = knob("440 Hz in 20 Hz .. 12 kHz log", "A frequency.", limits="1 Hz .. 20 kHz")
    out = audio_out()

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        return x


class ShowTime(Cell):
    """The time that arrives."""

    x = knob("100 ms in 1 ms .. 1 s log", "A time.", limits="0.1 ms .. 10 s")
    out = control_out("It.", Polarity.UNIPOLAR)

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        return x


class ShowLevel(Cell):
    """The linear amplitude of the level that arrives."""

    x = knob("0 dB in -60 dB .. 12 dB", "A level.")
    out = control_out("It.", Polarity.UNIPOLAR)

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        return x


class ShowNumber(Cell):
    """The number that arrives."""

    x = knob("50 % in 10 % .. 90 %", "A number.", limits="0 .. 1")
    out = control_out("It.", Polarity.UNIPOLAR)

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        return x


class ShowCurve(Cell):
    """The number that arrives, on a range with a power curve."""

    x = knob("2.25 in 0 .. 9 pow 2", "A number.", limits="0 .. 9")
    out = control_out("It.", Polarity.UNIPOLAR)

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        return x


class ShowPhase(Cell):
    """The phase that arrives, in cycles."""

    x = knob("0 cyc", "A phase.")
    out = audio_out()

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        return x


class ShowIn(Cell):
    """The audio that arrives; bypassed when absent."""

    absent = Absent.BYPASS

    in_ = audio_in("Audio.", required=False)
    out = audio_out()

    def forward(self, dsp: Dsp, in_: Signal) -> Signal:
        return 2 * in_


@dataclass(frozen=True)
class Shipped:
    """An entry point, as another package would declare it."""

    name: str
    value: str
    shown: type[Cell]

    def load(self) -> type[Cell]:
        return self.shown


SHOWN = (ShowFreq, ShowPitch, ShowTime, ShowLevel, ShowNumber, ShowCurve, ShowPhase, ShowIn)


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the cells above known under `show_freq`, `show_pitch`, ..."""
    shipped = [Shipped(cell.spec.name, cell.__name__, cell) for cell in SHOWN]

    def entry_points(group: str, name: str | None = None) -> list[Shipped]:
        return [one for one in shipped if name in (None, one.name)]

    monkeypatch.setattr(registry, "entry_points", entry_points)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


Compiler = Callable[..., PatchModule]


@pytest.fixture
def build() -> Compiler:
    """Compiles the body of a patch `p` (or a whole file), by default at 16 kHz in float64.

    A body without an output hears its last cell.
    """

    def compiled(body: str, **options: Any) -> PatchModule:
        if "output " not in body:
            body += "\noutput main <- " + re.findall(r"cell (\S+)", body)[-1]
        text = body if body.startswith("patchc") else f"patchc 1\n\npatch p {{\n{body}\n}}\n"
        source = Source("p.patch", text)
        graph, diagnostics = load_graph(source)
        assert graph is not None, [d.message for d in diagnostics]
        return compile_graph(graph, source, **{"sample_rate": 16_000, "dtype": torch.float64, **options})

    return compiled

"""A cell of anybody's plays in a kernel; a formula that cannot is refused with its line, and plays by plain torch."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch

from patchc.cells import registry
from patchc.cells.cell import Cell, Signal, audio_out, knob
from patchc.compiler.fused.refusal import primitives
from patchc.compiler.load import compile_graph
from patchc.dsp.dsp import Dsp
from patchc.dsp.reference import TensorDsp
from patchc.graph.load import load_graph
from patchc.graph.model import Graph
from patchc.source.codes.running import UntraceableFormula
from patchc.source.error import PatchError
from patchc.source.text import Source


class Formula(Cell):
    """A base for cells that differ in one line."""

    x = knob("0.5 in 0 .. 1", "A number.", limits="0 .. 1")
    out = audio_out()

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        return dsp.sine(dsp.phase(220.0)) * x


class CallsTorch(Formula):
    """Hands a signal to torch."""

    x = knob("0.5 in 0 .. 1", "A number.", limits="0 .. 1")
    out = audio_out()

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        return x * torch.sin(dsp.phase(220.0))


class Indexes(Formula):
    """Takes samples out of a signal."""

    x = knob("0.5 in 0 .. 1", "A number.", limits="0 .. 1")
    out = audio_out()

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        phase = dsp.phase(220.0)
        return x * phase[:, :1] + phase


class Branches(Formula):
    """Asks whether a signal is true."""

    x = knob("0.5 in 0 .. 1", "A number.", limits="0 .. 1")
    out = audio_out()

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        phase = dsp.phase(220.0)
        if (phase >= 0).all() if isinstance(phase, torch.Tensor) else phase >= 0:
            return x * phase
        return phase


class CallsNumpy(Formula):
    """Hands a signal to numpy."""

    x = knob("0.5 in 0 .. 1", "A number.", limits="0 .. 1")
    out = audio_out()

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        phase = dsp.phase(220.0)
        return x * torch.as_tensor(np.sin(np.asarray(phase)))


class Powers(Formula):
    """Raises a signal to a power."""

    x = knob("0.5 in 0 .. 1", "A number.", limits="0 .. 1")
    out = audio_out()

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        return x * dsp.phase(220.0) ** 2


class UsesMath(Formula):
    """Turns a signal into one number, in a function of its own."""

    x = knob("0.5 in 0 .. 1", "A number.", limits="0 .. 1")
    out = audio_out()

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        return x * self.curve(dsp.phase(220.0))

    def curve(self, phase: Signal) -> Signal:
        return torch.as_tensor([[math.sin(float(one)) for one in row] for row in phase])


class Counts(Formula):
    """Uses what only a tensor has."""

    x = knob("0.5 in 0 .. 1", "A number.", limits="0 .. 1")
    out = audio_out()

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        phase = dsp.phase(220.0)
        return x * phase / phase.shape[1]


class GivesText(Formula):
    """Gives back what is no signal."""

    x = knob("0.5 in 0 .. 1", "A number.", limits="0 .. 1")
    out = audio_out()

    def forward(self, dsp: Dsp, x: Signal) -> Signal:
        return "0.5"


@dataclass(frozen=True)
class Case:
    """A cell, words of the line that is to blame, and words of what is said about it."""

    cell: type[Cell]
    line: str
    what: str


CASES = (
    Case(CallsTorch, "torch.sin(", "fails: sin(): argument 'input' (position 1) must be Tensor, not a signal"),
    Case(Indexes, "phase[:, :1]", "takes samples out of a signal"),
    Case(Branches, "if (phase >= 0)", "asks whether a signal is true; use `dsp.where`"),
    Case(CallsNumpy, "np.asarray(phase)", "of a signal, which only a tensor has"),
    Case(Powers, "** 2", "raises a signal to a power"),
    Case(UsesMath, "for row in phase", "goes through a signal sample by sample"),
    Case(Counts, "phase.shape", "uses `.shape` of a signal"),
    Case(GivesText, "def forward", "gives a str where a signal is wanted"),
)


@dataclass(frozen=True)
class Shipped:
    """An entry point, as another package would declare it."""

    name: str
    shown: type[Cell]

    def load(self) -> type[Cell]:
        return self.shown

    @property
    def value(self) -> str:
        return self.shown.__name__


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the cells above known."""
    shipped = [Shipped(one.cell.spec.name, one.cell) for one in CASES]
    monkeypatch.setattr(
        registry, "entry_points", lambda group, name=None: [s for s in shipped if name in (None, s.name)]
    )


def patch_of(name: str) -> Graph:
    text = f"patchc 1\n\npatch p {{\n  cell c : {name} {{ x = learn 0.5 in 0 .. 1 }}\n  output main <- c\n}}\n"
    graph, diagnostics = load_graph(Source("p.patch", text))
    assert graph is not None, [d.message for d in diagnostics]
    return graph


def refusal(cell: type[Cell]) -> UntraceableFormula:
    with pytest.raises(PatchError) as caught:
        compile_graph(patch_of(cell.spec.name), sample_rate=8_000)
    (found,) = caught.value.diagnostics
    assert isinstance(found, UntraceableFormula)
    return found


def line_of(cell: type[Cell], words: str) -> int:
    lines, first = inspect.getsourcelines(cell)
    return first + next(number for number, line in enumerate(lines) if words in line)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.cell.spec.name)
def test_formula_is_refused_with_its_line(case: Case) -> None:
    found = refusal(case.cell)
    assert found.code == "P611"
    assert (found.cell, found.file, found.line) == (case.cell.spec.name, __file__, line_of(case.cell, case.line))
    assert case.what in found.message
    assert "dsp" in found.rule_text
    assert 'executor="reference"' in found.help_text


@pytest.mark.parametrize("case", CASES[:-1], ids=lambda case: case.cell.spec.name)
def test_plain_executor_plays_any_formula(case: Case) -> None:
    module = compile_graph(patch_of(case.cell.spec.name), sample_rate=8_000, executor="reference")
    with torch.no_grad():
        sound = module(seconds=0.05)
    assert sound.audio.isfinite().all()
    assert sound.audio.abs().max() > 0


def test_what_a_formula_may_do_is_read_off_the_machine() -> None:
    assert refusal(Powers).allowed == ", ".join(primitives())
    public = {name for name in dir(Dsp) if not name.startswith("_") and callable(getattr(Dsp, name))}
    assert set(primitives()) == public
    assert all(callable(getattr(TensorDsp, name)) for name in primitives())


def test_a_mistake_of_patchc_is_not_blamed_on_the_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    from patchc.compiler.fused.tracing import TraceDsp

    def broken(*_: Any) -> Any:
        raise TypeError("this is patchc's own")

    monkeypatch.setattr(TraceDsp, "phase", _as_if_of_patchc(broken))
    with pytest.raises(TypeError, match="patchc's own"):
        compile_graph(patch_of("calls_torch"), sample_rate=8_000)


def _as_if_of_patchc(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` as if it stood in a file of patchc."""
    import patchc.compiler.fused.tracing as tracing

    code = function.__code__.replace(co_filename=tracing.__file__)
    return type(function)(code, function.__globals__)

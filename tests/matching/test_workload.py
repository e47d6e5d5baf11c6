"""How long a fit will still take: by what is left to do, at the speed shown, without the time that builds take."""

from __future__ import annotations

import pytest
import torch

from patchc.compiler.load import compile_graph
from patchc.graph.load import load_graph
from patchc.matching import fit
from patchc.matching.match import match
from patchc.matching.workload import Moment, Workload
from patchc.source.text import Source


class RunContext:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def kept(loads: list[Workload], one: Workload) -> Workload:
    loads.append(one)
    return one


def test_a_build_does_not_count_for_the_speed() -> None:
    clock = RunContext()
    work = Workload(100.0, clock)
    clock.now = 30.0
    work.add("score", 16_000, 10.0)
    assert work.seconds_left is None
    clock.now = 31.0
    work.add("score", 16_000, 10.0)
    assert work.seconds_left == pytest.approx(8.0)
    clock.now = 60.0
    work.add("gradient", 16_000, 10.0)
    assert work.seconds_left == pytest.approx(7.0)


@pytest.mark.parametrize(("rate", "starts", "steps"), [(8_000, 1, 20), (24_000, 3, 33), (16_000, 2, 0)])
def test_the_work_that_is_planned_is_the_work_that_is_done(
    rate: int, starts: int, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "patchc 1\n\npatch t {\n  cell o : saw { freq = learn 300 Hz in 100 Hz .. 900 Hz log }\n  output main <- o\n}\n"
    )
    graph, _ = load_graph(Source("t.patch", text))
    assert graph is not None
    synth = compile_graph(graph, sample_rate=rate)
    with torch.no_grad():
        target = synth(synth.draw(1, 3), seconds=0.1).audio[0]
    seen: list[Moment] = []
    loads: list[Workload] = []
    monkeypatch.setattr(fit, "Workload", lambda total: kept(loads, Workload(total)))
    match(synth, target, starts=starts, steps=steps, draws=20, children=20, on_progress=seen.append)
    assert [one.done for one in seen] == sorted(one.done for one in seen)
    assert seen[-1].done == steps == seen[-1].steps
    assert seen[0].seconds_left is None
    assert {"draws", "crossings", "sweep"} <= {one.stage for one in seen}
    assert loads[0].done == pytest.approx(loads[0].total, rel=0.2)

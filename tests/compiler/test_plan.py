"""Plans as text, beside the golden files of `tests/compiler/plans`: `patchc plan FILE` writes them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchc.compiler.open import read_graph
from patchc.compiler.plan import make_plan

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
GOLDEN = sorted((HERE / "plans").glob("*.txt"))


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_plan_reads_as_before(golden: Path) -> None:
    graph, _ = read_graph(EXAMPLES / f"{golden.stem}.patch")
    assert make_plan(graph).text() == golden.read_text(encoding="utf-8")


def test_there_are_golden_plans() -> None:
    assert {golden.stem for golden in GOLDEN} >= {"subtractive", "fm_bell", "harmonic_noise"}


def test_steps_stand_in_layer_order() -> None:
    graph, _ = read_graph(EXAMPLES / "subtractive.patch")
    plan = make_plan(graph)
    assert [step.cell for step in plan.steps] == [cell.name for cell in graph.cells]
    assert [step.layer for step in plan.steps] == sorted(step.layer for step in plan.steps)

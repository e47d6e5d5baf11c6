"""The peer benchmarks: rows from canned results, and workers that say what they take. No peer is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PEERS = Path(__file__).parents[2] / "benchmarks/peers"
WORKERS = [path for path in sorted((PEERS / "workers").glob("*.py")) if not path.stem.endswith("meter")]


@pytest.fixture
def peers(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    monkeypatch.syspath_prepend(PEERS)
    return {name: import_module(name) for name in ("cases", "measure", "table", "compare")}


def run(seconds: float, peak: float, nonfinite: int = 0) -> dict[str, Any]:
    """What a worker prints."""
    return {
        "seconds": seconds,
        "cores": 2.0,
        "before_mib": 200.0,
        "peak_mib": peak,
        "gradients": {"numbers": 78, "missing": 0, "nonfinite": nonfinite},
        "versions": {"torch": "2.13.0"},
    }


def outcome(peers: dict[str, ModuleType], ours: float, theirs: float, failure: str | None = None) -> Any:
    """The voice with gradients, 16 at once, against torchsynth alone."""
    cases, measure = peers["cases"], peers["measure"]
    peer = cases.Peer(cases.TORCHSYNTH, {cases.Allocator.SHIPPED: 15.0}, memory=0.25)
    case = cases.Case("voice", 16, cases.Mode.GRADIENT, cases.Side("patchc", cases.Home.OWN, "ours.py"), (peer,))
    sides = (
        measure.Measured(case.ours, [run(ours * factor, 300.0) for factor in (1, 3, 1.1)]),
        measure.Measured(peer.side, [] if failure else [run(theirs, 700.0, nonfinite=12)] * 3, failure),
    )
    return measure.Outcome(case, cases.Allocator.SHIPPED, sides)


def test_a_row_compares_medians(peers: dict[str, ModuleType]) -> None:
    [row] = peers["table"].rows(outcome(peers, ours=0.01, theirs=0.22), seconds=1.0)
    assert row.ours.nanoseconds == pytest.approx(1e9 * 0.011 / (16 * 44_100))
    assert row.ratio == pytest.approx(20)
    assert row.memory == pytest.approx(0.2)
    assert (row.fast, row.small) == (True, True)
    assert json.loads(json.dumps(peers["table"].as_data(row)))["ratio"] == 20


def test_a_row_misses_its_target(peers: dict[str, ModuleType]) -> None:
    [row] = peers["table"].rows(outcome(peers, ours=0.1, theirs=0.22), seconds=1.0)
    assert (row.fast, row.small) == (False, True)


def test_remarks_name_bad_gradients_and_noise(peers: dict[str, ModuleType]) -> None:
    found = peers["table"].remarks(peers["table"].rows(outcome(peers, ours=0.01, theirs=0.22), seconds=1.0))
    assert any("torchsynth has no finite gradient for 12 of 78" in remark for remark in found)
    assert any("noisy, patchc" in remark for remark in found)


def test_a_missing_peer_is_a_row(peers: dict[str, ModuleType]) -> None:
    found = list(peers["table"].rows(outcome(peers, ours=0.01, theirs=0.2, failure="not set up"), seconds=1.0))
    assert found[0].theirs is None
    assert (found[0].fast, found[0].small) == (None, None)
    assert peers["table"].remarks(found)[0].endswith("torchsynth: not set up")
    assert peers["table"].printed(found).row_count == 1


def test_results_are_kept_as_data(peers: dict[str, ModuleType], tmp_path: Path) -> None:
    path = tmp_path / "results" / "peers.json"
    peers["compare"]._save(path, [outcome(peers, ours=0.01, theirs=0.2)], runs=3, seconds=1.0)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["versions"]["torch"] == "2.13.0"
    assert len(kept["measured"][0]["sides"]["torchsynth"]["runs"]) == 3


def test_a_question_that_is_asked_again_replaces_its_own_rows(peers: dict[str, ModuleType], tmp_path: Path) -> None:
    path, compare = tmp_path / "peers.json", peers["compare"]
    first, other = outcome(peers, ours=0.01, theirs=0.2), outcome(peers, ours=0.02, theirs=0.2)
    tuned = peers["measure"].Outcome(other.case, peers["cases"].Allocator.TUNED, other.sides)
    compare._save(path, [first], runs=3, seconds=1.0)
    compare._save(path, [tuned], runs=3, seconds=1.0)
    compare._save(path, [outcome(peers, ours=0.04, theirs=0.2)], runs=7, seconds=1.0)
    rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
    assert [(row["allocator"], row["runs"]) for row in rows] == [("shipped", 7), ("tuned", 3)]
    compare._save(path, [first], runs=3, seconds=2.0)  # other sounds are nothing to stand beside
    assert len(json.loads(path.read_text(encoding="utf-8"))["rows"]) == 1


def test_questions_go_by_the_beginning_of_their_names(peers: dict[str, ModuleType]) -> None:
    asked = [str(one) for one in peers["compare"].questions() if one.is_of("voice:16")]
    modes, allocators = ("forward", "gradient", "pullback"), ("shipped", "tuned")
    assert asked == [f"voice:16:{mode}:{allocator}" for mode in modes for allocator in allocators]
    assert not any(one.is_of("voi") for one in peers["compare"].questions())


def test_every_case_names_files_that_exist(peers: dict[str, ModuleType]) -> None:
    for case in peers["cases"].all_cases():
        for side in case.sides:
            assert (PEERS / "workers" / side.worker).is_file()
            for word in side.options:
                assert "/" not in word or (PEERS.parents[1] / word).is_file(), word


def test_a_side_that_is_not_set_up_fails_and_the_others_go_on(
    peers: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    measure = peers["measure"]
    monkeypatch.setattr(measure, "ROOT", tmp_path)
    monkeypatch.setattr(measure, "_told", lambda *_: ["-c", "print('{\"seconds\": 1}')"])
    ticks: list[None] = []
    case = outcome(peers, 1, 1).case
    found = measure.measure(case, peers["cases"].Allocator.TUNED, 2, 1.0, lambda: ticks.append(None))
    assert found.sides[0].runs == [{"seconds": 1, "warning": None}] * 2
    assert "not set up" in found.sides[1].failure
    assert len(ticks) == 4


@pytest.mark.parametrize("worker", WORKERS, ids=lambda path: path.stem)
def test_every_worker_says_what_it_takes(worker: Path) -> None:
    done = subprocess.run([sys.executable, worker, "--help"], capture_output=True, text=True, check=True)
    assert "--batch" in done.stdout

"""`patchc bench` says how fast a patch is and where the time goes; `patchc plan --kernel` prints what is built."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
SHORT = ("--seconds", "0.05", "--batch", "2", "--threads", "1")


def test_bench_as_json(run: Run, good: str) -> None:
    said = run("bench", good, "--json", *SHORT)
    assert said.code == 0
    found = json.loads(said.out)
    assert (found["executor"], found["threads"], found["seconds"]) == ("fused", 1, 0.05)
    (row,) = found["rows"]
    assert row["batch"] == 2
    assert row["forward"] > 0 < row["gradient"]
    assert sum(found["cells"].values()) == pytest.approx(1.0)
    assert set(found["cells"]) >= {"osc : saw", "vcf : svf"}
    assert found["limit"] > 0


def test_bench_for_people(run: Run, good: str) -> None:
    said = run("bench", good, *SHORT)
    assert said.code == 0
    assert "fused executor" in said.out
    assert "vcf : svf" in said.out
    assert "that these operations would take alone" in said.out


def test_bench_of_plain_torch_counts_nothing(run: Run, good: str) -> None:
    said = run("bench", good, "--executor", "reference", *SHORT)
    assert said.code == 0
    assert "reference executor" in said.out
    assert "operations" not in said.out


def test_kernels_are_printed_as_they_are_built(run: Run, good: str) -> None:
    ahead, back = (run("plan", good, "--kernel", *more) for more in ((), ("--backward",)))
    assert (ahead.code, back.code) == (0, 0)
    assert "KERNEL(forward) {" in ahead.out
    assert "// vcf : svf" in ahead.out
    assert "KERNEL(backward) {" in back.out

"""The kernels play random patches as plain torch in float64 does: forty of them always, all five hundred on request."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.internal.conjecture import providers

from patchc.graph.load import load_graph
from patchc.graph.model import Graph
from patchc.graph.write import to_text
from patchc.source.text import Source
from patchc.testing import graphs
from patchc.testing.agreement import Difference, Trio, by_settings

RATES = (8_000, 8_000, 16_000, 11_025)
HOPS = (None, None, None, 1, 7)
"""Samples in a control frame, where it is not the usual number."""

BATCHES = (3, 1, 2, 5, 16, 17)
SAMPLES = (800, 803, 1001, 333)

FEW, ALL, TOGETHER = 40, 500, 10


def drawn(number: int) -> Graph:
    """Random patch `number`: the third of its draw, as the first are the simplest there are.

    Hypothesis also tries constants from the modules that are loaded, so that the same number would be another patch in
    another process. It is told that there are none.
    """
    found: list[Graph] = []

    @seed(number)
    @settings(
        max_examples=3, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
    )
    @given(graphs())
    def draw(graph: Graph) -> None:
        found.append(graph)

    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(providers, "_get_local_constants", providers.Constants)
        draw()
    return found[-1]


def differences(number: int, graph: Graph) -> list[Difference]:
    rate, hop = RATES[number % len(RATES)], HOPS[number % len(HOPS)]
    three = Trio(graph, rate, rate / hop if hop else None)
    leaves = {"settings": three.fused.draw(BATCHES[number % len(BATCHES)], seed=number)}
    seconds = SAMPLES[number % len(SAMPLES)] / rate
    return three.differences(by_settings(seconds=seconds, seed=number), leaves)


def report(number: int, graph: Graph, far: list[Difference]) -> str:
    return "\n".join([f"random patch {number}", to_text(graph), *map(str, far)])


def check(number: int) -> list[Difference]:
    graph = drawn(number)
    found = differences(number, graph)
    far = [one for one in found if one.too_far]
    assert not far, report(number, graph, far)
    return found


@pytest.mark.parametrize("number", range(FEW))
def test_random_patch_agrees(number: int) -> None:
    check(number)


SOUND_THAT_IS_NONE = """patchc 1

patch p {
  input gate : gate
  cell none : show_in
  cell env  : adsr { gate <- gate }
  cell tone : harmonic(partials = 2) { level += env * -33.9 dB; level += none * -6 dB }
  cell late : delay(longest = 1 ms) { in <- none }
  output main <- none, tone
}
"""


def test_sound_that_never_changes_is_the_same_in_whichever_kernel_it_is() -> None:
    """As a constant it left a level at control rate, in lines of amplitude; as sound from another kernel it did not."""
    graph, said = load_graph(Source("p.patch", SOUND_THAT_IS_NONE))
    assert graph is not None, said
    assert [one for one in differences(12, graph) if one.too_far] == []


@pytest.mark.xfail(
    strict=False, reason="4e-5 apart at an envelope whose attack sound moves; the cause is not known yet"
)
def test_an_attack_that_sound_moves_agrees() -> None:
    """A random patch of an earlier drawing, as it was."""
    path = Path(__file__).parent / "open" / "audio_moves_an_attack.patch"
    graph, said = load_graph(Source(path.name, path.read_text("utf-8")))
    assert graph is not None, said
    assert [one for one in differences(4, graph) if one.too_far] == []


@pytest.fixture
def cache_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand kernels would drive all others out of the cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.mark.slow
@pytest.mark.usefixtures("cache_of_its_own")
@pytest.mark.parametrize("start", range(0, ALL, TOGETHER))
def test_random_patches_agree(start: int) -> None:
    found = [one for number in range(start, start + TOGETHER) for one in check(number)]
    hard = [one for one in found if one.hard]
    assert len(hard) <= len(found) // 10, hard


def test_random_patches_differ() -> None:
    texts = {to_text(drawn(number)) for number in range(FEW)}
    assert len(texts) == FEW

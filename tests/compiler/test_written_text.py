"""What `text` writes plays the same sound, bit for bit, in both executors; and what no text can hold is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from torch import Tensor

from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.compiler.settings import END
from patchc.graph.load import load_graph
from patchc.source.error import PatchError
from patchc.source.text import Source
from patchc.testing import patches

Compiler = Callable[..., PatchModule]
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.patch"))


def compiled(text: str, name: str = "p.patch", **options: Any) -> PatchModule:
    source = Source(name, text)
    graph, diagnostics = load_graph(source)
    assert graph is not None, [d.message for d in diagnostics]
    return compile_graph(graph, source, **{"sample_rate": 16_000, **options})


def played(synth: PatchModule, settings: Tensor | None) -> Tensor:
    inputs = {item.name: 1.0 for item in synth.plan.inputs if item.kind == "control" and item.value is None}
    audio: Tensor = synth(settings, seconds=0.05, seed=3, taps=(), inputs=inputs).audio
    return audio


def same_bits(one: Tensor, other: Tensor) -> bool:
    """Also where something is not a number in both."""
    return one.dtype == other.dtype and bool(((one == other) | (one.isnan() & other.isnan())).all())


def at_flat_end(synth: PatchModule, drawn: Tensor) -> bool:
    """Whether something learned lies at the lower end of a `pow` range, where its parameter starts a little inside."""
    return any(
        knob.role == "learn" and getattr(knob.domain, "curve", "") == "pow" and drawn[0, knob.columns].min() < END
        for knob in synth.knobs
    )


def check(synth: PatchModule, drawn: Tensor, **options: Any) -> None:
    name = synth.source.name if synth.source else "p.patch"
    again = compiled(synth.text(drawn), name, **options)
    before = played(synth, drawn)
    assert same_bits(before, played(again, again.defaults()))
    if not at_flat_end(synth, drawn):
        assert same_bits(before, played(again, again.settings()))


@pytest.mark.parametrize("executor", ["reference", pytest.param("fused", marks=pytest.mark.slow)])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_plays_what_was_drawn(path: Path, executor: str) -> None:
    synth = compiled(path.read_text(encoding="utf-8"), str(path), executor=executor)
    for seed in range(3):
        check(synth, synth.draw(1, seed), executor=executor)


@settings(deadline=None, max_examples=40, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
@given(patches(), st.integers(0, 1000), st.booleans())
def test_a_random_patch_plays_what_was_drawn(text: str, seed: int, at_ends: bool) -> None:
    """Positions are drawn, or all lie at an end of their range."""
    synth = compiled(text, executor="reference")
    drawn = synth.draw(1, seed)
    check(synth, drawn.round() if at_ends else drawn, executor="reference")


@pytest.mark.parametrize("start", ["0 ct in 0 ct .. 50 ct", "50 ct in 0 ct .. 50 ct", "0 ct in -50 ct .. 0 ct"])
def test_a_number_at_an_end_of_its_range_plays_there(build: Compiler, start: str) -> None:
    body = f"cell lfo1 : lfo {{ }}\ncell o : saw {{ freq = 440 Hz; freq += lfo1 * learn {start} }}"
    synth = build(body, dtype=torch.float32)
    assert synth.natural(synth.settings())["o.freq[lfo1].depth"].item() == pytest.approx(float(start.split()[0]) / 1200)
    assert torch.equal(synth.settings(), synth.defaults())
    assert synth.text() == synth.source.text  # type: ignore[union-attr]
    synth(seconds=0.05).audio.square().sum().backward()
    assert synth.learned.stored("o.freq[lfo1].depth").grad.abs().item() > 0  # type: ignore[union-attr]


def test_a_number_at_an_end_can_leave_it_and_come_back(build: Compiler) -> None:
    synth = build("cell o : saw { freq = learn 20 Hz in 20 Hz .. 8 kHz log }", dtype=torch.float32)
    stored = synth.learned.stored("o.freq")
    with torch.no_grad():
        stored -= 1.0
    assert synth.settings().item() == 0.0
    synth.settings().sum().backward()
    assert stored.grad is not None
    assert stored.grad.item() > 0
    with torch.no_grad():
        stored += 3.0
    assert 0 < synth.settings().item() < 1


def test_learned_numbers_are_written_as_they_play(build: Compiler) -> None:
    saw = "cell o : saw { freq = learn 440 Hz in 20 Hz .. 8 kHz log; level = learn -6 dB }"
    synth = build(f"{saw}\noutput main <- o * learn -3 dB", dtype=torch.float32)
    with torch.no_grad():
        for name, by in (("o.freq", 0.123), ("o.level", -1.77), ("main[o].gain", 9.0)):
            synth.learned.stored(name).add_(by)
    check(synth, synth.settings())
    assert same_bits(played(synth, None), played(compiled(synth.text()), None))


def test_a_patch_without_knobs_is_written_as_it_is(build: Compiler) -> None:
    synth = build("cell o : sine { freq = 440 Hz }")
    assert synth.text() == synth.source.text  # type: ignore[union-attr]
    assert synth.text(synth.defaults()) == synth.text()


def test_in_double_precision_the_text_is_right_to_rounding(build: Compiler) -> None:
    synth = build("cell o : saw { freq = learn 440 Hz in 20 Hz .. 8 kHz log; level = learn -6 dB }")
    drawn = synth.draw(1, 5)
    again = compiled(synth.text(drawn), dtype=torch.float64)
    torch.testing.assert_close(again.defaults(), drawn, atol=1e-14, rtol=0)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda synth: synth.draw(2), r"\[2, 1\].*`\[1, 1\]`"),
        (lambda synth: synth.draw(1)[:0], r"\[0, 1\]"),
        (lambda synth: synth.draw(1).expand(1, 4, 1), r"\[1, 4, 1\]"),
        (lambda synth: torch.zeros(1, 2), r"\[1, 2\]"),
        (lambda synth: torch.full((1, 1), torch.nan), "`o.freq` is at nan"),
        (lambda synth: torch.full((1, 1), 1.5), "`o.freq` is at 1.5"),
    ],
)
def test_what_is_not_one_sound_is_refused(build: Compiler, make: Any, said: str) -> None:
    synth = build("cell o : saw { freq = learn 440 Hz in 20 Hz .. 8 kHz log }", dtype=torch.float32)
    with pytest.raises(PatchError, match=said) as refused:
        synth.text(make(synth))
    assert [d.code for d in refused.value.diagnostics] == ["P617"]


def test_a_choice_between_its_members_is_said(build: Compiler) -> None:
    synth = build("param wave = learn saw in [saw, square]\ncell o : saw { }\noutput main <- o  when wave is saw")
    text = synth.text(torch.tensor([[0.25, 0.75]]))
    assert "learn square in" in text
    assert text.endswith("}\n\n# `wave` is one of its members in a patch, and was a blend: 25 % saw, 75 % square\n")
    again = compiled(text)
    assert again.text(torch.tensor([[0.5, 0.5]])).count("# `wave`") == 1
    assert "#" not in again.text(torch.tensor([[1.0, 0.0]]))

"""Settings drawn from priors: where they lie, and that an item depends on the seed, its place and names alone."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from patchc.compiler.module import PatchModule

Compiler = Callable[..., PatchModule]

BODY = """
param wave   = learn a in [a, b, c] ~ categorical(60 %, 30 %, 10 %)
param plain  = learn a in [a, b]
param near   = learn 800 Hz in 20 Hz .. 8 kHz log ~ normal(800 Hz, 1 oct)
param cut    = learn 7 ct in 0 ct .. 50 ct ~ normal(7 ct, 5 ct)
param half   = learn 3 ct in 0 ct .. 40 ct ~ halfnormal(12 ct)
param flat   = learn 5 in 0 .. 10 ~ uniform(2, 4)
param even   = learn 5 in 0 .. 10
param steps  = predict 3 st in 0 st .. 12 st step 1 st
cell s    : saw  maybe 25 % { freq = near }
cell bank : harmonic(partials = 3) { freq = near; shape = predict }
output main <- s, bank
"""


@pytest.fixture
def drawn(build: Compiler) -> dict[str, Tensor]:
    synth = build(BODY)
    return synth.natural(synth.draw(4000, seed=1))


def test_an_item_depends_on_the_seed_and_its_place(build: Compiler) -> None:
    synth = build(BODY)
    assert torch.equal(synth.draw(64, seed=0)[:8], synth.draw(8, seed=0))
    assert not torch.equal(synth.draw(8, seed=0), synth.draw(8, seed=1))


def test_a_knob_is_drawn_by_its_name_alone(build: Compiler) -> None:
    lines = BODY.strip().split("\n")
    other = build("\n".join([*lines[1:8], lines[0], *lines[8:]]))
    one = build(BODY)
    a, b = one.natural(one.draw(8)), other.natural(other.draw(8))
    assert all(torch.equal(a[name], b[name]) for name in a)


def test_everything_lies_in_its_range(build: Compiler) -> None:
    settings = build(BODY).draw(2000, seed=3)
    assert bool(((settings >= 0) & (settings <= 1)).all())


def test_a_normal_is_normal_in_octaves(drawn: dict[str, Tensor]) -> None:
    octaves = torch.log2(drawn["near"] / 800)
    assert octaves.mean().item() == pytest.approx(0, abs=0.06)
    assert octaves.std().item() == pytest.approx(1, abs=0.05)


def test_a_normal_is_cut_off_at_its_range(drawn: dict[str, Tensor]) -> None:
    cents = drawn["cut"] * 1200
    below, above = ((1 + math.erf(z / math.sqrt(2))) / 2 for z in (-7 / 5, 43 / 5))
    density = math.exp(-((7 / 5) ** 2) / 2) / math.sqrt(2 * math.pi)
    assert cents.mean().item() == pytest.approx(7 + 5 * density / (above - below), abs=0.2)


def test_a_halfnormal_rises_from_the_low_end(drawn: dict[str, Tensor]) -> None:
    assert (drawn["half"] * 1200).mean().item() == pytest.approx(12 * math.sqrt(2 / math.pi), abs=0.4)


def test_uniform_and_no_prior_are_even(drawn: dict[str, Tensor]) -> None:
    assert 2 <= drawn["flat"].min().item() < 2.05
    assert 3.95 < drawn["flat"].max().item() <= 4
    assert drawn["even"].mean().item() == pytest.approx(5, abs=0.15)


def test_choices_are_one_hot_with_their_probabilities(drawn: dict[str, Tensor]) -> None:
    assert drawn["wave"].mean(0).tolist() == pytest.approx([0.6, 0.3, 0.1], abs=0.025)
    assert drawn["plain"].mean(0).tolist() == pytest.approx([0.5, 0.5], abs=0.025)
    assert set(drawn["wave"].flatten().tolist()) == {0.0, 1.0}


def test_steps_are_met(drawn: dict[str, Tensor]) -> None:
    semitones = drawn["steps"] * 12
    torch.testing.assert_close(semitones, semitones.round(), atol=1e-6, rtol=0)
    assert set(semitones.round().int().tolist()) == set(range(13))


def test_a_maybe_is_there_or_not(drawn: dict[str, Tensor]) -> None:
    assert set(drawn["s.maybe"].tolist()) == {0.0, 1.0}
    assert drawn["s.maybe"].mean().item() == pytest.approx(0.25, abs=0.025)


def test_a_simplex_is_even_over_all_weights(drawn: dict[str, Tensor]) -> None:
    weights = drawn["bank.shape"]
    torch.testing.assert_close(weights.sum(1), torch.ones_like(weights[:, 0]))
    assert weights.mean(0).tolist() == pytest.approx([1 / 3] * 3, abs=0.015)
    assert weights.var(0).tolist() == pytest.approx([1 / 18] * 3, abs=0.006)  # of Dirichlet(1, 1, 1)

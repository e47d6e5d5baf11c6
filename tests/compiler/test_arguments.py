"""Arguments of the Python API that do not fit are refused by name; none is bent into another value silently."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from patchc.compiler.module import PatchModule
from patchc.source.error import PatchError

Compiler = Callable[..., PatchModule]

BODY = """
input pitch : control = 440 Hz in 20 Hz .. 20 kHz log
cell hiss : noise
cell osc  : sine { freq = pitch; level = learn }
cell sum  : mix { in <- osc, hiss }
output main <- sum
"""
RATE = 16_000


def said(call: Callable[[], object]) -> str:
    with pytest.raises(PatchError) as caught:
        call()
    (diagnostic,) = caught.value.diagnostics
    return f"{diagnostic.code} {diagnostic.message}: {diagnostic.rule_text}"


@pytest.mark.parametrize("rate", [0, -1, 0.5, 44_100.9, float("nan"), float("inf"), "48k", None, True])
def test_sample_rates_are_whole_and_positive(build: Compiler, rate: object) -> None:
    assert said(lambda: build(BODY, sample_rate=rate)).startswith("P607 `sample_rate` cannot be")


def test_a_whole_sample_rate_may_be_a_float(build: Compiler) -> None:
    assert build(BODY, sample_rate=44_100.0).sample_rate == 44_100


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf"), "750"])
def test_control_rates_are_positive(build: Compiler, rate: object) -> None:
    assert said(lambda: build(BODY, control_rate=rate)).startswith("P607 `control_rate` cannot be")


@pytest.mark.parametrize("seconds", ["1 s", torch.tensor(0.1), None, True, 1j])
def test_lengths_are_plain_numbers(build: Compiler, seconds: Any) -> None:
    assert said(lambda: build(BODY, sample_rate=RATE)(seconds=seconds)).startswith("P607 `seconds` cannot be")


@pytest.mark.parametrize("seed", [1.0, 1.5, "x", 2**63, -(2**63) - 1, True, [], [1.5], ["1"], None])
def test_what_is_no_seed(build: Compiler, seed: Any) -> None:
    assert said(lambda: build(BODY, sample_rate=RATE)(seconds=0.01, seed=seed)).startswith("P607 `seed` cannot be")


@pytest.mark.parametrize("seed", [torch.tensor([1.0]), torch.tensor([[1]]), torch.tensor([True])])
def test_what_is_no_tensor_of_seeds(build: Compiler, seed: torch.Tensor) -> None:
    assert "tensor" in said(lambda: build(BODY, sample_rate=RATE)(seconds=0.01, seed=seed))


def test_a_list_of_seeds_is_a_batch_of_sounds(build: Compiler) -> None:
    synth = build(BODY, sample_rate=RATE)
    listed, tensor = (synth(seconds=0.01, seed=seed).audio for seed in ([1, 2], torch.tensor([1, 2])))
    assert listed.shape[0] == 2
    assert torch.equal(listed, tensor)
    assert torch.equal(listed[1:], synth(seconds=0.01, seed=np.int64(2)).audio)


@pytest.mark.parametrize("settings", [np.full((1, 1), 0.5, np.float32), [[0.5]], torch.ones(1, 1) * 1j])
def test_settings_are_real_tensors(build: Compiler, settings: Any) -> None:
    assert said(lambda: build(BODY, sample_rate=RATE)(settings, seconds=0.01)).startswith("P607 `settings` cannot be")


def test_a_batch_holds_at_least_one_sound(build: Compiler) -> None:
    synth = build(BODY, sample_rate=RATE)
    assert said(lambda: synth(torch.zeros(0, 1), seconds=0.01)).startswith("P606")


@pytest.mark.parametrize("batch", [0, -1, 1.5, "2"])
def test_draws_are_counted(build: Compiler, batch: Any) -> None:
    assert said(lambda: build(BODY, sample_rate=RATE).draw(batch)).startswith("P607 `batch` cannot be")


def test_draws_fit_the_memory(build: Compiler) -> None:
    assert said(lambda: build(BODY, sample_rate=RATE).draw(10**10)).startswith("P609")


def test_a_complex_value_is_not_cut_to_its_real_part(build: Compiler) -> None:
    assert said(lambda: build(BODY, sample_rate=RATE)(seconds=0.01, pitch=1 + 2j)).startswith("P607 `pitch`")


def test_natural_values_of_other_widths(build: Compiler) -> None:
    assert said(lambda: build(BODY, sample_rate=RATE).natural(torch.zeros(1, 3))).startswith("P606")


def test_a_number_that_training_has_made_nan_is_named(build: Compiler) -> None:
    synth = build(BODY, sample_rate=RATE)
    with torch.no_grad():
        next(synth.parameters()).fill_(float("nan"))
    assert said(lambda: synth(seconds=0.01)).startswith("P607 `osc.level` cannot be at nan")


@pytest.mark.parametrize("dtype", [torch.int32, torch.complex64, "float32", None])
def test_sounds_have_a_float_type(build: Compiler, dtype: Any) -> None:
    assert said(lambda: build(BODY, dtype=dtype)).startswith("P607 `dtype` cannot be")


@pytest.mark.parametrize("limit", [0, -1, "8 GB"])
def test_a_memory_limit_is_above_zero(build: Compiler, limit: Any) -> None:
    assert said(lambda: build(BODY, memory_limit=limit)).startswith("P607 `memory_limit` cannot be")


def test_taps_are_names_or_addresses(build: Compiler) -> None:
    synth = build(BODY)
    assert said(lambda: synth(synth.defaults(), seconds=0.01, taps=5)).startswith("P607 `taps` cannot be a int")


def test_a_checkpoint_that_cannot_be_written_is_said(build: Compiler) -> None:
    assert said(lambda: build(BODY).save("/no/such/folder/x.safetensors")).startswith("P805 `/no/such/folder/")

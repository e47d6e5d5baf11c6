"""The cells of torchsynth's voice, the control mixer and the wavefolder against closed forms; and the voice itself."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

import patchc
from patchc.compiler.module import PatchModule
from patchc.graph.model import Role

VOICE = Path(__file__).parents[2] / "examples/voice.patch"
ENVELOPE = {"attack": 0.0501, "decay": 0.2121, "sustain": 0.35, "release": 0.3331, "held": 0.7007, "curve": 2.0}
SHAPES = ("sine", "triangle", "saw", "ramp", "square")

Array = NDArray[np.float64]


def number(value: float, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.tensor([[value]], dtype=dtype)


def rendered(alone: Any, name: str, given: dict[str, float], **how: Any) -> tuple[Array, Array]:
    """Times of the cell's own ticks and its signal, with every number not given at its default."""
    one = alone(name, dtype=torch.float64, **how)
    out = one.run({**one.values(), **{port: number(value) for port, value in given.items()}})
    return np.arange(one.ticks) / one.clock, out[0].numpy()


def gradients(alone: Any, name: str, given: dict[str, float], **how: Any) -> dict[str, float]:
    """The gradient of the signal's energy by every given number, in float32."""
    one = alone(name, **how)
    leaves = {port: number(value, torch.float32).requires_grad_() for port, value in given.items()}
    energy = one.run({**one.values(), **leaves}).square().mean()
    found = torch.autograd.grad(energy, list(leaves.values()))
    return dict(zip(leaves, map(float, found), strict=True))


# --- the envelope -----------------------------------------------------------------------------------------------------


def segment(time: Array, start: float, length: float) -> Array:
    return np.clip((time - start) / length, 0, 1)


@pytest.mark.parametrize("curve", [0.1, 0.5, 1.0, 2.0, 6.0])
@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_envelope_is_a_product_of_powers(curve: float, rate: int, alone: Any) -> None:
    given = {**ENVELOPE, "curve": curve}
    time, out = rendered(alone, "curved_adsr", given, rate=rate, seconds=1.5)
    rise = segment(time, 0, given["attack"]) ** curve
    fall = (1 - segment(time, given["attack"], given["decay"])) ** curve
    fade = (1 - segment(time, given["held"], given["release"])) ** curve
    sustain = given["sustain"]
    np.testing.assert_allclose(out, rise * ((1 - sustain) * fall + sustain) * fade, atol=1e-12)


@pytest.mark.parametrize("held", [0.03, 0.1])
def test_envelope_let_go_early_fades_from_where_it_is(held: float, alone: Any) -> None:
    time, out = rendered(alone, "curved_adsr", {**ENVELOPE, "held": held}, seconds=1.0)
    _, kept = rendered(alone, "curved_adsr", ENVELOPE, seconds=1.0)
    still = rendered(alone, "curved_adsr", {**ENVELOPE, "held": held, "release": 60.0}, seconds=1.0)[1]
    np.testing.assert_allclose(out[time <= held], kept[time <= held])
    fade = (1 - segment(time, held, ENVELOPE["release"])) ** 2
    np.testing.assert_allclose(out[time > held], still[time > held][0] * fade[time > held], rtol=2e-3, atol=1e-6)


@pytest.mark.parametrize("curve", [0.1, 1.0, 6.0])
@pytest.mark.parametrize("gone", [("attack",), ("decay",), ("release",), ("attack", "decay", "release")])
def test_envelope_without_a_segment_has_gradients(gone: tuple[str, ...], curve: float, alone: Any) -> None:
    given = {**ENVELOPE, "curve": curve, **dict.fromkeys(gone, 0.0)}
    found = gradients(alone, "curved_adsr", given, seconds=1.0, rate=48_000, control_rate=48_000)  # in 0.1 ms no frame
    assert all(abs(gradient) < 1e3 for gradient in found.values())
    assert found["sustain"] > 0
    assert found["held"] > 0


# --- the LFO ----------------------------------------------------------------------------------------------------------


def waves(phase: Array) -> dict[str, Array]:
    part = phase % 1
    return {
        "sine": (np.cos(2 * np.pi * phase + np.pi) + 1) / 2,
        "triangle": np.where(part > 0.5, 2 - 2 * part, 2 * part),
        "saw": 1 - part,
        "ramp": part,
        "square": (np.sign(np.cos(2 * np.pi * phase + np.pi)) + 1) / 2,
    }


def off_corners(phase: Array) -> NDArray[np.bool_]:
    """Where no step or corner is nearer than it is smoothed."""
    return np.abs((phase * 4 + 0.5) % 1 - 0.5) > 4 * 0.0101


@pytest.mark.parametrize("phase", [0.0, 0.3, -0.45])
@pytest.mark.parametrize("shape", SHAPES)
def test_lfo_shapes(shape: str, phase: float, alone: Any) -> None:
    given = {**dict.fromkeys(SHAPES, 0.0), shape: 1.0, "rate": 3.0, "phase": phase, "level": 0.8}
    time, out = rendered(alone, "mixed_lfo", given, seconds=2.0)
    phase = 3.0 * time + phase
    near = off_corners(phase)
    np.testing.assert_allclose(out[near], 0.8 * waves(phase)[shape][near], atol=1e-5)
    assert near.mean() > 0.9


def test_lfo_mixture(alone: Any) -> None:
    shares = {"sine": 0.3, "triangle": 0.9, "saw": 0.2, "ramp": 0.7, "square": 0.55}
    time, out = rendered(alone, "mixed_lfo", {**shares, "rate": 2.0}, seconds=2.0)
    weights = {name: share**math.e for name, share in shares.items()}
    wanted = sum(weights[name] * wave for name, wave in waves(2.0 * time).items()) / sum(weights.values())
    near = off_corners(2.0 * time)
    np.testing.assert_allclose(out[near], wanted[near], atol=1e-5)


@pytest.mark.parametrize("phase", [0.0, 0.25, 0.5, 0.3])
@pytest.mark.parametrize("share", [0.0, 1e-3, 1.0])
def test_lfo_that_stands_still_has_gradients(share: float, phase: float, alone: Any) -> None:
    given = {**dict.fromkeys(SHAPES, share), "rate": 0.0, "phase": phase, "level": 1.0}
    found = gradients(alone, "mixed_lfo", given, seconds=1.0)
    assert all(abs(gradient) < 1e3 for gradient in found.values())


# --- the mixer of control signals -------------------------------------------------------------------------------------


def test_control_mix(alone: Any) -> None:
    for total, wanted in [(0.0, 0.0), (0.2, 0.2), (0.5, 0.5), (1.0, 0.75), (4.0, 0.9375)]:
        assert rendered(alone, "control_mix", {"value": total})[1] == pytest.approx(wanted, abs=1e-12)
        assert gradients(alone, "control_mix", {"value": total})["value"] >= 0
    assert gradients(alone, "control_mix", {"value": 4.0})["value"] == pytest.approx(2 * 0.9375 / 64, rel=1e-5)


# --- the oscillator ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [16_000, 44_100, 96_000])
@pytest.mark.parametrize("shape", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("freq", [8.1758, 55.0, 2637.0, 12_543.0])
def test_square_saw(freq: float, shape: float, rate: int, alone: Any) -> None:
    given = {"freq": freq, "shape": shape, "phase": 0.15}
    time, out = rendered(alone, "square_saw", given, rate=rate, seconds=0.5)
    angle = 2 * np.pi * (freq * time + 0.15)
    partials = min(12_000, 12_000 * rate / 44_100) / (freq * math.log10(freq))
    wanted = (1 - shape / 2) * np.tanh(np.pi * partials * np.sin(angle) / 2) * (1 + shape * np.cos(angle))
    np.testing.assert_allclose(out, wanted, atol=1e-7)


@pytest.mark.parametrize("rate", [16_000, 44_100])
@pytest.mark.parametrize("freq", [110.0, 501.0, 2501.0])
def test_square_saw_has_weak_aliases(freq: float, rate: int, alone: Any) -> None:
    """The worst line between 20 Hz and 72 % of the Nyquist limit that is no harmonic."""
    heard = rendered(alone, "square_saw", {"freq": freq, "shape": 0.5}, rate=rate, seconds=1.0)[1]
    level = np.abs(np.fft.rfft(heard * np.blackman(len(heard))))
    bins = np.arange(len(level))
    harmonic = np.abs(np.round(bins / freq) * freq - bins) < 4
    worst = level[~harmonic & (bins > 20) & (bins < 0.36 * rate)].max()
    assert 20 * math.log10(worst / level.max()) < -50


@pytest.mark.parametrize("freq", [0.01, 0.999, 1.0, 1.001, 10.0])
def test_square_saw_at_the_pole_of_its_logarithm(freq: float, alone: Any) -> None:
    found = gradients(alone, "square_saw", {"freq": freq, "shape": 0.5, "phase": 0.1})
    assert all(math.isfinite(gradient) for gradient in found.values())


# --- the wavefolder ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("drive", "bias"), [(1.0, 0.0), (3.0, 0.0), (14.0, 0.0), (5.0, 0.6), (1.0, -4.0)])
def test_wavefolder_reflects(drive: float, bias: float, alone: Any) -> None:
    one = alone("wavefolder", rate=48_000, dtype=torch.float64, sizes={"oversample": 1})
    values = {**one.values(), "drive": number(drive), "bias": number(bias)}
    out, loud = one.run(values)[0].numpy(), drive * values["in"][0].numpy() + bias
    folded = np.abs((loud - 1) % 4 - 2) - 1
    sharp = np.abs(folded) < 0.8
    np.testing.assert_allclose(out[sharp], folded[sharp], atol=1e-12)
    assert np.abs(out - folded).max() < 0.07
    assert sharp.mean() > 0.4


def test_wavefolder_leaves_small_signals_alone(alone: Any) -> None:
    for oversample, late, atol in ((1, 0, 1e-15), (4, 5, 1e-4)):
        one = alone("wavefolder", dtype=torch.float64, rate=48_000, sizes={"oversample": oversample})
        quiet = one.heard() / 10
        out = one.run({**one.values(), "in": quiet, "drive": number(1.0)})
        torch.testing.assert_close(out[:, late:], quiet[:, : quiet.shape[1] - late], rtol=0, atol=atol)


# --- the voice --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[torch.float32, torch.float64], ids=str)
def voice(request: pytest.FixtureRequest) -> PatchModule:
    return patchc.load(VOICE, sample_rate=16_000, dtype=request.param)


def tap_gradients(voice: PatchModule, settings: Tensor, seconds: float) -> Tensor:
    """By each of the 78 numbers, the gradient of a fixed random projection of all taps."""
    leaf = settings.clone().requires_grad_()
    taps = voice(leaf, seconds=seconds).taps.values()
    torch.manual_seed(0)
    total = sum((tap * torch.randn(tap.shape[1:], dtype=tap.dtype)).sum() for tap in taps)
    (gradient,) = torch.autograd.grad(total, leaf)
    return gradient


def test_voice_has_78_numbers(voice: PatchModule) -> None:
    assert voice.width == 78
    assert len(voice.knobs) == 78
    assert {knob.role for knob in voice.knobs} == {Role.LEARN}


def test_voice_has_gradients_everywhere(voice: PatchModule) -> None:
    """Each number has a gradient in some draw, the settings of the patch have one by every number, all are finite."""
    drawn = tap_gradients(voice, voice.draw(8, seed=1), 1.0)
    assert bool(drawn.isfinite().all())
    assert [knob.name for knob in voice.knobs if not drawn[:, knob.columns].any()] == []
    start = tap_gradients(voice, voice.defaults(), 1.5)
    assert bool(start.isfinite().all())
    assert [knob.name for knob in voice.knobs if not start[:, knob.columns].any()] == []


@pytest.mark.parametrize("end", [0.0, 1.0])
def test_voice_has_finite_gradients_at_the_ends(end: float, voice: PatchModule) -> None:
    """With one number after the other at an end of its range, the rest drawn; and with all of them there."""
    settings = voice.draw(79, seed=2)
    settings[:78].fill_diagonal_(end)
    settings[78] = end
    for start in range(0, 79, 20):
        assert bool(tap_gradients(voice, settings[start : start + 20], 0.5).isfinite().all())

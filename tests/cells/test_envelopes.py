"""Envelopes: levels and times at their corners, at every rate, and gradients by every time."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from patchc.dsp.dsp import Gate

RATES = (16_000, 44_100, 48_000, 96_000)


def number(value: float) -> Tensor:
    return torch.tensor([[value]], dtype=torch.float64)


def adsr(alone: Any, rate: int, on: float = 0.1, off: float = 0.9, **times: float) -> tuple[Tensor, Tensor]:
    """Times and values of an envelope of 1.5 s."""
    one = alone("adsr", rate=rate, seconds=1.5, dtype=torch.float64)
    values = {name: number(value) for name, value in times.items()}
    out = one.run({**one.values(), **values, "gate": Gate(number(on), number(off))})
    return torch.arange(one.ticks, dtype=torch.float64) / one.clock, out[0]


@pytest.mark.parametrize("rate", RATES)
def test_corners(rate: int, alone: Any) -> None:
    """Each corner is where it should be, within one control frame."""
    time, out = adsr(alone, rate, attack=0.05, decay=0.2, sustain=0.4, release=0.3)
    frame = float(time[1])
    assert abs(float(time[out > 0][0]) - 0.1) <= 1.001 * frame
    assert abs(float(time[out.argmax()]) - 0.15) <= frame
    settled = ((out - 0.4).abs() < 1e-12) & (time > 0.2)
    assert abs(float(time[settled][0]) - 0.35) <= 1.001 * frame
    assert abs(float(time[settled][-1]) - 0.9) <= 1.001 * frame
    assert abs(float(time[(out > 0)][-1]) - 1.2) <= 1.001 * frame


@pytest.mark.parametrize("rate", RATES)
def test_values_between(rate: int, alone: Any) -> None:
    """The same value at the same time whatever the rate: halfway up, a quarter of the fall left halfway down."""
    time, out = adsr(alone, rate, attack=0.1, decay=0.2, sustain=0.4, release=0.4)

    def at(moment: float) -> float:
        place = int(torch.searchsorted(time, torch.tensor(moment, dtype=torch.float64)))
        share = (moment - time[place - 1]) / (time[place] - time[place - 1])
        return float(out[place - 1] + (out[place] - out[place - 1]) * share)

    assert at(0.15) == pytest.approx(0.5, abs=1e-3)
    assert at(0.3) == pytest.approx(0.4 + 0.6 / 4, abs=1e-3)
    assert at(1.1) == pytest.approx(0.4 / 4, abs=1e-3)


@pytest.mark.parametrize("off", [0.12, 0.17, 0.3])
def test_release_starts_from_where_it_is(off: float, alone: Any) -> None:
    """Let go in the middle of the attack or the decay, the envelope has no jump, and is over after the release."""
    time, out = adsr(alone, 48_000, off=off, attack=0.05, decay=0.3, sustain=0.5, release=0.2)
    frame = float(time[1])
    assert out.diff().abs().max() <= 1.01 * frame / 0.05
    held = adsr(alone, 48_000, off=1.4, attack=0.05, decay=0.3, sustain=0.5, release=0.2)[1]
    torch.testing.assert_close(out[time <= off], held[time <= off])
    assert out[time >= off + 0.2].abs().max() == 0


def test_nothing_before_the_note(alone: Any) -> None:
    for name in ("adsr", "decay"):
        one = alone(name, rate=48_000, dtype=torch.float64)
        out = one.run({**one.values(), "gate": Gate(number(0.05), number(0.08))})
        time = torch.arange(one.ticks, dtype=torch.float64) / one.clock
        assert out[0, time < 0.05].abs().max() == 0
        assert out.max() > 0.5


@pytest.mark.parametrize("attack", [0.0001, 0.002, 0.05])
def test_every_time_has_a_gradient(attack: float, alone: Any) -> None:
    one = alone("adsr", rate=48_000, seconds=1.0, dtype=torch.float64)
    times = {"attack": attack, "decay": 0.2, "sustain": 0.5, "release": 0.1}
    leaves = {name: number(value).requires_grad_() for name, value in times.items()}
    out = one.run({**one.values(), **leaves})
    for gradient in torch.autograd.grad(out.square().sum(), list(leaves.values())):
        assert gradient.isfinite().all()
        assert gradient.abs().min() > 1e-6


@pytest.mark.parametrize("rate", RATES)
def test_decay_falls_by_60_db(rate: int, alone: Any) -> None:
    one = alone("decay", rate=rate, seconds=1.0, dtype=torch.float64)
    out = one.run({**one.values(), "time": number(0.5), "gate": Gate(number(0.2), number(0.21))})[0]
    time = torch.arange(one.ticks, dtype=torch.float64) / one.clock
    assert float(out.max()) == pytest.approx(1.0, abs=0.02)
    level = 20 * torch.log10(out[time >= 0.2])
    torch.testing.assert_close(level, -120 * (time[time >= 0.2] - 0.2))

"""The delay line against a loop, and its limits."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from patchc.dsp.lagrange import weights
from patchc.dsp.native.dsp import BlockDsp
from patchc.dsp.reference import TensorDsp

RATE = 8_000.0


def loop(x: Tensor, ticks: Tensor, feedback: Tensor) -> Tensor:
    """A sample at a time, `[time]` in float64."""
    line: list[float] = []
    out = []
    for now, (sample, ago, back) in enumerate(zip(x.tolist(), ticks.tolist(), feedback.tolist(), strict=True)):
        whole = int(ago)
        share = ago - whole
        places = [now - whole - node for node in range(-2, 4)]
        around = [line[place] if place >= 0 else 0.0 for place in places]
        out.append(sum(weight * one for weight, one in zip(weights(share), around, strict=True)))
        line.append(sample + back * out[-1])
    return torch.tensor(out, dtype=torch.float64)


@pytest.mark.parametrize("feedback", [0.0, 0.7, -0.9])
@pytest.mark.parametrize("shortest", [0.0005, 0.005])
def test_moving_delay_is_a_loop(feedback: float, shortest: float) -> None:
    time = 2000
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(2, time, generator=generator, dtype=torch.float64) - 0.5
    ticks = torch.arange(time, dtype=torch.float64)
    seconds = 0.01 * (1 + 0.45 * torch.sin(ticks / 300))[None] + torch.tensor([[0.0], [0.003]])
    dsp = TensorDsp(rate=RATE, time=time, dtype=torch.float64)
    given = torch.full((1, 1), feedback, dtype=torch.float64) if feedback else feedback
    heard = dsp.delay(x, seconds.double(), given, longest=1.0, shortest=shortest)
    for row in range(2):
        held = (seconds[row].double() * RATE).clamp(min=max(3.0, shortest * RATE))
        expected = loop(x[row], held, torch.full((time,), feedback, dtype=torch.float64))
        torch.testing.assert_close(heard[row], expected, rtol=1e-9, atol=1e-9)


def test_whole_samples_are_copied() -> None:
    """A delay of whole samples is exactly that, in float32 too, and silent until then."""
    x = torch.rand(1, 500)
    heard = TensorDsp(rate=RATE, time=500).delay(x, torch.tensor([[0.0125]], dtype=torch.float64), 0.0, 1.0, 0.001)
    assert torch.equal(heard[:, 100:], x[:, :400])
    assert heard[:, :100].abs().max() == 0


def test_echoes_get_weaker_by_the_feedback() -> None:
    x = torch.zeros(1, 1000)
    x[0, 0] = 1.0
    dsp = TensorDsp(rate=RATE, time=1000)
    seconds = torch.tensor([[0.025]], dtype=torch.float64)
    heard = dsp.delay(x, seconds, torch.tensor([[0.5]]), longest=1.0, shortest=0.001)
    torch.testing.assert_close(heard[0, [200, 400, 600, 800]], torch.tensor([1.0, 0.5, 0.25, 0.125]))
    assert int((heard.abs() > 1e-6).sum()) == 4


@pytest.mark.parametrize(("seconds", "held"), [(0.0001, 0.01), (5.0, 0.05)])
def test_held_between_shortest_and_longest(seconds: float, held: float) -> None:
    x = torch.rand(1, 1000)
    dsp = TensorDsp(rate=RATE, time=1000)
    back = torch.tensor([[0.3]])
    limits = {"longest": 0.05, "shortest": 0.01}
    outside, inside = (dsp.delay(x, torch.tensor([[value]]), back, **limits) for value in (seconds, held))
    assert torch.equal(outside, inside)


def test_longer_than_the_sound_is_silence() -> None:
    dsp = TensorDsp(rate=RATE, time=100)
    for feedback in (0.0, torch.tensor([[0.5]])):
        assert dsp.delay(torch.rand(1, 100), torch.tensor([[3.0]]), feedback, 5.0, 0.001).abs().max() == 0


def test_gradient_by_time_does_not_need_the_feedback_to_be_used() -> None:
    """No feedback and a feedback of zero are the same sound with the same gradients."""
    x = torch.rand(1, 400, dtype=torch.float64)
    dsp = TensorDsp(rate=RATE, time=400, dtype=torch.float64)
    gradients = []
    for feedback in (0.0, torch.zeros(1, 1, dtype=torch.float64)):
        seconds = torch.tensor([[0.00731]], dtype=torch.float64, requires_grad=True)
        heard = dsp.delay(x, seconds, feedback, 1.0, 0.001)
        gradients.append((heard, *torch.autograd.grad(heard.square().sum(), seconds)))
    torch.testing.assert_close(gradients[0], gradients[1])


@pytest.mark.parametrize("feedback", [0.0, 0.5])
def test_what_is_not_a_number_is_heard_as_such(feedback: float) -> None:
    """It is not an index error: which cell did it is said later, from the sound."""
    seconds = torch.full((1, 200), 0.01)
    seconds[0, 100] = math.nan
    given = torch.tensor([[feedback]]) if feedback else feedback
    heard = TensorDsp(rate=RATE, time=200).delay(torch.rand(1, 200), seconds, given, 1.0, 0.001)
    assert heard[0, :100].isfinite().all()
    assert heard[0, 100].isnan()


@pytest.mark.parametrize("machine", [TensorDsp, BlockDsp])
@pytest.mark.parametrize(("seconds", "rate"), [(0.01, 48_000), (0.3, 48_000), (1.9, 44_100), (19.9, 192_000)])
def test_a_time_of_whole_samples_stays_whole(seconds: float, rate: int, machine: type[TensorDsp]) -> None:
    """Whether it is written in a patch (a float), or given in single or in double precision."""
    whole = round(seconds * rate)
    x = torch.zeros(1, whole + 8)
    x[0, 0] = 1.0
    for time in (seconds, torch.tensor([[seconds]]), torch.tensor([[seconds]], dtype=torch.float64)):
        heard = machine(rate=rate, time=whole + 8).delay(x, time, 0.0, 20.0, 0.001)[0]
        assert float(heard[whole]) == 1.0
        assert float(heard.abs().sum()) == 1.0


@pytest.mark.parametrize("machine", [TensorDsp, BlockDsp])
@pytest.mark.parametrize("pitch", [201.0, 203.0, 207.3])
def test_a_string_is_as_bright_at_any_fraction_of_a_sample(pitch: float, machine: type[TensorDsp]) -> None:
    """4 to 8 kHz fall by no more than 2 dB further in 0.4 s than at 200 Hz, whose period is whole; a line: 23 to 38."""
    rate = 48_000
    burst = torch.zeros(1, 25_000)
    burst[0, :240] = torch.randn(240, generator=torch.Generator().manual_seed(0))

    def falls(freq: float) -> float:
        dsp = machine(rate=rate, time=burst.shape[1])
        heard = dsp.delay(burst, torch.tensor([[1 / freq]]), torch.tensor([[0.99]]), 1.0, 0.001)[0].double()
        return band(heard[960:5760]) - band(heard[20_160:24_960])

    def band(part: torch.Tensor) -> float:
        spectrum = torch.fft.rfft(part * torch.hann_window(part.shape[0], dtype=torch.float64)).abs().square()
        return 10 * math.log10(float(spectrum[400:800].sum()))

    assert falls(pitch) == pytest.approx(falls(200.0), abs=2.0)


def test_what_is_fed_back_between_samples_stays_stable() -> None:
    """Six points never make a frequency louder: at the limit of feedback, nothing grows in 2,000 rounds."""
    x = torch.zeros(1, 20_000)
    x[0, 0] = 1.0
    for fraction in torch.linspace(0, 1, 11).tolist():
        seconds = torch.tensor([[(10 + fraction) / RATE]])
        heard = TensorDsp(rate=RATE, time=20_000).delay(x, seconds, torch.tensor([[-0.99]]), 1.0, 0.001)
        assert float(heard[0, -1000:].abs().max()) < 1e-3

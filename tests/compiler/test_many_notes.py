"""Random notes through every envelope: within 0.1 dB of the closed form in float64, and nothing before note-on.

`pytest -m slow tests/compiler/test_many_notes.py` plays all 10,000; 300 of them are played by every run of the tests.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from patchc.compiler.module import PatchModule

Compiler = Callable[..., PatchModule]
Times = dict[str, Tensor]

SECONDS = 0.5
RATES = ((48_000, None), (16_000, None), (44_100, 100), (96_000, 3000), (48_000, 41), (44_100, None), (16_000, 8_000))

PATCH = """
input pitch : control = 220 Hz in 20 Hz .. 8 kHz log
input gate  : gate
cell env : {}
cell osc : sine {{ freq = pitch }}
cell out : gain {{ in <- osc; level *= env }}
output main <- out
"""


def notes(envelope: str, count: int, seed: int) -> tuple[Times, Tensor, Tensor]:
    """Times in float32 by knob, note-on and note-off; long ones and the shortest there are."""
    generator = torch.Generator().manual_seed(seed)

    def even(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, generator=generator)

    def lasting() -> Tensor:
        return 1e-4 * 10 ** even(0.0, 4.0)

    on = even(0.0, 0.4)
    off = on + 1e-4 * 10 ** even(0.0, 3.3)
    times = {"env.attack": lasting(), "env.decay": lasting(), "env.sustain": even(0, 1), "env.release": lasting()}
    if envelope == "decay":
        return {"env.time": lasting()}, on, off
    if envelope == "curved_adsr":
        return {**times, "env.held": off - on, "env.curve": even(0.5, 6.0)}, torch.zeros(count), off
    return times, on, off


def closed_form(envelope: str, since: Tensor, length: Tensor, named: Times) -> Tensor:
    """The envelope `since` seconds after note-on, of a note of `length`, in float64."""
    times = {name.removeprefix("env."): value.double()[:, None] for name, value in named.items()}
    if envelope == "decay":
        return 10 ** (-3 * since / times["time"])
    power = times["curve"] if envelope == "curved_adsr" else None
    length = times["held"] if power is not None else length
    attack, decay, sustain, release = (times[name] for name in ("attack", "decay", "sustain", "release"))

    def held(time: Tensor) -> Tensor:
        rise, fall = (time / attack).clamp(0, 1), 1 - ((time - attack) / decay).clamp(0, 1)
        if power is None:
            return rise * (sustain + (1 - sustain) * fall**2)
        return torch.where(time < attack, bent(rise, power), sustain + (1 - sustain) * bent(fall, power))

    fade = 1 - ((since - length) / release).clamp(0, 1)
    return held(torch.minimum(since, length)) * (fade**2 if power is None else bent(fade, power))


def bent(x: Tensor, power: Tensor) -> Tensor:
    """A power, but for the first thousandth of a segment, which is straight."""
    return x.clamp(min=1e-3) ** power * (1000 * x).clamp(max=1)


def check(synth: PatchModule, envelope: str, count: int, seed: int) -> None:
    named, on, off = notes(envelope, count, seed)
    pitch = 30.0 * 2 ** (7 * torch.rand(count, generator=torch.Generator().manual_seed(seed)))
    with torch.inference_mode():
        sound = synth(seconds=SECONDS, gate=(on, off), pitch=pitch, inputs=named)
    got, osc = sound.audio.double(), sound.taps["osc"].double()
    first = (on.double() * synth.sample_rate * (1 - 2**-23)).ceil()[:, None]
    places = torch.arange(got.shape[1])
    since = places / synth.sample_rate - on.double()[:, None]
    envelopes = closed_form(envelope, since.clamp(min=0), (off.double() - on.double())[:, None], named)
    want = osc * torch.where(places >= first, envelopes, 0.0)
    assert float((got * (places < first)).abs().max()) == 0.0
    energy, wanted = got.square().sum(1), want.square().sum(1)
    heard = want.abs().amax(1) > 1e-4  # -80 dB: a short note in a slow attack is hardly there
    level = 10 * torch.log10(energy[heard] / wanted[heard])
    worst = int(level.abs().argmax())
    assert float(level.abs().max()) < 0.1, (float(level[worst]), {k: float(v[heard][worst]) for k, v in named.items()})


def build_one(build: Compiler, envelope: str, rate: int, control: float | None, executor: str) -> PatchModule:
    times = {name: f"{name} = predict 10 ms in 0.1 ms .. 2 s log" for name in ("attack", "decay", "release", "time")}
    segments = f"{times['attack']}; {times['decay']}; sustain = predict; {times['release']}"
    knobs = {
        "decay": f"decay {{ gate <- gate; {times['time']} }}",
        "adsr": f"adsr {{ gate <- gate; {segments} }}",
        "curved_adsr": f"curved_adsr {{ held = predict 1 s in 0 s .. 4 s; {segments};"
        " curve = predict 2 in 0.5 .. 8 log }",
    }
    body = PATCH.format(knobs[envelope])
    if envelope == "curved_adsr":
        body = body.replace("cell osc", "cell spare : decay { gate <- gate }\ncell osc")
    return build(body, sample_rate=rate, control_rate=control, executor=executor, dtype=torch.float32)


@pytest.mark.parametrize("executor", ["fused", "reference"])
@pytest.mark.parametrize("envelope", ["adsr", "decay", "curved_adsr"])
def test_some_notes(envelope: str, executor: str, build: Compiler) -> None:
    for seed, (rate, control) in enumerate(RATES[:2]):
        check(build_one(build, envelope, rate, control, executor), envelope, 25, seed)


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "control"), RATES)
@pytest.mark.parametrize("envelope", ["adsr", "decay", "curved_adsr"])
def test_ten_thousand_notes(envelope: str, rate: int, control: float | None, build: Compiler) -> None:
    synth = build_one(build, envelope, rate, control, "fused")
    for seed in range(4):
        check(synth, envelope, 120, seed)

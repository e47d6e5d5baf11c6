"""What a gate does happens at its sample: at every rate, hop and place in a control frame, in both executors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from patchc.compiler.module import PatchModule

Compiler = Callable[..., PatchModule]

EXECUTORS = ("reference", "fused")
RATES = (16_000, 44_100, 48_000, 96_000)

HIT = """
input gate : gate
cell env : decay { gate <- gate; time = 5 ms }
cell osc : sine { freq = 1 kHz; level *= env }
output main <- osc
"""


def hits(build: Compiler, body: str, executor: str, rate: int, **options: Any) -> PatchModule:
    return build(body, sample_rate=rate, dtype=torch.float32, executor=executor, **options)


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("rate", RATES)
def test_a_note_on_a_frame_has_its_first_frame(rate: int, executor: str, build: Compiler) -> None:
    """Whatever float32 makes of its time: 0.1 s lies behind sample 4,800 there, 0.7 s before 33,600."""
    synth = hits(build, HIT, executor, rate)
    frames = torch.arange(0, round(1.2 * synth.control_rate), 7)
    on = (frames.double() * synth.hop / rate).float()
    with torch.inference_mode():
        env = synth(seconds=1.3, gate=(on, on + 0.05), taps=["env"]).taps["env"].double()
    step = synth.hop / rate
    for late in range(3):
        fallen = env[torch.arange(len(frames)), frames + late]
        assert (fallen - 10 ** (-3 * late * step / 0.005)).abs().max() < 1e-5
    assert all(float(env[row, :frame].abs().sum()) == 0 for row, frame in enumerate(frames.tolist()))


NOISE = """
input gate : gate
cell env : decay {{ gate <- gate; time = {} ms }}
cell n   : noise
cell out : gain {{ in <- n; level *= env }}
output main <- out
"""


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("milliseconds", [1, 5, 12, 50, 300])
@pytest.mark.parametrize(("rate", "control"), [(48_000, None), (44_100, None), (16_000, 200), (96_000, 300)])
def test_a_hit_is_as_loud_wherever_it_falls(
    rate: int, control: float | None, milliseconds: float, executor: str, build: Compiler
) -> None:
    synth = hits(build, NOISE.format(milliseconds), executor, rate, control_rate=control)
    start = round(0.1 * rate) + torch.arange(0, synth.hop, max(1, synth.hop // 7))
    with torch.inference_mode():
        sound = synth(seconds=0.5, gate=(start.double() / rate, torch.tensor(0.2)))
    got, noise = sound.audio.double(), sound.taps["n"].double()
    time = (torch.arange(got.shape[1]) - start[:, None]) / rate
    want = torch.where(time >= 0, noise * 10 ** (-3 * time.clamp(min=0) / (milliseconds / 1000)), 0.0)
    level = 10 * torch.log10(got.square().sum(1) / want.square().sum(1))
    assert level.abs().max() < 0.05
    assert (got * (time < 0)).abs().max() == 0


BEHIND = {
    "a control mixer": "cell mixed : control_mix { value += env * 40 % }\ncell out : gain { in <- n; level *= mixed }",
    "a cell on blocks": "cell out : harmonic(partials = 4) { freq = 300 Hz; level *= env }",
    "a kernel behind a cell on blocks": "cell room : fir_reverb { in <- n; wet = 0 % }\n"
    "cell out : gain { in <- room; level *= env }",
    "a mixer behind a cell on blocks": "cell mixed : control_mix { value += env * 40 %; value += slow * 10 % }\n"
    "cell room : fir_reverb { in <- n; wet = 0 % }\ncell out : gain { in <- room; level *= mixed }",
}


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("path", BEHIND)
def test_an_envelope_is_exact_wherever_it_goes(path: str, executor: str, build: Compiler) -> None:
    """Nothing before note-on, and full at it, 37 samples into a frame."""
    body = "input gate : gate\ncell env : decay { gate <- gate; time = 80 ms }\n" + "cell n : noise\n" + BEHIND[path]
    if "slow" in body:
        body = body.replace("cell n", "cell slow : adsr { gate <- gate; attack = 1 ms }\ncell n", 1)
    body += "\noutput main <- out"
    synth, late = hits(build, body, executor, 48_000), 4800 + 37
    with torch.inference_mode():
        at_once = synth(seconds=0.3, gate=(late / 48_000, 0.2)).audio[0]
        per_sample = hits(build, body, executor, 48_000, control_rate=48_000)(
            seconds=0.3, gate=(late / 48_000, 0.2)
        ).audio[0]
    assert float(at_once[:late].abs().max()) == 0
    assert float((at_once - per_sample).abs().max()) < 0.01 * float(per_sample.abs().max())

"""Long control frames, and threads with a small stack, make a sound or a message: never the end of the process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import torch

from patchc.compiler.checks import LONGEST_FRAME
from patchc.compiler.module import PatchModule
from patchc.source.error import PatchError

Compiler = Callable[..., PatchModule]

BODY = """
input gate : gate
cell env : decay { gate <- gate; time = learn 200 ms }
cell osc : saw { freq = learn 110 Hz; level *= env }
cell vcf : svf { in <- osc; cutoff = learn 800 Hz; cutoff += env * 2 oct }
output main <- vcf
"""


@pytest.mark.parametrize(
    ("rate", "control"), [(192_000, 1), (192_000, 11), (48_000, 2.5), (10**8, None), (10**8, 1000)]
)
@pytest.mark.parametrize("executor", ["fused", "reference"])
def test_longer_frames_are_refused(rate: int, control: float | None, executor: str, build: Compiler) -> None:
    with pytest.raises(PatchError) as caught:
        build(BODY, sample_rate=rate, control_rate=control, executor=executor, dtype=torch.float32)
    (said,) = caught.value.diagnostics
    assert said.code == "P612"


def test_the_control_rate_that_is_named_is_taken(build: Compiler) -> None:
    with pytest.raises(PatchError) as caught:
        build(BODY, sample_rate=192_000, control_rate=1)
    least = caught.value.diagnostics[0].help_text.split()[-2]
    assert build(BODY, sample_rate=192_000, control_rate=float(least)).hop <= LONGEST_FRAME


@pytest.mark.parametrize(("rate", "control"), [(192_000, 12), (48_000, 5), (48_000, 750)])
def test_a_small_stack_holds_the_longest_frames(rate: int, control: float, build: Compiler) -> None:
    """With gradients, and all that can be recorded, on a thread with 256 KiB of stack."""
    synth = build(BODY, sample_rate=rate, control_rate=control, dtype=torch.float32)
    found: dict[str, Any] = {}

    def play() -> None:
        sound = synth(synth.draw(3).requires_grad_(), seconds=0.4, gate=0.2)
        sound.audio.square().sum().backward()
        found["audio"] = sound.audio.detach()

    play()  # builds the kernels: compilers of torch want more stack
    before = threading.stack_size(2**18)
    try:
        thread = threading.Thread(target=play)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert found["audio"].isfinite().all()

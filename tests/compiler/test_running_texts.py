"""What is said while a patch runs stands word for word in `tests/compiler/said`, one text per code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from patchc.cli.balance import balance
from patchc.compiler.module import PatchModule
from patchc.source.codes.running import Internal, UntraceableFormula
from patchc.source.diagnostic import Diagnostic
from patchc.source.error import PatchError
from patchc.source.explain import all_codes
from patchc.source.render import as_text

Compiler = Callable[..., PatchModule]
Said = Callable[[PatchModule, Path], list[Diagnostic]]

SAID = Path(__file__).parent / "said"
BODY = """
input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
input gate  : gate
cell env  : decay { gate <- gate; time = predict }
cell tone : harmonic(partials = 60) { freq = pitch; level = learn -6 dB; level *= env }
cell vcf  : svf { in <- tone; cutoff = learn 800 Hz }
output main <- vcf
"""


def refused(call: Callable[[PatchModule], object]) -> Said:
    def said(synth: PatchModule, folder: Path) -> list[Diagnostic]:
        with pytest.raises(PatchError) as caught:
            call(synth)
        return caught.value.diagnostics

    return said


def not_finite(synth: PatchModule, folder: Path) -> list[Diagnostic]:
    sound = synth(synth.defaults(), seconds=0.1)
    broken = sound.taps["vcf"].clone()
    broken[0, 812:] = torch.nan
    found = synth.explain_nonfinite(replace(sound, taps={**sound.taps, "vcf": broken}))
    return [found] if found else []


def other_name(synth: PatchModule, folder: Path) -> list[Diagnostic]:
    synth.save(folder / "old.safetensors")
    graph = synth.graph.model_copy(update={"layers": synth.graph.layers[:2], "outputs": ()})
    renamed = [cell.model_copy(update={"name": "lowpass"}) for cell in synth.graph.layers[2].cells]
    layers = (*graph.layers, synth.graph.layers[2].model_copy(update={"cells": tuple(renamed)}))
    other = PatchModule(graph.model_copy(update={"layers": layers}), sample_rate=16_000)
    return refused(lambda _: other.load_checkpoint(folder / "old.safetensors"))(synth, folder)


FORMULA = UntraceableFormula(
    span=None,
    cell="crusher",
    file="more_cells/crusher.py",
    line=17,
    what="asks whether a signal is true; use `dsp.where`, which chooses sample by sample",
    allowed="sin, cos, where, phase",
)

SIDES = torch.tensor([[0.5], [-0.49]])

CALLS: dict[str, Said] = {
    "P601": lambda synth, folder: synth.notes,
    "P602": not_finite,
    "P603": other_name,
    "P604": refused(lambda synth: synth()),
    "P605": refused(lambda synth: synth(ptch=440.0)),
    "P606": refused(lambda synth: synth(torch.zeros(2, 7))),
    "P607": refused(lambda synth: synth(pitch="20 ms")),
    "P608": refused(lambda synth: synth(gate=(1.5, 0.25))),
    "P609": refused(lambda synth: synth(synth.defaults(), seconds=1e7)),
    "P610": refused(lambda synth: synth.load_checkpoint("nowhere.safetensors")),
    "P611": lambda synth, folder: [FORMULA],
    "P612": refused(lambda synth: PatchModule(synth.graph, sample_rate=192_000, control_rate=1)),
    "P617": refused(lambda synth: synth.text(synth.draw(8))),
    "P620": lambda synth, folder: synth.held(synth.defaults(), seconds=0.1, pitch=2e5)[1:],
    "P621": lambda synth, folder: synth.held(synth.defaults(), seconds=0.1, gate=0.15),
    "P622": lambda synth, folder: list(balance("pulse.wav", torch.full((1, 800), 0.1))),
    "P623": lambda synth, folder: list(balance("wide.wav", torch.sin(torch.arange(630) * 0.1) * SIDES)),
    "P901": lambda synth, folder: [Internal(span=None, what="`vcf` has no plan")],
}


@pytest.mark.parametrize("code", CALLS)
def test_running_codes_say_word_for_word(build: Compiler, tmp_path: Path, code: str) -> None:
    said = as_text(CALLS[code](build(BODY), tmp_path))
    assert f"[{code}]" in said
    assert said == (SAID / f"{code}.txt").read_text(encoding="utf-8")


def test_every_running_code_is_shown() -> None:
    files = {f"patchc.source.codes.{name}" for name in ("running", "sounds")}
    own = {code for code, cls in all_codes().items() if cls.__module__ in files}
    assert own == set(CALLS)

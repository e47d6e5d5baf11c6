"""Gain: louder, quieter, or following an envelope."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_in, audio_out, knob
from patchc.cells.spec import Absent
from patchc.dsp.dsp import Dsp


class Gain(Cell):
    """`in` times `level`: with `level *= envelope` a voltage-controlled amplifier, with `level *= lfo` a tremolo."""

    absent = Absent.BYPASS

    in_ = audio_in("What is made louder or quieter.")
    level = knob("0 dB in -60 dB .. 12 dB", "Gain.")
    out = audio_out()

    def forward(self, dsp: Dsp, in_: Signal, level: Signal) -> Signal:
        return in_ * level

"""Mixer: the sum of what is plugged in."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_in, audio_out
from patchc.dsp.dsp import Dsp


class Mix(Cell):
    """The sum of every cable plugged into `in`, each at its own level: `in <- a * -6 dB, b`."""

    in_ = audio_in("What is mixed.")
    out = audio_out()

    def forward(self, dsp: Dsp, in_: Signal) -> Signal:
        return in_

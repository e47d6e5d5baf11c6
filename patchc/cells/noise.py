"""White noise."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_out, knob
from patchc.dsp.machine import Dsp


class Noise(Cell):
    """White noise, evenly spread between plus and minus `level`.

    Every sample is a hash of the seed, the cell's name and the sample's number, so the same seed is always the same
    noise.
    """

    level = knob("0 dB in -60 dB .. 0 dB", "Peak level.")
    out = audio_out()

    def forward(self, dsp: Dsp, level: Signal) -> Signal:
        return level * dsp.noise()

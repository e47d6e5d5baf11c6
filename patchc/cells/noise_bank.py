"""Noise with a free spectrum: white noise through a bank of bands."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_out, knob, size
from patchc.dsp.dsp import Dsp


class NoiseBank(Cell):
    """White noise whose spectrum follows `shape`: a level for each band, evenly spaced from 0 Hz to the Nyquist limit.

    The filtered noise of DDSP (Engel et al. 2020): a new linear-phase filter every 5 ms, cross-faded with the last.
    """

    bands = size("65 in 2 .. 257", "How many bands.", whole=True)
    level = knob("0 dB in -60 dB .. 0 dB", "Level of all bands together.")
    shape = knob("-20 dB in -80 dB .. 0 dB", "Level of each band.", width="bands")
    out = audio_out()

    def forward(self, dsp: Dsp, level: Signal, shape: Signal) -> Signal:
        return level * dsp.shaped_noise(shape)

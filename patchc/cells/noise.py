"""White noise."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_out, knob
from patchc.dsp.dsp import Dsp


class Noise(Cell):
    """White noise, evenly spread between plus and minus `level` at a sample rate of 48 kHz.

    Its strength in a band is the same at every rate: elsewhere the peak is `level` times the root of rate / 48 kHz.

    Every sample is a hash of the seed, the cell's name and the sample's number, so the same seed is always the same
    noise.
    """

    level = knob("0 dB in -60 dB .. 0 dB", "Peak level at 48 kHz.")
    out = audio_out()

    def forward(self, dsp: Dsp, level: Signal) -> Signal:
        return level * dsp.noise() * (dsp.rate / 48_000) ** 0.5

"""Sawtooth, band-limited by a two-sample polynomial step (PolyBLEP)."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_out, knob
from patchc.dsp.dsp import Dsp


class Saw(Cell):
    """A falling ramp from +1 to -1, `freq` times a second.

    The step is smoothed by PolyBLEP (Välimäki and Huovilainen 2007), which also gives the jump its right gradient.
    """

    freq = knob("440 Hz in 20 Hz .. 12 kHz log", "Pitch.", limits="0.01 Hz .. 96 kHz", through_zero=True)
    phase = knob("0 cyc", "Added to the phase; audio here is phase modulation.")
    level = knob("0 dB in -60 dB .. 0 dB", "Peak level.", fades_by="freq")
    out = audio_out()

    def forward(self, dsp: Dsp, freq: Signal, phase: Signal, level: Signal) -> Signal:
        return level * dsp.saw(dsp.phase(freq) + phase, dsp.step(freq))

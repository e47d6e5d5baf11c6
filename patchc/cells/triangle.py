"""Triangle, whose corners are rounded by a two-sample polynomial (PolyBLAMP)."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_out, knob
from patchc.dsp.dsp import Dsp


class Triangle(Cell):
    """A triangle in step with a sine: from zero up to +1, down to -1, `freq` times a second.

    The corners are rounded by PolyBLAMP (Esqueda, Välimäki and Bilbao 2016), the integral of the step that `saw` uses.
    """

    freq = knob("440 Hz in 20 Hz .. 12 kHz log", "Pitch.", limits="0.01 Hz .. 96 kHz", through_zero=True)
    phase = knob("0 cyc", "Added to the phase; audio here is phase modulation.")
    level = knob("0 dB in -60 dB .. 0 dB", "Peak level.", fades_by="freq")
    out = audio_out()

    def forward(self, dsp: Dsp, freq: Signal, phase: Signal, level: Signal) -> Signal:
        return level * dsp.triangle(dsp.phase(freq) + phase, dsp.step(freq))

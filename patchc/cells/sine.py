"""Sine wave, whose phase port makes it an operator for frequency modulation."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_out, knob
from patchc.dsp.dsp import Dsp


class Sine(Cell):
    """A sine that starts at zero and rises, `freq` times a second.

    Audio on `phase` is phase modulation (Chowning 1973, as the DX synthesizers do it): `phase += mod * 1 rad` is an
    index of 1. Audio on `freq` in Hz is linear frequency modulation, which may go through zero: below, the sine runs
    backwards. It fades out over the last tenth below the Nyquist limit, as all oscillators do.
    """

    freq = knob("440 Hz in 20 Hz .. 12 kHz log", "Pitch.", limits="0.01 Hz .. 96 kHz", through_zero=True)
    phase = knob("0 cyc", "Added to the phase; audio here is phase modulation.")
    level = knob("0 dB in -60 dB .. 0 dB", "Peak level.", fades_by="freq")
    out = audio_out()

    def forward(self, dsp: Dsp, freq: Signal, phase: Signal, level: Signal) -> Signal:
        return level * dsp.sine(dsp.phase(freq) + phase)

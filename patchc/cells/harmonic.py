"""A sum of harmonics with a free spectrum: additive synthesis."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_out, knob, size
from patchc.dsp.dsp import Dsp


class Harmonic(Cell):
    """Sines at 1, 2, 3 ... times `freq`, with the strengths of `shape`, which add up to one.

    The harmonic oscillator of DDSP (Engel et al. 2020). Partials fade out smoothly below the Nyquist limit.
    """

    partials = size("60 in 1 .. 512", "How many harmonics.", whole=True)
    freq = knob(
        "440 Hz in 20 Hz .. 12 kHz log", "Pitch of the first harmonic.", limits="0.01 Hz .. 96 kHz", through_zero=True
    )
    level = knob("0 dB in -60 dB .. 0 dB", "Level of all harmonics together.")
    shape = knob("simplex", "Strength of each harmonic; they add up to one.", width="partials")
    out = audio_out()

    def forward(self, dsp: Dsp, freq: Signal, level: Signal, shape: Signal) -> Signal:
        return level * dsp.partials(dsp.phase(freq), dsp.abs(freq), shape)

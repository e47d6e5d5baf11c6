"""State-variable filter: low-pass, high-pass, band-pass and notch from one pair of integrators."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, Weights, audio_in, audio_out, knob
from patchc.cells.spec import Absent
from patchc.dsp.dsp import HIGHEST, Dsp


class Svf(Cell):
    """A resonant filter of 12 dB an octave that stays stable however fast its cutoff moves.

    Topology-preserving (Zavalishin 2012, The Art of VA Filter Design, chapter 4). `lowpass` and `highpass` reach a gain
    of `q` at the cutoff; `bandpass` has a peak of 1. A cutoff is held to 0.49 of the sample rate.
    """

    absent = Absent.BYPASS

    in_ = audio_in("What is filtered.")
    mode = knob("lowpass in [lowpass, highpass, bandpass, notch]", "What is kept.")
    cutoff = knob(
        "1 kHz in 20 Hz .. 16 kHz log", "Corner or centre frequency.", limits="1 Hz .. 96 kHz", of_rate=HIGHEST
    )
    q = knob("0.7071 in 0.5 .. 12 log", "Resonance.", limits="0.05 .. 1000")
    out = audio_out()

    def forward(self, dsp: Dsp, in_: Signal, mode: Weights, cutoff: Signal, q: Signal) -> Signal:
        g = dsp.tan(dsp.minimum(cutoff / dsp.rate, HIGHEST) * 3.141592653589793)
        low, band, high = dsp.svf(in_, g, 1 / q)
        return mode.blend(lowpass=low, highpass=high, bandpass=band / q, notch=low + high)

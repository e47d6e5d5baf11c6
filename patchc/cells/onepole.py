"""One-pole filter: the gentlest low-pass and high-pass."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, Weights, audio_in, audio_out, knob
from patchc.cells.spec import Absent
from patchc.dsp.dsp import HIGHEST, Dsp


class Onepole(Cell):
    """A filter of 6 dB an octave with its corner, -3.01 dB, at `cutoff` at every sample rate.

    Trapezoidal (Zavalishin 2012, The Art of VA Filter Design, chapter 3), so it stays stable however fast its cutoff
    moves. `highpass` is what `lowpass` takes away: nothing at 0 Hz, all at the Nyquist limit.
    """

    absent = Absent.BYPASS

    in_ = audio_in("What is filtered.")
    cutoff = knob("1 kHz in 20 Hz .. 16 kHz log", "Corner frequency.", limits="0.1 Hz .. 96 kHz", of_rate=HIGHEST)
    mode = knob("lowpass in [lowpass, highpass]", "What is kept.")
    out = audio_out()

    def forward(self, dsp: Dsp, in_: Signal, cutoff: Signal, mode: Weights) -> Signal:
        low = dsp.lowpass(in_, cutoff)
        return mode.blend(lowpass=low, highpass=in_ - low)

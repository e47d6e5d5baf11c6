"""One-pole filter: the gentlest low-pass and high-pass."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, Weights, audio_in, audio_out, knob
from patchc.cells.spec import Absent
from patchc.dsp.machine import Dsp


class Onepole(Cell):
    """A filter of 6 dB an octave: `y[t] = x[t] + pole (y[t-1] - x[t])`, `pole = exp(-2 pi cutoff / rate)`.

    The pole is the analogue one, matched (Smith, Introduction to Digital Filters, appendix I). `highpass` is what
    `lowpass` takes away.
    """

    absent = Absent.BYPASS

    in_ = audio_in("What is filtered.")
    cutoff = knob("1 kHz in 20 Hz .. 16 kHz log", "Corner frequency.", limits="0.1 Hz .. 96 kHz")
    mode = knob("lowpass in [lowpass, highpass]", "What is kept.")
    out = audio_out()

    def forward(self, dsp: Dsp, in_: Signal, cutoff: Signal, mode: Weights) -> Signal:
        pole = dsp.exp(dsp.minimum(cutoff / dsp.rate, 0.5) * -6.283185307179586)
        low = dsp.onepole(in_, pole)
        return mode.blend(lowpass=low, highpass=in_ - low)

"""DC blocker: takes away what does not swing."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_in, audio_out, knob
from patchc.cells.spec import Absent
from patchc.dsp.dsp import HIGHEST, Dsp


class DcBlock(Cell):
    """`in` without its mean: a high-pass of 6 dB an octave, far below what can be heard.

    The lower `cutoff`, the longer a mean takes to go: 16 ms times 10 Hz / `cutoff` to a third.
    """

    absent = Absent.BYPASS

    in_ = audio_in("What loses its mean.")
    cutoff = knob(
        "10 Hz in 1 Hz .. 100 Hz log", "Corner frequency, 3 dB down.", limits="0.1 Hz .. 1 kHz", of_rate=HIGHEST
    )
    out = audio_out()

    def forward(self, dsp: Dsp, in_: Signal, cutoff: Signal) -> Signal:
        return in_ - dsp.lowpass(in_, cutoff)

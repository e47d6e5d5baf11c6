"""Wavefolder: peaks that go too far are folded back, which makes a sound brighter the louder it comes in."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_in, audio_out, knob, size
from patchc.cells.spec import Absent
from patchc.dsp.dsp import Dsp


class Wavefolder(Cell):
    """`in` times `drive` plus `bias`, reflected at +1 and -1 as often as it takes.

    The timbre of Buchla's and Serge's synthesizers (Esqueda, Pöntynen, Parker and Bilbao 2017, Virtual Analog Models of
    the Lockhart and Serge Wavefolders). Folds are rounded, as those of diodes are; a small signal passes unchanged.
    What folding makes above the Nyquist limit is taken away rather than mirrored, which takes 5 samples: mixed with
    the dry sound, delay that too. At 24 dB of drive nothing below the pitch is louder than -60 dB up to 2,093 Hz, and
    with `oversample = 8` up to 4,186 Hz.
    """

    absent = Absent.BYPASS

    oversample = size("4 in 1 .. 8", "Parts of a sample the folds are drawn in; 1 is the plain fold.", whole=True)
    in_ = audio_in("What is folded.")
    drive = knob("12 dB in 0 dB .. 36 dB", "Gain before the folds.")
    bias = knob("0 in -1 .. 1", "Added before the folds: uneven folds, even harmonics.", limits="-4 .. 4")
    level = knob("0 dB in -60 dB .. 0 dB", "Peak level.")
    out = audio_out()

    def forward(self, dsp: Dsp, in_: Signal, drive: Signal, bias: Signal, level: Signal) -> Signal:
        def fold(loud: Signal) -> Signal:
            return dsp.triangle(loud / 4, 0.05)

        loud = in_ * drive + bias
        return level * (fold(loud) if self.oversample == 1 else dsp.bandlimited(fold, loud, self.oversample, 4))

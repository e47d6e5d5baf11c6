"""Waveshaper: distortion by a curve."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, Weights, audio_in, audio_out, knob, size
from patchc.cells.spec import Absent
from patchc.dsp.dsp import Dsp


class Shaper(Cell):
    """`in` made louder by `drive`, bent by a curve that stays within -1 .. 1, and set to `level`.

    `tanh` saturates softly, `cubic` bends later and ends flat, `fold` is a sine, which folds loud peaks back
    (waveshaping: Le Brun 1979). Each has a gradient of one where the signal is small. What bending makes above the
    Nyquist limit is taken away rather than mirrored, which takes 5 samples: mixed with the dry sound, delay that too.
    """

    absent = Absent.BYPASS

    oversample = size("4 in 1 .. 8", "Parts of a sample the curve is drawn in; 1 is the plain curve.", whole=True)
    in_ = audio_in("What is bent.")
    drive = knob("12 dB in 0 dB .. 40 dB", "Gain before the curve.")
    shape = knob("tanh in [tanh, cubic, fold]", "The curve.")
    level = knob("0 dB in -60 dB .. 0 dB", "Peak level.")
    out = audio_out()

    def forward(self, dsp: Dsp, in_: Signal, drive: Signal, shape: Weights, level: Signal) -> Signal:
        def curve(loud: Signal) -> Signal:
            flat = dsp.maximum(dsp.minimum(loud, 1.5), -1.5)
            cubic = flat - flat * flat * flat * (4 / 27)  # reaches 1, and is level there, at 1.5
            return shape.blend(tanh=dsp.tanh(loud), cubic=cubic, fold=dsp.sin(loud))

        loud = in_ * drive
        return level * (curve(loud) if self.oversample == 1 else dsp.bandlimited(curve, loud, self.oversample, 2))

"""Waveshaper: distortion by a curve."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, Weights, audio_in, audio_out, knob
from patchc.cells.spec import Absent
from patchc.dsp.machine import Dsp


class Shaper(Cell):
    """`in` made louder by `drive`, bent by a curve that stays within -1 .. 1, and set to `level`.

    `tanh` saturates softly, `cubic` bends later and ends flat, `fold` is a sine, which folds loud peaks back
    (waveshaping: Le Brun 1979). Each has a slope of one where the signal is small.
    """

    absent = Absent.BYPASS

    in_ = audio_in("What is bent.")
    drive = knob("12 dB in 0 dB .. 40 dB", "Gain before the curve.")
    shape = knob("tanh in [tanh, cubic, fold]", "The curve.")
    level = knob("0 dB in -60 dB .. 0 dB", "Peak level.")
    out = audio_out()

    def forward(self, dsp: Dsp, in_: Signal, drive: Signal, shape: Weights, level: Signal) -> Signal:
        loud = in_ * drive
        flat = dsp.maximum(dsp.minimum(loud, 1.5), -1.5)
        cubic = flat - flat * flat * flat * (4 / 27)  # reaches 1, and slope 0, at 1.5
        return level * shape.blend(tanh=dsp.tanh(loud), cubic=cubic, fold=dsp.sin(loud))

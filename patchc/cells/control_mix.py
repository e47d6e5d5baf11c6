"""Mixer for control signals: one row of a modulation matrix."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, control_out, knob
from patchc.cells.spec import Polarity
from patchc.dsp.dsp import Dsp


class ControlMix(Cell):
    """`value` with everything that is added to it: `value += env * 40 %`, `value += lfo1 * 20 %`.

    Up to one half the sum is exact. From there on it bends towards 1 without reaching it, as `1 - 1 / (4 value)`, so
    that no number of cables leaves the range or takes the gradient away.
    """

    value = knob("0 % in 0 % .. 100 %", "The sum.", limits="0 .. 100")
    out = control_out("The sum, bent.", Polarity.UNIPOLAR)

    def forward(self, dsp: Dsp, value: Signal) -> Signal:
        return dsp.minimum(value, 0.5) + (0.5 - 0.25 / dsp.maximum(value, 0.5))

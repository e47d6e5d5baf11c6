"""Low-frequency oscillator whose wave is a mixture of five."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, control_out, knob
from patchc.cells.spec import Polarity
from patchc.dsp.dsp import Dsp


class MixedLfo(Cell):
    """Waves between 0 and `level`, `rate` times a second, mixed by their shares; all start at the bottom but `saw`.

    A share counts to the power of e, so that the largest stands out, and only next to the others, as in torchsynth
    (Turian et al. 2021). Steps and corners are smoothed over a control frame, and at least over a hundredth of a cycle,
    so that every number has a gradient even where the rate is zero.
    """

    rate = knob("5 Hz in 0.1 Hz .. 20 Hz log", "Cycles a second.", limits="0 Hz .. 200 Hz")
    phase = knob("0 cyc", "Added to the phase: where in its cycle the wave starts.")
    sine = knob("100 % in 0 % .. 100 %", "Share of the sine.", limits="0 % .. 100 %")
    triangle = knob("0 % in 0 % .. 100 %", "Share of the triangle.", limits="0 % .. 100 %")
    saw = knob("0 % in 0 % .. 100 %", "Share of the falling sawtooth.", limits="0 % .. 100 %")
    ramp = knob("0 % in 0 % .. 100 %", "Share of the rising sawtooth.", limits="0 % .. 100 %")
    square = knob("0 % in 0 % .. 100 %", "Share of the square, up in the middle of a cycle.", limits="0 % .. 100 %")
    level = knob("100 % in 0 % .. 100 %", "Height of the wave.", limits="0 % .. 100 %")
    out = control_out("The wave.", Polarity.UNIPOLAR)

    def forward(
        self,
        dsp: Dsp,
        rate: Signal,
        phase: Signal,
        sine: Signal,
        triangle: Signal,
        saw: Signal,
        ramp: Signal,
        square: Signal,
        level: Signal,
    ) -> Signal:
        def strength(share: Signal) -> Signal:
            # The second small number keeps shares that are all zero from being divided by nothing.
            return dsp.exp(2.718281828459045 * dsp.log(share + 1e-6)) + 1e-6

        phase, step = dsp.phase(rate) + phase, dsp.maximum(rate / dsp.rate, 0.01)
        sines, triangles, saws = strength(sine), strength(triangle), strength(saw)
        ramps, squares = strength(ramp), strength(square)
        wave = (
            sines * dsp.sine(phase - 0.25)
            + triangles * dsp.triangle(phase - 0.25, step)
            + (saws - ramps) * dsp.saw(phase, step)
            + squares * dsp.pulse(phase - 0.25, step, 0.5)
        )
        return level * (0.5 + 0.5 * wave / (sines + triangles + saws + ramps + squares))

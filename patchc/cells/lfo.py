"""Low-frequency oscillator: a slow wave for moving other cells' knobs."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, Weights, control_out, knob
from patchc.cells.spec import Polarity
from patchc.dsp.dsp import Dsp


class Lfo(Cell):
    """A wave between -1 and +1, `rate` times a second, from the start of the sound on.

    Sine and triangle start at zero and rise, the square starts up, the saw falls from +1. Steps and corners are
    smoothed over one control frame as those of the audio oscillators are over one sample, so every shape has a true
    gradient.
    """

    rate = knob("5 Hz in 0.1 Hz .. 20 Hz log", "Cycles a second.", limits="0.001 Hz .. 200 Hz")
    shape = knob("sine in [sine, triangle, square, saw]", "The wave.")
    phase = knob("0 cyc", "Added to the phase: where in its cycle the wave starts.")
    out = control_out("The wave.", Polarity.BIPOLAR)

    def forward(self, dsp: Dsp, rate: Signal, shape: Weights, phase: Signal) -> Signal:
        phase, step = dsp.phase(rate) + phase, rate / dsp.rate
        return shape.blend(
            sine=dsp.sine(phase),
            triangle=dsp.triangle(phase, step),
            square=dsp.pulse(phase, step, 0.5),
            saw=dsp.saw(phase, step),
        )

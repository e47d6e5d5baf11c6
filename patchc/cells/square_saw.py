"""Square to sawtooth in one knob, by distortion of a sine."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_out, knob
from patchc.dsp.dsp import Dsp


class SquareSaw(Cell):
    """A sine bent into a square by `tanh`, and with `shape` leaned into a sawtooth by a cosine.

    Hyperbolic-tangent waveshaping (Lazzarini and Timoney 2010, New Perspectives on Distortion Synthesis for Virtual
    Analog Oscillators). The higher the pitch the softer the edges: `12000 / (freq log10 freq)` partials, and fewer
    below a sample rate of 44.1 kHz, keep aliases low without a polynomial step.
    """

    freq = knob("440 Hz in 20 Hz .. 12 kHz log", "Pitch.", limits="0.01 Hz .. 96 kHz", through_zero=True)
    phase = knob("0 cyc", "Added to the phase; audio here is phase modulation.")
    shape = knob("0 % in 0 % .. 100 %", "0 % is a square, 100 % a sawtooth.", limits="0 % .. 100 %")
    level = knob("0 dB in -60 dB .. 0 dB", "Peak level.", fades_by="freq")
    out = audio_out()

    def forward(self, dsp: Dsp, freq: Signal, phase: Signal, shape: Signal, level: Signal) -> Signal:
        phase = dsp.phase(freq) + phase
        pitch = dsp.maximum(dsp.abs(freq), 8.0)  # below MIDI note 0, where the logarithm comes near zero
        partials = min(1.0, dsp.rate / 44100) * 12000 * 2.302585092994046 / (pitch * dsp.log(pitch))
        square = dsp.tanh(1.5707963267948966 * partials * dsp.sine(phase))
        return level * (1 - shape / 2) * square * (1 + shape * dsp.sine(phase + 0.25))

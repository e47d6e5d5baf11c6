"""Three sawtooths, slightly apart."""

from patchc.cells.cell import Cell, Signal, audio_out, knob
from patchc.dsp.dsp import Dsp


class Supersaw(Cell):
    """A sawtooth at `freq`, with one above and one below it at a distance of `detune`."""

    freq = knob("220 Hz in 20 Hz .. 12 kHz log", "Pitch of the one in the middle.", limits="0.01 Hz .. 96 kHz")
    detune = knob("12 ct in 0 ct .. 50 ct", "Distance of the other two.", limits="0 ct .. 1 oct")
    level = knob("0 dB in -60 dB .. 0 dB", "Peak level.", fades_by="freq")
    out = audio_out()

    def forward(self, dsp: Dsp, freq: Signal, detune: Signal, level: Signal) -> Signal:
        ratio = dsp.exp(detune * 0.6931471805599453)  # an interval arrives in octaves

        def saw(pitch: Signal, start: float) -> Signal:
            return dsp.saw(dsp.phase(pitch) + start, dsp.step(pitch))

        return level * (saw(freq, 0.0) + saw(freq * ratio, 1 / 3) + saw(freq / ratio, 2 / 3)) / 3

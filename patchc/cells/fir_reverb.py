"""Room: convolution with noise that dies away."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_in, audio_out, knob, size
from patchc.cells.spec import Absent
from patchc.dsp.dsp import Dsp


class FirReverb(Cell):
    """A room whose echoes are a fixed noise that falls by 60 dB in `decay`.

    Every cell has a noise of its own, by its name: one on the left and one on the right are a stereo room.

    Late reverberation as decaying noise (Moorer 1979), in the differentiable form of DDSP (Engel et al. 2020). Its
    energy is one, so `decay` changes the room and not the loudness.
    """

    absent = Absent.BYPASS

    length = size("1 s in 10 ms .. 10 s", "How much of the room is computed; it fades out over the last tenth.")
    in_ = audio_in("What sounds in the room.")
    decay = knob(
        "800 ms in 50 ms .. 4 s log", "Time in which the room falls by 60 dB.", limits="5 ms .. 60 s", cut_at="length"
    )
    wet = knob("20 % in 0 % .. 60 %", "Share of room in the sound; the rest is `in`.", limits="0 % .. 100 %")
    out = audio_out()

    def forward(self, dsp: Dsp, in_: Signal, decay: Signal, wet: Signal) -> Signal:
        return in_ + wet * (dsp.reverberate(in_, decay, self.length) - in_)

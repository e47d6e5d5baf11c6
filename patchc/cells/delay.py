"""Echo: a delay line that may move, with feedback."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_in, audio_out, knob, size
from patchc.cells.spec import Absent
from patchc.dsp.dsp import Dsp


class Delay(Cell):
    """Echoes `time` apart, each `feedback` times the one before; a chorus or flanger when `time` is short and moves.

    The first echo is as loud as `in`, before `wet` shares the sound between them: of a click of 1 with `feedback` 50 %
    and `wet` 40 %, 0.6 comes at once, then 0.4, 0.2, 0.1.

    Between samples it is interpolated through six (Lagrange: Smith, Physical Audio Signal Processing, chapter 4), so
    that with much `feedback` it is a string which is as bright at one pitch as at the next. Down to 1 ms, and to three
    samples.
    """

    absent = Absent.BYPASS

    longest = size("2 s in 1 ms .. 20 s", "Longest `time` that can be reached; what goes beyond is held here.")
    in_ = audio_in("What is echoed.")
    time = knob("250 ms in 1 ms .. 2 s log", "Time to the next echo.", limits="1 ms .. 20 s", at_most="longest")
    feedback = knob("30 % in 0 % .. 95 %", "Strength of an echo next to the one before.", limits="-99 % .. 99 %")
    wet = knob("30 % in 0 % .. 100 %", "Share of echoes in the sound; the rest is `in`.", limits="0 % .. 100 %")
    out = audio_out()

    def forward(self, dsp: Dsp, in_: Signal, time: Signal, feedback: Signal, wet: Signal) -> Signal:
        echoes = dsp.delay(in_, time, feedback, longest=self.longest, shortest=0.001)
        return in_ + wet * (echoes - in_)

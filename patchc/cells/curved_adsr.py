"""Attack, decay, sustain, release along a power curve, for a note whose length is a number."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, control_out, knob
from patchc.cells.spec import Polarity
from patchc.dsp.dsp import Dsp

SHORTEST = 1e-4
"""Seconds that a segment takes at least."""


class CurvedAdsr(Cell):
    """The envelope of a note that begins with the sound and is held for `held`, which can be learned.

    Each segment is a straight line to the power of `curve`: 1 is straight, less is quick at first, more is slow at
    first, as in torchsynth (Turian et al. 2021). A note let go early is released from wherever it is. No segment is
    shorter than 0.1 ms.
    """

    held = knob("1 s in 10 ms .. 4 s log", "Time from note-on to note-off.", limits="0 s .. 60 s")
    attack = knob("5 ms in 1 ms .. 2 s log", "Time to rise from 0 to 1.", limits="0 s .. 60 s")
    decay = knob("200 ms in 5 ms .. 5 s log", "Time to fall from 1 to `sustain`.", limits="0 s .. 60 s")
    sustain = knob("70 % in 0 % .. 100 %", "Level while the note is held.", limits="0 % .. 100 %")
    release = knob("200 ms in 5 ms .. 5 s log", "Time to fall to 0 after note-off.", limits="0 s .. 60 s")
    curve = knob("2 in 0.1 .. 6", "Power of every segment.", limits="0.01 .. 100")
    out = control_out("The envelope.", Polarity.UNIPOLAR)

    def forward(
        self,
        dsp: Dsp,
        held: Signal,
        attack: Signal,
        decay: Signal,
        sustain: Signal,
        release: Signal,
        curve: Signal,
    ) -> Signal:
        def part(since: Signal, length: Signal) -> Signal:
            return dsp.minimum(dsp.maximum(since, 0.0) / dsp.maximum(length, SHORTEST), 1.0)

        def bend(x: Signal) -> Signal:
            # Below a thousandth a straight line to zero, for a power has no logarithm there and no finite gradient.
            return dsp.exp(curve * dsp.log(dsp.maximum(x, 0.001))) * dsp.minimum(x * 1000, 1.0)

        def gradient(now: Signal) -> Signal:
            return dsp.where(now < attack, part(now, attack), 1 - part(now - attack, decay))

        def level(now: Signal, bent: Signal) -> Signal:
            return dsp.where(now < attack, bent, sustain + (1 - sustain) * bent)

        # Of the three segments each moment has one, so one power is enough; what is let go is a number of the note.
        now, after = dsp.since(0.0), dsp.since(held)
        down = after < 0.0
        bent = bend(dsp.where(down, gradient(now), 1 - part(after, release)))
        return dsp.where(down, level(now, bent), level(held, bend(gradient(held))) * bent)

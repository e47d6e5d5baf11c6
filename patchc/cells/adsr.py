"""Attack, decay, sustain, release: the envelope of a note that is held and let go."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, control_out, gate_in, knob
from patchc.cells.spec import Polarity
from patchc.dsp.dsp import Dsp, Gate


class Adsr(Cell):
    """Rises to 1 in `attack`, falls to `sustain` in `decay`, and from note-off to 0 in `release`.

    A closed form in time with no state: a straight attack, and falls that are squares, so that they end without a
    corner. A note let go early is released from wherever it is. It is zero before note-on.
    Where it scales a level, what note-on and note-off do is exact to the sample.
    """

    gate = gate_in("The note.")
    attack = knob("5 ms in 1 ms .. 2 s log", "Time to rise from 0 to 1.", limits="0.1 ms .. 60 s")
    decay = knob("200 ms in 5 ms .. 5 s log", "Time to fall from 1 to `sustain`.", limits="0.1 ms .. 60 s")
    sustain = knob("70 % in 0 % .. 100 %", "Level while the note is held.", limits="0 % .. 100 %")
    release = knob("200 ms in 5 ms .. 5 s log", "Time to fall to 0 after note-off.", limits="0.1 ms .. 60 s")
    out = control_out("The envelope.", Polarity.UNIPOLAR)

    def forward(self, dsp: Dsp, gate: Gate, attack: Signal, decay: Signal, sustain: Signal, release: Signal) -> Signal:
        held = dsp.maximum(dsp.minimum(dsp.since(gate.on), gate.off - gate.on), 0.0)  # stands still from note-off on
        rise = dsp.minimum(held / attack, 1.0)
        fall = dsp.maximum(1 - dsp.maximum(held - attack, 0.0) / decay, 0.0)
        fade = dsp.maximum(1 - dsp.maximum(dsp.since(gate.off), 0.0) / release, 0.0)
        return rise * (sustain + (1 - sustain) * fall * fall) * fade * fade

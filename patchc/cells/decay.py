"""Struck envelope: full at note-on, dying away on its own."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, control_out, gate_in, knob
from patchc.cells.spec import Polarity
from patchc.dsp.dsp import Dsp, Gate


class Decay(Cell):
    """Jumps to 1 at note-on and falls by 60 dB in `time`, whether or not the note is held: bells, strings, drums.

    Where it scales a level, the jump is at its sample and the fall within 0.05 dB, however short `time` is.
    """

    gate = gate_in("The note; only its start counts.", start_only=True)
    time = knob("1 s in 5 ms .. 8 s log", "Time to fall by 60 dB.", limits="0.1 ms .. 60 s")
    out = control_out("The envelope.", Polarity.UNIPOLAR)

    def forward(self, dsp: Dsp, gate: Gate, time: Signal) -> Signal:
        since = dsp.since(gate.on)
        fall = dsp.exp(dsp.maximum(since, 0.0) / time * -6.907755278982137)  # ln 0.001
        return dsp.where(since >= 0.0, fall, 0.0)

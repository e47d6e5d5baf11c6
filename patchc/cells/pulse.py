"""Pulse of any width, band-limited by a two-sample polynomial step at both edges (PolyBLEP)."""

from __future__ import annotations

from patchc.cells.cell import Cell, Signal, audio_out, knob
from patchc.dsp.dsp import Dsp


class Pulse(Cell):
    """+1 for the first `width` of each cycle, -1 for the rest; a square wave at 50 %.

    Two sawtooths, one `width` behind the other, subtracted: so both edges are smoothed by PolyBLEP (Välimäki and
    Huovilainen 2007), and the width gets its gradient from the edge that it moves. An uneven pulse has a mean, which
    `dc = 0 %` takes away; then its taller side reaches up to 6 dB above `level`.
    """

    freq = knob("440 Hz in 20 Hz .. 12 kHz log", "Pitch.", limits="0.01 Hz .. 96 kHz", through_zero=True)
    phase = knob("0 cyc", "Added to the phase; audio here is phase modulation.")
    width = knob("50 % in 5 % .. 95 %", "Share of a cycle spent up.", limits="1 % .. 99 %")
    level = knob("0 dB in -60 dB .. 0 dB", "Peak level.", fades_by="freq")
    dc = knob("100 % in 0 % .. 100 %", "How much of its mean stays.", limits="0 % .. 100 %")
    out = audio_out()

    def forward(self, dsp: Dsp, freq: Signal, phase: Signal, width: Signal, level: Signal, dc: Signal) -> Signal:
        return level * dsp.pulse(dsp.phase(freq) + phase, dsp.step(freq), width, dc)

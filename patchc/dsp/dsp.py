"""What a cell's `forward` is written for: a few functions, and the primitives that own all memory.

`Dsp` is abstract and knows no torch. `patchc.dsp.reference.TensorDsp` runs it on tensors; a tracer can record the same
calls as an expression graph. Composite formulas at the end are written once, from the primitives above them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

from patchc.dsp.lagrange import POINTS, weights

Signal = Any

HIGHEST = 0.49
"""Share of the sample rate up to which the tangent of a cutoff is a number of ordinary size."""

STANDING = 1e-10
"""Cycles per tick by which the edges of a wave are wider, so that those of one that stands still have a width."""


class Gate(NamedTuple):
    """Note-on and note-off times in seconds, each `[batch, 1]`."""

    on: Signal
    off: Signal


class Dsp(ABC):
    """One cell's view of a run. All signals are `[batch, time]`, or `[batch, 1]` where they never change."""

    rate: float  # ticks a second of the cell's own clock: the sample rate for audio cells, the control rate for others

    # --- functions: elementwise, differentiable

    @abstractmethod
    def sin(self, x: Signal) -> Signal: ...
    @abstractmethod
    def cos(self, x: Signal) -> Signal: ...
    @abstractmethod
    def tan(self, x: Signal) -> Signal: ...
    @abstractmethod
    def tanh(self, x: Signal) -> Signal: ...
    @abstractmethod
    def exp(self, x: Signal) -> Signal: ...
    @abstractmethod
    def log(self, x: Signal) -> Signal: ...
    @abstractmethod
    def sqrt(self, x: Signal) -> Signal: ...
    @abstractmethod
    def abs(self, x: Signal) -> Signal: ...
    @abstractmethod
    def minimum(self, a: Signal, b: Signal) -> Signal: ...
    @abstractmethod
    def maximum(self, a: Signal, b: Signal) -> Signal: ...
    @abstractmethod
    def where(self, condition: Signal, a: Signal, b: Signal) -> Signal: ...
    @abstractmethod
    def wrap(self, x: Signal) -> Signal:
        """`x - floor(x)`: 0 to 1 (1 itself only by rounding), gradient one everywhere."""

    # --- primitives: these own the memory

    @abstractmethod
    def time(self) -> Signal:
        """Seconds since the start of the sound, `[1, time]`."""

    @abstractmethod
    def since(self, moment: Signal) -> Signal:
        """Seconds from `moment` (seconds since the start of the sound) to each tick, exactly zero at the tick it is on.

        Ticks are counted in float64. A moment that float32 cannot tell from a sample's is that sample's: 0.1 s at 48
        kHz is sample 4,800, though the nearest float32 lies behind it. Others stay where they are between two samples,
        so that a note begins at the first sample at or after note-on, and moves with it.
        """

    @abstractmethod
    def phase(self, freq: Signal) -> Signal:
        """Cycles completed before each tick by an oscillator of `freq` Hz, wrapped to 0..1; zero at the first tick.

        The sum runs in float64 and is wrapped before it is rounded to the signal's own precision.
        """

    @abstractmethod
    def noise(self) -> Signal:
        """White noise, even in -1..1, from (seed, cell, sample) alone: the same for any batch and thread count."""

    @abstractmethod
    def before(self, x: Signal) -> Signal:
        """`x` one tick ago, from silence."""

    @abstractmethod
    def onepole(self, x: Signal, pole: Signal) -> Signal:
        """`y[t] = (1 - pole[t]) x[t] + pole[t] y[t-1]`, from rest."""

    @abstractmethod
    def svf(self, x: Signal, g: Signal, k: Signal) -> tuple[Signal, Signal, Signal]:
        """Topology-preserving state-variable filter (Zavalishin 2012): (low, band, high), from rest.

        `g = tan(pi cutoff / rate)`, `k = 1 / q`; both may change every sample. State in float64.
        """

    @abstractmethod
    def delay(self, x: Signal, seconds: Signal, feedback: Signal, longest: float, shortest: float) -> Signal:
        """What `x + feedback * output` was `seconds` ago, interpolated between six samples.

        `seconds` is held in shortest..longest, and to at least three samples. A `feedback` of just the number 0.0 says
        that there is none.
        """

    @abstractmethod
    def partials(self, phase: Signal, freq: Signal, weights: Signal) -> Signal:
        """`sum_k weights[..., k] sin(2 pi (k+1) phase)`, each partial fading out below the Nyquist limit.

        `weights` is `[batch, frames or 1, width]`: vectors travel by the control frame and are ramped in here, because
        `width` numbers for every sample would fill the memory.
        """

    @abstractmethod
    def shaped_noise(self, gains: Signal) -> Signal:
        """White noise with the spectrum `gains` `[batch, frames or 1, bands]`, bands evenly from 0 Hz to Nyquist."""

    @abstractmethod
    def reverberate(self, x: Signal, decay: Signal, length: float) -> Signal:
        """`x` through `length` seconds of noise that falls by 60 dB in `decay` seconds, of unit energy.

        The noise belongs to the cell, whatever the seed. A room does not change: of a moving `decay` the mean counts.
        """

    # --- composites

    def sine(self, phase: Signal) -> Signal:
        """`sin` of a number of cycles."""
        return self.sin(phase * 6.283185307179586)

    def step(self, freq: Signal) -> Signal:
        """Cycles per tick at `freq` Hz, whichever way it runs, for the edges of `ramp`, `pulse` and `triangle`."""
        return self.abs(freq) * (1 / self.rate) + STANDING

    def blep(self, phase: Signal, step: Signal) -> Signal:
        """What a ramp `1 - 2 phase` lacks to be band-limited at its upward step: a two-sample polynomial residual.

        `phase` is wrapped to 0..1 and `step` is cycles per tick. (PolyBLEP: Välimäki and Huovilainen 2007.)
        """
        after = self.maximum(1 - phase / step, 0.0)  # 1 .. 0 over the tick after the step
        before = self.maximum(1 - (1 - phase) / step, 0.0)  # 0 .. 1 over the tick before it
        return before * before - after * after

    def saw(self, phase: Signal, step: Signal) -> Signal:
        """A band-limited ramp that falls from +1 to -1 once a cycle; `step` is cycles per tick."""
        phase = self.wrap(phase)
        return 1 - 2 * phase + self.blep(phase, step)

    def pulse(self, phase: Signal, step: Signal, width: Signal, dc: Signal = 1.0) -> Signal:
        """+1 for the first `width` of a cycle, then -1, band-limited: the difference of two ramps, `width` apart.

        Of its mean a share of `dc` stays.
        """
        return self.saw(phase, step) - self.saw(phase - width, step) + dc * (2 * width - 1)

    def triangle(self, phase: Signal, step: Signal) -> Signal:
        """0, +1, 0, -1, 0 in straight lines, once a cycle, with corners rounded over a tick either side.

        A corner's residual is the integral of a step's: a cubic. (PolyBLAMP: Esqueda, Välimäki and Bilbao 2016.)
        """
        from_top = self.abs(self.wrap(phase + 0.25) - 0.5)  # 0 at the top, 0.5 at the bottom, in cycles
        top = self.maximum(1 - from_top / step, 0.0)
        bottom = self.maximum(1 - (0.5 - from_top) / step, 0.0)
        return 1 - 4 * from_top + (bottom * bottom * bottom - top * top * top) * step * (4 / 3)

    def lowpass(self, x: Signal, cutoff: Signal) -> Signal:
        """`x` through a low-pass of 6 dB an octave, -3.01 dB at `cutoff` Hz at every rate, held to `HIGHEST` of it.

        Trapezoidal (Zavalishin 2012, The Art of VA Filter Design, chapter 3): stable however fast its cutoff moves.
        """
        g = self.tan(self.minimum(cutoff / self.rate, HIGHEST) * 3.141592653589793)
        state = self.before(self.onepole(x, (1 - g) / (1 + g)))
        return state + (x - state) * (g / (1 + g))

    def bandlimited(self, curve: Callable[[Signal], Signal], x: Signal, parts: int, points: int) -> Signal:
        """`curve(x)` of the sound between the samples of `x`, brought back below the Nyquist limit, 5 ticks later.

        Between two samples `x` is drawn by a polynomial through six, cut into `parts` straight lines, over each of
        which `curve` is averaged at `points` places: a finite form of antiderivative antialiasing (Parker, Zavalishin
        and Le Bivic 2016), whose gradient needs no care where two samples are equal. The same polynomial weighs the
        averages, which makes it flat for what is heard, and silent where aliases would come out lowest.
        """
        past = [x]  # the newest first
        for _ in range(POINTS - 1):
            past.append(self.before(past[-1]))
        past.reverse()
        corners = [_weighed(weights(k / parts), past) for k in range(parts + 1)]
        spread = [(m + 0.5) / points for m in range(points)]
        means = [
            _weighed([1 / points] * points, [curve(a + (b - a) * place) for place in spread])
            for a, b in pairwise(corners)
        ]
        rows = [weights((k + 0.5) / parts) for k in range(parts)]
        shares = [_weighed([row[age] / parts for row in rows], means) for age in range(POINTS)]
        total = shares[-1]
        for share in reversed(shares[:-1]):
            total = self.before(total) + share
        return total


def _weighed(factors: list[float], signals: list[Signal]) -> Signal:
    """The sum of `signals`, each by its factor."""
    total: Signal = 0.0
    for factor, signal in zip(factors, signals, strict=True):
        if factor:
            total = signal * factor + total
    return total

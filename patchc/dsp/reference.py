"""The plain executor: the `Dsp` of `dsp.py` on torch tensors, any float dtype, obviously right."""

from __future__ import annotations

from typing import TypeAlias

import torch
from torch import Tensor

from patchc.dsp import noise, phase, room
from patchc.dsp.additive import partials
from patchc.dsp.delay import delay, ends, read, ticks_of
from patchc.dsp.dsp import Dsp
from patchc.dsp.moments import on_sample
from patchc.dsp.onepole import onepole
from patchc.dsp.resample import covering
from patchc.dsp.svf import svf
from patchc.dsp.timekeeping import Timekeeping

Value: TypeAlias = Tensor | float


class TensorDsp(Dsp):
    """One cell's view of one run. Signals are `[batch, time]`, `[batch, 1]`, `[1, time]`, or plain floats.

    Every method gives the same bits for a sound whatever batch it is in and on however many threads.
    """

    def __init__(
        self,
        *,
        rate: float,
        time: int,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
        seed: int | Tensor = 0,
        key: int = 0,
        hop: int = 1,
        span: int = 1,
        sample_rate: float | None = None,
    ) -> None:
        """`rate` in ticks a second and `time` in ticks are the cell's own: samples for audio cells, frames for control.

        `span` samples lie between two ticks, `sample_rate` of them in a second.

        `seed` is that of the sound (int64 `[batch]` for one each), `key` tells cells apart (a stable hash of the name),
        and `hop` is how many of the cell's ticks lie between two control frames, at which vectors arrive.
        """
        self.rate = rate
        self.ticks = time
        self.dtype = dtype
        self.device = torch.device(device)
        self.seed = seed
        self.key = key
        self.hop = hop
        self.span = span
        self.sample_rate = sample_rate or rate * span

    def tensor(self, x: Value) -> Tensor:
        """A tensor as it is; a number as `[1, 1]`."""
        return x if isinstance(x, Tensor) else torch.full((1, 1), float(x), dtype=self.dtype, device=self.device)

    def exact(self, x: Value) -> Tensor:
        """A tensor as it is; a number as `[1, 1]` in float64."""
        return x if isinstance(x, Tensor) else torch.full((1, 1), x, dtype=torch.float64, device=self.device)

    def full(self, x: Value) -> Tensor:
        """`x` with its time axis written out, `[batch, time]`."""
        return self.tensor(x).expand(-1, self.ticks)

    # --- functions

    def sin(self, x: Value) -> Tensor:
        return torch.sin(self.tensor(x))

    def cos(self, x: Value) -> Tensor:
        return torch.cos(self.tensor(x))

    def tan(self, x: Value) -> Tensor:
        return torch.tan(self.tensor(x))

    def tanh(self, x: Value) -> Tensor:
        return torch.tanh(self.tensor(x))

    def exp(self, x: Value) -> Tensor:
        return torch.exp(self.tensor(x))

    def log(self, x: Value) -> Tensor:
        return torch.log(self.tensor(x))

    def sqrt(self, x: Value) -> Tensor:
        return torch.sqrt(self.tensor(x))

    def abs(self, x: Value) -> Tensor:
        return torch.abs(self.tensor(x))

    def minimum(self, a: Value, b: Value) -> Tensor:
        return torch.minimum(self.tensor(a), self.tensor(b)) if isinstance(b, Tensor) else self.tensor(a).clamp(max=b)

    def maximum(self, a: Value, b: Value) -> Tensor:
        return torch.maximum(self.tensor(a), self.tensor(b)) if isinstance(b, Tensor) else self.tensor(a).clamp(min=b)

    def where(self, condition: Tensor | bool, a: Value, b: Value) -> Tensor:
        if isinstance(condition, bool):  # two numbers were compared
            return self.tensor(a if condition else b)
        return torch.where(condition, self.tensor(a), self.tensor(b))

    def wrap(self, x: Value) -> Tensor:
        return phase.wrap(self.tensor(x))

    # --- primitives

    def time(self) -> Tensor:
        return (self._samples() / self.sample_rate).to(self.dtype)[None]

    def since(self, moment: Value) -> Tensor:
        begun = on_sample(self.tensor(moment).double() * self.sample_rate)
        return ((self._samples() - begun) / self.sample_rate).to(self.dtype)

    def _samples(self) -> Tensor:
        """How many samples lie before each tick, in float64."""
        return torch.arange(self.ticks, dtype=torch.float64, device=self.device) * self.span

    def phase(self, freq: Value) -> Tensor:
        return phase.accumulate_phase(self.tensor(freq), self.rate, self.ticks)

    def noise(self) -> Tensor:
        return noise.white(self.seed, self.key, 0, self.ticks, self.device).to(self.dtype)

    def before(self, x: Value) -> Tensor:
        return torch.nn.functional.pad(self.full(x)[:, :-1], (1, 0))

    def onepole(self, x: Value, pole: Value) -> Tensor:
        pole = self.tensor(pole)
        return onepole(self.full(x) * (1 - pole.double()).to(pole.dtype), pole, False)[0]

    def svf(self, x: Value, g: Value, k: Value) -> tuple[Tensor, Tensor, Tensor]:
        x, g, k = self.full(x), self.tensor(g), self.tensor(k)
        band, low = svf(x, None, None, g, k, False)
        return low, band, x - k * band - low

    def delay(self, x: Value, seconds: Value, feedback: Value, longest: float, shortest: float) -> Tensor:
        ticks = ticks_of(self.exact(seconds), self.rate, *ends(self.rate, shortest, longest))
        if isinstance(feedback, float) and feedback == 0.0:
            return read(self.full(x), ticks)
        return delay(self.full(x), ticks, self.tensor(feedback), False)[0]

    def partials(self, phase: Value, freq: Value, weights: Tensor) -> Tensor:
        weights, hop = self._moving(weights)
        return partials(self.full(phase), self.tensor(freq) / self.rate, weights, hop, 0, 0)[0]

    def shaped_noise(self, gains: Tensor) -> Tensor:
        def white(start: int, time: int) -> Tensor:
            return noise.white(self.seed, self.key, start, time, self.device).to(self.dtype)

        return room.shaped(white, *self._moving(gains), self.rate, self.ticks)

    def reverberate(self, x: Value, decay: Value, length: float) -> Tensor:
        taps = max(1, round(length * self.rate))
        white = noise.white(0, self.key, 0, taps, self.device).to(self.dtype)
        return room.reverberate(self.full(x), white, self.tensor(decay), self.rate)

    def _moving(self, vectors: Tensor) -> tuple[Tensor, int]:
        """`[batch, frames or 1, width]` with frames for the whole sound, and the ticks between two of them.

        Vectors that come one for every tick are taken as such.
        """
        hop = 1 if vectors.shape[1] == self.ticks else self.hop
        return covering(vectors, hop, self.ticks), hop


class FrameDsp(Timekeeping, TensorDsp):
    """The machine of control cells."""

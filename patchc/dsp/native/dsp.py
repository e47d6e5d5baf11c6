"""The machine of cells that work on blocks: plain torch, but for the primitives that native code takes over."""

from __future__ import annotations

import torch
from torch import Tensor

from patchc.dsp import room
from patchc.dsp.delay import ends
from patchc.dsp.native.convolution import convolution
from patchc.dsp.native.feedback_delay import feedback_delay
from patchc.dsp.native.impulse_response import impulse_response
from patchc.dsp.native.partials import partial_sum
from patchc.dsp.native.phase import accumulate_phase
from patchc.dsp.native.routine import is_there
from patchc.dsp.native.shaped import shaped_noise
from patchc.dsp.reference import TensorDsp, Value


class BlockDsp(TensorDsp):
    """As `TensorDsp`, several times faster in float32 on the CPU; elsewhere the same.

    First derivatives are native too, higher ones those of `TensorDsp`.
    """

    def phase(self, freq: Value) -> Tensor:
        freq = self.tensor(freq)
        return accumulate_phase(freq, self.rate, self.ticks)[0] if self._serves("phase", freq) else super().phase(freq)

    def delay(self, x: Value, seconds: Value, feedback: Value, longest: float, shortest: float) -> Tensor:
        x, seconds = self.full(x), self.exact(seconds)
        fed = None if isinstance(feedback, float) and feedback == 0.0 else self.tensor(feedback)
        if not self._serves("feedback_delay", x, x if fed is None else fed):
            return super().delay(x, seconds, feedback, longest, shortest)
        return feedback_delay(x, seconds, fed, self.rate, *ends(self.rate, shortest, longest))[0]

    def partials(self, phase: Value, freq: Value, weights: Tensor) -> Tensor:
        phase, freq = self.full(phase), self.tensor(freq)
        if not self._serves("partials", phase, freq, weights):
            return super().partials(phase, freq, weights)
        weights, hop = self._moving(weights)
        return partial_sum(phase, freq, weights, self.rate, hop)[0]

    def shaped_noise(self, gains: Tensor) -> Tensor:
        if not self._serves("shaped", gains):
            return super().shaped_noise(gains)
        gains, hop = self._moving(gains)
        seed = self.seed if isinstance(self.seed, Tensor) else torch.tensor([self.seed])
        return shaped_noise(gains, seed, self._key, hop, self.rate, self.ticks)[0]

    def reverberate(self, x: Value, decay: Value, length: float) -> Tensor:
        x, decay = self.full(x), self.tensor(decay)
        if not self._serves("convolution", x, decay) or not self._serves("impulse_response"):
            return super().reverberate(x, decay, length)
        taps = max(1, round(length * self.rate))
        return convolution(x, impulse_response(room.mean(decay), self._key, self.rate, taps)[0])[0]

    @property
    def _key(self) -> int:
        """The key as a signed number of 64 bits, which operators of torch can be handed."""
        return (self.key + 2**63) % 2**64 - 2**63

    def _serves(self, name: str, *tensors: Tensor) -> bool:
        """Whether native code can take these."""
        kind = torch.float32
        fits = self.dtype == kind and self.device.type == "cpu" and all(one.dtype == kind for one in tensors)
        return fits and is_there(name)

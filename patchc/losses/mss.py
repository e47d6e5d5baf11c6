"""Multi-scale spectral loss: short-time spectra of several window lengths, compared linearly and logarithmically."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from patchc.cells.spec import Kind
from patchc.losses import spectra
from patchc.losses.loss import Loss, LossSettings

if TYPE_CHECKING:
    from torch import Tensor

Size = Annotated[int, Field(ge=16, le=65536)]


class Mss(Loss):
    """L1 of magnitudes plus L1 of log magnitudes, the mean over frames, bins and scales (Engel et al. 2020).

    Magnitudes are those of an unnormalised Hann STFT. `sqrt(power + floor²)` keeps root and logarithm smooth, with a
    finite gradient at silence, and keeps what lies below the floor from counting.
    """

    kind = Kind.AUDIO

    class Settings(LossSettings):
        fft: tuple[Size, ...] = Field(
            (2048, 1024, 512, 256, 128, 64), min_length=1, max_length=16, description="Window lengths in samples."
        )
        overlap: float = Field(0.75, ge=0.0, le=0.95, description="Share of a window that the next one covers.")
        mag: float = Field(1.0, ge=0.0, le=1e6, description="Weight of the linear magnitudes.")
        log: float = Field(1.0, ge=0.0, le=1e6, description="Weight of the logarithms (natural).")
        floor: float = Field(-80.0, ge=-200.0, le=0.0, description="What counts as silence: dB re a full-scale sine.")

    settings: Settings

    def features(self, signal: Tensor) -> tuple[Tensor, ...]:
        return tuple(part for size in self.settings.fft for part in self._scale(signal, size))

    def _scale(self, signal: Tensor, size: int) -> tuple[Tensor, Tensor]:
        hop = max(1, round(size * (1 - self.settings.overlap)))
        floored = spectra.power_spectrum(signal, size, hop) + spectra.floor_power(self.settings.floor, size)
        return floored.sqrt(), 0.5 * floored.log()

    def distance(self, prediction: tuple[Tensor, ...], target: tuple[Tensor, ...]) -> Tensor:
        scales = len(self.settings.fft)
        weights = (self.settings.mag / scales, self.settings.log / scales) * scales
        pairs = zip(weights, prediction, target, strict=True)
        return spectra.total([weight * spectra.difference(p, t) for weight, p, t in pairs])

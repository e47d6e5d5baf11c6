"""Mel cepstrum loss: the difference of two spectral envelopes, as few numbers for every frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from patchc.cells.spec import Kind
from patchc.losses import spectra
from patchc.losses.loss import Loss, LossSettings

if TYPE_CHECKING:
    from torch import Tensor


class MelCepstrum(Loss):
    """Mean absolute difference of mel-frequency cepstral coefficients (Davis and Mermelstein 1980), the first included.

    Natural logarithm of the mean power in each band, then the orthonormal cosine transform. Says nothing about pitch
    as long as partials fall into the same bands.
    """

    kind = Kind.AUDIO

    class Settings(LossSettings):
        window: float = Field(0.043, ge=0.001, le=2.0, description="Window length in seconds, to a power of two.")
        overlap: float = Field(0.75, ge=0.0, le=0.95, description="Share of a window that the next one covers.")
        bands: int = Field(64, ge=4, le=512, description="Mel bands.")
        coefficients: int = Field(20, ge=1, le=512, description="Cepstral coefficients, at most as many as bands.")
        low: float = Field(30.0, ge=0.0, le=20_000.0, description="Lower end of the bands, in Hz.")
        high: float = Field(16_000.0, ge=100.0, le=96_000.0, description="Upper end in Hz, at most the Nyquist limit.")
        floor: float = Field(-80.0, ge=-200.0, le=0.0, description="What counts as silence: dB re a full-scale sine.")

    settings: Settings

    def features(self, signal: Tensor) -> tuple[Tensor, ...]:
        given = self.settings
        size = spectra.nearest_power_of_two(given.window * self.rate, low=64)
        hop = max(1, round(size * (1 - given.overlap)))
        high = min(given.high, self.rate / 2)
        filters = spectra.mel_filters(given.bands, size, self.rate, min(given.low, high / 2), high)
        cosines = spectra.cosine_matrix(given.bands, min(given.coefficients, given.bands)).to(signal)
        power = spectra.power_spectrum(signal, size, hop) @ (filters / filters.sum(0)).to(signal)
        return ((power + spectra.floor_power(given.floor, size)).log() @ cosines,)

    def distance(self, prediction: tuple[Tensor, ...], target: tuple[Tensor, ...]) -> Tensor:
        return spectra.difference(prediction[0], target[0])

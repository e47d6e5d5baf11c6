"""Loudness loss: the difference of two A-weighted level curves, in decibels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from patchc.cells.spec import Kind
from patchc.losses import spectra
from patchc.losses.loss import Loss, LossSettings

if TYPE_CHECKING:
    from torch import Tensor


class Loudness(Loss):
    """Mean absolute difference in dB of the A-weighted level, frame by frame; a full-scale 1 kHz sine is at 0 dB."""

    kind = Kind.AUDIO

    class Settings(LossSettings):
        window: float = Field(0.043, ge=0.001, le=2.0, description="Window length in seconds, to a power of two.")
        overlap: float = Field(0.5, ge=0.0, le=0.95, description="Share of a window that the next one covers.")
        floor: float = Field(-80.0, ge=-200.0, le=0.0, description="The level that silence has, in dB.")

    settings: Settings

    def features(self, signal: Tensor) -> tuple[Tensor, ...]:
        return (self.curve(signal),)

    def curve(self, signal: Tensor) -> Tensor:
        """The level of `[..., time]` in dB, `[..., frames]`."""
        size = spectra.nearest_power_of_two(self.settings.window * self.rate, low=64)
        hop = max(1, round(size * (1 - self.settings.overlap)))
        weights = spectra.a_weighting(spectra.bin_frequencies(size, self.rate)).to(signal)
        square = spectra.mean_square(spectra.power_spectrum(signal, size, hop) * weights, size)
        return 10.0 * (2.0 * square + 10 ** (self.settings.floor / 10)).log10()

    def distance(self, prediction: tuple[Tensor, ...], target: tuple[Tensor, ...]) -> Tensor:
        return spectra.difference(prediction[0], target[0])

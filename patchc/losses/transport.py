"""Spectral transport: how far, in octaves, the power of one spectrum must be carried to become another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from patchc.cells.spec import Kind
from patchc.losses import spectra
from patchc.losses.loss import Loss, LossSettings

if TYPE_CHECKING:
    from torch import Tensor


class Transport(Loss):
    """Wasserstein-1 distance between normalised power spectra over log frequency, plus a level term; in octaves.

    In one dimension it is the area between two cumulative distributions. Unlike a difference bin by bin, it still says
    which way to go when two tones are octaves apart. Power, not magnitude: with magnitudes the weak upper partials, cut
    at the Nyquist limit, decide. Frames count by the energy of the target; the level term, `level` times the mean of
    |log2 (rms ratio)|, sees what normalising hides.
    """

    kind = Kind.AUDIO

    class Settings(LossSettings):
        window: float = Field(0.17, ge=0.001, le=2.0, description="Window length in seconds, to a power of two.")
        overlap: float = Field(0.5, ge=0.0, le=0.95, description="Share of a window that the next one covers.")
        low: float = Field(15.0, ge=1.0, le=1000.0, description="Where the frequency axis begins, in Hz.")
        level: float = Field(0.1, ge=0.0, le=1e6, description="Weight of the level term.")
        floor: float = Field(-80.0, ge=-200.0, le=0.0, description="What counts as silence: dB re a full-scale sine.")

    settings: Settings

    def features(self, signal: Tensor) -> tuple[Tensor, ...]:
        size = spectra.nearest_power_of_two(self.settings.window * self.rate, low=64)
        hop = max(1, round(size * (1 - self.settings.overlap)))
        first = max(1, round(self.settings.low * size / self.rate))
        power = spectra.power_spectrum(signal, size, hop)[..., first:]
        energy = power.sum(-1) + spectra.floor_power(self.settings.floor, size)
        heaped = (power / energy[..., None]).cumsum(-1)[..., :-1]
        octaves = spectra.bin_frequencies(size, self.rate)[first:].log2().diff().to(signal)
        return heaped * octaves, energy

    def distance(self, prediction: tuple[Tensor, ...], target: tuple[Tensor, ...]) -> Tensor:
        carried = (prediction[0] - target[0]).abs().sum(-1)
        share = target[1] / target[1].flatten(1).sum(-1).reshape(-1, *[1] * (target[1].ndim - 1))
        level = 0.5 * (prediction[1].log2() - target[1].log2()).abs()
        return (carried * share).flatten(1).sum(-1) + self.settings.level * level.flatten(1).mean(-1)

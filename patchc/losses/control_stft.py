"""Low-rate spectral loss for control signals: how far, how fast and when they move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from patchc.cells.spec import Kind
from patchc.losses import spectra
from patchc.losses.loss import Loss, LossSettings

if TYPE_CHECKING:
    from torch import Tensor

Seconds = Annotated[float, Field(ge=0.001, le=30.0)]


class ControlStft(Loss):
    """Short-time magnitudes of a control signal, offset included, at several window lengths.

    Magnitudes are scaled so that a constant 1 has magnitude 1; their differences are added over bins, the logarithms
    averaged, both averaged over frames and windows. A window that holds several cycles does not hear their phase, a
    short one sees when something moves. A window longer than the signal shrinks to fit it.
    """

    kind = Kind.CONTROL

    class Settings(LossSettings):
        windows: tuple[Seconds, ...] = Field(
            (0.68, 0.17, 0.043), min_length=1, max_length=16, description="Window lengths in seconds."
        )
        overlap: float = Field(0.75, ge=0.0, le=0.95, description="Share of a window that the next one covers.")
        mag: float = Field(1.0, ge=0.0, le=1e6, description="Weight of the linear magnitudes.")
        log: float = Field(0.1, ge=0.0, le=1e6, description="Weight of the logarithms (natural).")
        floor: float = Field(-60.0, ge=-200.0, le=0.0, description="What counts as no movement, in dB re a constant 1.")

    settings: Settings

    def features(self, signal: Tensor) -> tuple[Tensor, ...]:
        longest = 2 ** (max(4, signal.shape[-1]).bit_length() - 1)
        sizes = [spectra.nearest_power_of_two(w * self.rate, high=longest) for w in self.settings.windows]
        return tuple(part for size in sizes for part in self._scale(signal, size))

    def _scale(self, signal: Tensor, size: int) -> tuple[Tensor, Tensor]:
        hop = max(1, round(size * (1 - self.settings.overlap)))
        power = spectra.power_spectrum(signal, size, hop) / spectra.hann_sum(size) ** 2
        floored = power + 10 ** (self.settings.floor / 10)
        return floored.sqrt() * power.shape[-1], 0.5 * floored.log()

    def distance(self, prediction: tuple[Tensor, ...], target: tuple[Tensor, ...]) -> Tensor:
        scales = len(self.settings.windows)
        weights = (self.settings.mag / scales, self.settings.log / scales) * scales
        pairs = zip(weights, prediction, target, strict=True)
        return spectra.total([weight * spectra.difference(p, t) for weight, p, t in pairs])

"""Multi-scale spectral loss: short-time spectra of several window lengths, compared linearly and logarithmically."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from patchc.cells.spec import Kind
from patchc.losses import spectra
from patchc.losses.loss import Loss, LossSettings, Prepared

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
        power = spectra.power_spectrum(signal, size, self._hop(size))
        floored = power + spectra.floor_power(self.settings.floor, size)
        return floored.sqrt(), 0.5 * floored.log()

    def _hop(self, size: int) -> int:
        return max(1, round(size * (1 - self.settings.overlap)))

    def distance(self, prediction: tuple[Tensor, ...], target: tuple[Tensor, ...]) -> Tensor:
        scales = len(self.settings.fft)
        weights = (self.settings.mag / scales, self.settings.log / scales) * scales
        pairs = zip(weights, prediction, target, strict=True)
        return spectra.total([weight * spectra.difference(p, t) for weight, p, t in pairs])

    def prepare(self, target: Tensor) -> Prepared:
        kept = spectra.keep(target, self._scales())
        return super().prepare(target) if kept is None else _Kept((kept.signal,), target.shape[-1], kept)

    def compare(self, prediction: Tensor, target: Prepared) -> Tensor:
        if not isinstance(target, _Kept):
            return super().compare(prediction, target)
        if target.kept.serves(prediction):
            return target.kept.difference(prediction, self._plain)
        return self._plain(prediction, *target.features)

    def _plain(self, prediction: Tensor, target: Tensor) -> Tensor:
        return self.distance(self.features(prediction), self.features(target))

    def _scales(self) -> list[spectra.Scale]:
        given = self.settings
        weights = given.mag / len(given.fft), given.log / len(given.fft)
        floors = (spectra.floor_power(given.floor, size) for size in given.fft)
        return [
            spectra.Scale(size, self._hop(size), floor, *weights) for size, floor in zip(given.fft, floors, strict=True)
        ]


@dataclass(frozen=True)
class _Kept(Prepared):
    """A target that is compared with by the kernel; its `features` are the signal, for where the kernel cannot."""

    kept: spectra.PreparedTarget

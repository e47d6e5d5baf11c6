"""Direct loss for control signals: how far apart two curves are, value by value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patchc.cells.spec import Kind
from patchc.losses import spectra
from patchc.losses.loss import Loss

if TYPE_CHECKING:
    from torch import Tensor


class ControlL1(Loss):
    """Mean absolute difference of two control signals. Phase counts."""

    kind = Kind.CONTROL

    def features(self, signal: Tensor) -> tuple[Tensor, ...]:
        return (signal,)

    def distance(self, prediction: tuple[Tensor, ...], target: tuple[Tensor, ...]) -> Tensor:
        return spectra.difference(prediction[0], target[0])

"""The signal mathematics losses and pictures share; its functions, and torch with them, are loaded when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from patchc.losses.spectra.frames import (
        difference,
        floor_power,
        hann_sum,
        mean_square,
        nearest_power_of_two,
        power_spectrum,
        shared,
        total,
    )
    from patchc.losses.spectra.fused import PreparedTarget, keep
    from patchc.losses.spectra.kernel import Scale
    from patchc.losses.spectra.scales import a_weighting, bin_frequencies, cosine_matrix, mel_filters

__all__ = [
    "PreparedTarget",
    "Scale",
    "a_weighting",
    "bin_frequencies",
    "cosine_matrix",
    "difference",
    "floor_power",
    "hann_sum",
    "keep",
    "mean_square",
    "mel_filters",
    "nearest_power_of_two",
    "power_spectrum",
    "shared",
    "total",
]

_HOME = {
    **dict.fromkeys(("PreparedTarget", "keep"), "fused"),
    **dict.fromkeys(("Scale",), "kernel"),
    **dict.fromkeys(("a_weighting", "bin_frequencies", "cosine_matrix", "mel_filters"), "scales"),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME.get(name, 'frames')}"), name)

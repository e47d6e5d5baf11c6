"""Losses compare sounds: one file is one loss, and the chain loss reads a patch's `tap ... loss ...` lines.

Names are loaded on first use, because the rules of the graph ask `registry` for names and never need torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from patchc.losses.chain import ChainLoss, LossValue
    from patchc.losses.loss import Loss, Prepared
    from patchc.losses.registry import find_loss, loss_names

__all__ = ["ChainLoss", "Loss", "LossValue", "Prepared", "find_loss", "loss_names"]

_HOME = {
    "ChainLoss": "chain",
    "Loss": "loss",
    "LossValue": "chain",
    "Prepared": "loss",
    "find_loss": "registry",
    "loss_names": "registry",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)

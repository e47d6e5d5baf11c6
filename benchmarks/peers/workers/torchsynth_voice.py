"""torchsynth's Voice with random parameters."""

from __future__ import annotations

import sys
import types
import warnings
from typing import Any

import meter


def main() -> None:
    options = meter.parse(meter.parser(__doc__))
    warnings.filterwarnings("ignore")
    import torch_meter

    voice = _voice(options.batch, options.rate, options.seconds, options.mode != "forward")
    torch_meter.measure(options, lambda: voice()[0], list(voice.parameters()), packages=["torchsynth"])


def _voice(batch: int, rate: int, seconds: float, gradient: bool) -> Any:
    _revive()
    from torchsynth.config import SynthConfig
    from torchsynth.synth import Voice

    config = SynthConfig(batch_size=batch, sample_rate=rate, buffer_size_seconds=seconds, reproducible=False)
    config.no_grad = not gradient  # the constructor refuses this
    voice = Voice(config)
    voice.randomize(seed=3)
    return voice


def _revive() -> None:
    """Puts back the module that torchsynth imports its base class from, which newer releases of Lightning dropped."""
    import pytorch_lightning as lightning

    gone = types.ModuleType("pytorch_lightning.core.lightning")
    gone.LightningModule = lightning.LightningModule  # type: ignore[attr-defined]
    sys.modules[gone.__name__] = gone


if __name__ == "__main__":
    main()

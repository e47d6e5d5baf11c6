"""How far the sounds of a patch are from a target: what a fit is judged by, and what it descends."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.compiler.settings import natural
from patchc.compiler.sound import Sound
from patchc.losses.chain import ChainLoss
from patchc.losses.loss import Loss
from patchc.losses.mss import Mss
from patchc.losses.transport import Transport
from patchc.matching.listen import Heard
from patchc.matching.space import tuning

_AT_ONCE = 16  # sounds rendered in one go where no gradient is wanted
_WORST = 1e9  # the loss of a sound that is not finite
_WINDOWS = (0.043, 0.011)  # seconds, of the spectra that are descended


class Objective:
    """Renders settings with one module and compares them with one target.

    `score` is the sum of the losses the patch gives its outputs (`mss` if none): what a fit is judged by. `rough` is
    what it descends at first: spectral transport, whose slope points the right way over octaves, and spectra of two
    windows with little overlap, a third of the work of the usual six.
    """

    def __init__(self, synth: PatchModule, heard: Heard, seed: int) -> None:
        self.synth = synth
        self.heard = heard
        self.seed = seed
        self.seconds = heard.target.seconds
        self.inputs = heard.inputs(synth)
        self.target = heard.target.at(synth.sample_rate, synth.samples(self.seconds)).to(synth.defaults())
        self._chain = ChainLoss.of(synth).outputs_only
        self._compared = self._chain.prepare(self.target)
        sizes = [max(16, round(window * synth.sample_rate / 2) * 2) for window in _WINDOWS]
        self._transport = _Against(Transport(synth.sample_rate), self.target)
        self._spectra = _Against(Mss(synth.sample_rate, fft=sizes, overlap=0.5), self.target)

    def sound(self, settings: Tensor) -> Sound:
        """Renders settings `[batch, width]`, recording no taps. One column more is the tuning of the pitch found."""
        width, inputs = self.synth.width, dict(self.inputs)
        if settings.shape[-1] > width:
            inputs.update({name: hz * self._ratio(settings) for name, hz in self.heard.found_pitches.items()})
        sound: Sound = self.synth(settings[:, :width], seconds=self.seconds, seed=self.seed, taps=(), inputs=inputs)
        return sound

    def retuned(self, settings: Tensor) -> Heard:
        """What was heard, with the pitch that one setting `[1, width]` is tuned to."""
        return (
            self.heard.transposed(float(self._ratio(settings))) if settings.shape[-1] > self.synth.width else self.heard
        )

    def _ratio(self, settings: Tensor) -> Tensor:
        octaves = natural(tuning(self.synth.width), settings[:, self.synth.width :])
        return torch.exp(octaves * math.log(2.0))

    def terms(self, settings: Tensor) -> dict[str, float]:
        """The weighted losses of one setting `[1, width]`, by name."""
        with torch.no_grad():
            value = self._chain(self.sound(settings), self._compared)
        return {name: float(term[0]) for name, term in value.terms.items()}

    def score(self, settings: Tensor) -> Tensor:
        """The loss of each of `[batch, width]`, `[batch]`, without a gradient; huge for sounds that are not finite."""
        with torch.no_grad():
            batches = (settings[first : first + _AT_ONCE] for first in range(0, len(settings), _AT_ONCE))
            parts = [self._chain(self.sound(part), self._compared).total for part in batches]
        return torch.nan_to_num(torch.cat(parts), nan=_WORST, posinf=_WORST)

    def rough(self, settings: Tensor, guide: float) -> Tensor:
        """The two spectra, and `guide` times the transport, `[batch]`."""
        audio = self.sound(settings).audio
        return self._spectra(audio) + guide * self._transport(audio)

    def fine(self, settings: Tensor, guide: float) -> Tensor:
        """The score with its gradient, and `guide` times the transport, `[batch]`."""
        sound = self.sound(settings)
        return self._chain(sound, self._compared).total + guide * self._transport(sound.audio)


class _Against:
    """A loss against one target."""

    def __init__(self, loss: Loss, target: Tensor) -> None:
        self._loss, self._target = loss, loss.prepare(target)

    def __call__(self, audio: Tensor) -> Tensor:
        return self._loss(audio, self._target)


def at_rate(synth: PatchModule, rate: int) -> PatchModule:
    """The same patch at `rate` Hz, or `synth` itself if it runs no faster. Settings mean the same at every rate."""
    if synth.sample_rate <= rate:
        return synth
    reference = synth.defaults()
    module = compile_graph(synth.graph, sample_rate=rate, dtype=reference.dtype, memory_limit=synth.memory_limit)
    return module.to(reference.device)

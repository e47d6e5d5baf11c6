"""How far the sounds of a patch are from a target: what a fit is judged by, and what it descends."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.compiler.settings import natural
from patchc.compiler.sound import Sound
from patchc.losses.chain import ChainLoss, LossValue
from patchc.losses.mss import Mss
from patchc.losses.transport import Transport
from patchc.matching.analysis import Analysis
from patchc.matching.course import LossScale
from patchc.matching.level import at_level, rms
from patchc.matching.space import tuning

_AT_ONCE = 16  # sounds rendered in one go where no gradient is wanted
_WORST = 1e9  # the loss of a sound that is not finite
_WINDOWS = (0.043, 0.011)  # seconds, of the spectra that are descended


class Objective:
    """Renders settings with one module and compares them with one target, all brought to the target's RMS level.

    `score` is the sum of the losses the patch gives its outputs (`mss` if none): what a fit is judged by. `rough` is
    what it descends at first: spectral transport, whose gradient points the right way over octaves, and spectra of two
    windows with little overlap, a third of the work of the usual six.

    Each channel is compared with its own of the target: the outputs of a patch, or the channels of its recordings,
    which a patch with one output plays one by one.
    """

    def __init__(self, synth: PatchModule, analysis: Analysis, seed: int) -> None:
        self.synth = synth
        self.analysis = analysis
        self.seed = seed
        self.seconds = analysis.target.seconds
        self.inputs = analysis.inputs(synth)
        self.target = analysis.target.at(synth.sample_rate, synth.samples(self.seconds)).to(synth.defaults())
        self._passes = len(self.target) if len(synth.graph.outputs) < 2 else 1
        self._rms = rms(self.target[None])
        self._compared = self._compare(self.target[None])

    def _compare(self, target: Tensor) -> tuple[_Compared, ...]:
        """The losses against a target `[1, channels, samples]`, or `[1, samples]`."""
        chain = ChainLoss.of(self.synth).outputs_only
        return tuple(_Compared(self.synth.sample_rate, chain, one) for one in self._played(target))

    def sound(self, settings: Tensor, other_noise: bool = False) -> Sound:
        """Renders settings `[batch, width]`, recording no taps. One column more is the tuning of the pitch found.

        The audio is `[batch, samples]`, or `[batch, channels, samples]`, as loud as the patch makes it. `other_noise`
        is that of a neighbouring seed.
        """
        width, inputs = self.synth.width, dict(self.inputs)
        rows = settings.repeat_interleave(self._passes, 0)
        inputs.update({name: inputs[name].repeat(len(settings), 1) for name in self.analysis.recordings.sounds})
        if settings.shape[-1] > width:
            inputs.update({name: hz * self._ratio(rows) for name, hz in self.analysis.estimated_pitches.items()})
        seed = self.seed ^ int(other_noise)
        sound: Sound = self.synth(rows[:, :width], seconds=self.seconds, seed=seed, taps=(), inputs=inputs)
        if self._passes == 1:
            return sound
        return replace(sound, audio=sound.audio.reshape(len(settings), self._passes, -1))

    def rendered(self, settings: Tensor) -> Tensor:
        """The audio of `settings` `[batch, width]`, as loud as the patch makes it, without a gradient."""
        with torch.no_grad():
            return self.sound(settings).audio

    def tuned(self, settings: Tensor) -> Analysis:
        """The analysis, with the pitch that one setting `[1, width]` is tuned to."""
        if settings.shape[-1] == self.synth.width:
            return self.analysis
        return self.analysis.transposed(float(self._ratio(settings)))

    def _ratio(self, settings: Tensor) -> Tensor:
        octaves = natural(tuning(self.synth.width), settings[:, self.synth.width :])
        return torch.exp(octaves * math.log(2.0))

    def terms(self, audio: Tensor) -> dict[str, float]:
        """The weighted losses of one sound `[1, samples]` or `[1, channels, samples]` as it is, by name."""
        with torch.no_grad():
            parts = [one.chain(part).terms for one, part in self._pairs(audio)]
        return {name: sum(float(part[name][0]) for part in parts) / len(parts) for name in parts[0]}

    def score(self, settings: Tensor) -> Tensor:
        """The loss of each of `[batch, width]`, `[batch]`, without a gradient; huge for sounds that are not finite."""
        with torch.no_grad():
            batches = (settings[first : first + _AT_ONCE] for first in range(0, len(settings), _AT_ONCE))
            parts = [self._mean(_Compared.judged, self._levelled(part)) for part in batches]
        return torch.nan_to_num(torch.cat(parts), nan=_WORST, posinf=_WORST)

    def floor(self, settings: Tensor) -> float:
        """The loss between the sound of `[1, width]` and the same with other noise: 0 where there is none."""
        with torch.no_grad():
            one, other = (at_level(self.sound(settings, other).audio, self._rms) for other in (False, True))
            pairs = zip(self._compare(one), self._played(other), strict=True)
            return float(torch.stack([compared.judged(audio) for compared, audio in pairs]).mean())

    def scale(self, start: Tensor, found: Tensor) -> LossScale:
        """What a loss means, beside that of `start` and with the noise of `found`, both `[1, width]`."""
        return LossScale(self.synth.sample_rate, float(self.score(start)), self.floor(found))

    def rough(self, settings: Tensor, guide: float) -> Tensor:
        """The two spectra, and `guide` times the transport, `[batch]`."""
        audio = self._levelled(settings)
        return self._mean(_Compared.spectra, audio) + guide * self._mean(_Compared.transport, audio)

    def fine(self, settings: Tensor, guide: float) -> Tensor:
        """The score with its gradient, and `guide` times the transport, `[batch]`."""
        audio = self._levelled(settings)
        return self._mean(_Compared.judged, audio) + guide * self._mean(_Compared.transport, audio)

    def _levelled(self, settings: Tensor) -> Tensor:
        return at_level(self.sound(settings).audio, self._rms)

    def _mean(self, measure: Callable[[_Compared, Tensor], Tensor], audio: Tensor) -> Tensor:
        """A measure of each sound, `[batch]`: the mean over what is played one by one."""
        parts = [measure(one, part) for one, part in self._pairs(audio)]
        return torch.stack(parts).mean(0)

    def _pairs(self, audio: Tensor) -> Iterator[tuple[_Compared, Tensor]]:
        return zip(self._compared, self._played(audio), strict=True)

    def _played(self, audio: Tensor) -> list[Tensor]:
        """`[batch, channels, samples]` as the losses take it: every pass `[batch, samples]`, or all outputs at once."""
        if len(self.synth.graph.outputs) > 1:
            return [audio]
        return list(audio.unbind(1)) if audio.ndim > 2 else [audio]


class _Compared:
    """The losses against one target, `[1, samples]` or `[1, channels, samples]`."""

    def __init__(self, rate: int, chain: ChainLoss, target: Tensor) -> None:
        sizes = [max(16, round(window * rate / 2) * 2) for window in _WINDOWS]
        self._chain, self._prepared = chain, chain.prepare(target)
        self._transport, self._spectra = Transport(rate), Mss(rate, fft=sizes, overlap=0.5)
        self._prepared_transport, self._prepared_spectra = (
            loss.prepare(target) for loss in (self._transport, self._spectra)
        )

    def chain(self, audio: Tensor) -> LossValue:
        return self._chain(_Audio(audio), self._prepared)

    def judged(self, audio: Tensor) -> Tensor:
        return self.chain(audio).total

    def transport(self, audio: Tensor) -> Tensor:
        return self._transport(audio, self._prepared_transport)

    def spectra(self, audio: Tensor) -> Tensor:
        return self._spectra(audio, self._prepared_spectra)


@dataclass(frozen=True)
class _Audio:
    """A sound without taps, as the chain loss takes it."""

    audio: Tensor
    taps: Mapping[str, Tensor] = field(default_factory=dict)


def at_rate(synth: PatchModule, rate: int) -> PatchModule:
    """The same patch at `rate` Hz, or `synth` itself if it runs no faster. Settings mean the same at every rate."""
    if synth.sample_rate <= rate:
        return synth
    reference = synth.defaults()
    module = compile_graph(synth.graph, sample_rate=rate, dtype=reference.dtype, memory_limit=synth.memory_limit)
    return module.to(reference.device)

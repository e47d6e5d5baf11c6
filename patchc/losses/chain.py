"""The chain loss: compares two sounds at every tap a patch names, with the losses and weights it names."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch import Tensor

from patchc.cells.registry import find_cell
from patchc.cells.spec import Kind
from patchc.graph.channels import channel_order
from patchc.graph.model import Graph, LossSpec
from patchc.losses import spectra
from patchc.losses.loss import Loss, Prepared
from patchc.losses.registry import find_loss, loss_names
from patchc.source.codes.losses import LossOfOtherKind
from patchc.source.diagnostic import Diagnostic
from patchc.source.error import PatchError

if TYPE_CHECKING:
    from patchc.compiler.module import PatchModule


class SoundLike(Protocol):
    """What is compared: the audio `[batch, samples]` or `[batch, channels, samples]`, and taps by cell name."""

    @property
    def audio(self) -> Tensor: ...
    @property
    def taps(self) -> Mapping[str, Tensor]: ...


class OutputOnlyWarning(UserWarning):
    """The target has no taps, so only the outputs are compared."""


@dataclass(frozen=True)
class Term:
    """One loss at one tap: the name it is reported under, and its channel where the tap is an output."""

    name: str
    tap: str
    loss: Loss
    weight: float
    after: int
    channel: int | None


@dataclass(frozen=True)
class LossValue:
    """`total` `[batch]`, and the weighted `terms` that add up to it, each `[batch]`, by names such as `vcf.mss`."""

    total: Tensor
    terms: dict[str, Tensor]
    notes: tuple[str, ...] = ()

    @property
    def mean(self) -> Tensor:
        """The mean over the batch, a scalar to call `backward` on."""
        return self.total.mean()


@dataclass(frozen=True)
class PreparedSound:
    """A target analysed once for a chain: its half of every term that it has the signal for."""

    features: Mapping[str, Prepared]


class ChainLoss:
    """`sum of weight * loss` over the taps of a patch; holds no state but that it has warned once.

    Where a target is a recording, with no taps, the losses of the outputs are compared alone (`mss` where the patch
    gives its outputs none), and that is said: in the `notes` of every value, and as one `OutputOnlyWarning`.
    """

    def __init__(self, terms: tuple[Term, ...], fallback: tuple[Term, ...]) -> None:
        """Terms for targets with taps, and those for targets without. Most callers want `ChainLoss.of`."""
        self.terms = terms
        self.fallback = fallback
        self._warned = False

    @classmethod
    def of(
        cls, synth: PatchModule | Graph, *, sample_rate: float | None = None, control_rate: float | None = None
    ) -> ChainLoss:
        """The chain loss of a patch. A module knows its rates; for a bare graph give both, in values a second.

        Raises `PatchError` if a loss's settings are wrong, or it is made for the other kind of signal.
        """
        graph = synth if isinstance(synth, Graph) else synth.graph
        audio: float = sample_rate or getattr(synth, "sample_rate", None) or 48_000.0
        control: float = control_rate or getattr(synth, "control_rate", None) or 750.0
        rates = {Kind.AUDIO: audio, Kind.CONTROL: control}
        named = tuple(_named_terms(graph, rates))
        outputs = {output.name for output in graph.outputs}
        fallback = tuple(term for term in named if term.tap in outputs) or _plain_terms(graph, rates)
        return cls(named or fallback, fallback)

    @property
    def outputs_only(self) -> ChainLoss:
        """The same chain without its inner taps: what a recording can be compared with."""
        return ChainLoss(self.fallback, self.fallback)

    def prepare(self, target: SoundLike | Tensor) -> PreparedSound:
        """Analyses a target that will be compared with many times."""
        signals = _Signals(target)
        found = ((term, signals.of(term)) for term in {t.name: t for t in self.fallback + self.terms}.values())
        with spectra.shared():
            return PreparedSound({term.name: term.loss.prepare(signal) for term, signal in found if signal is not None})

    def __call__(
        self, sound: SoundLike, target: SoundLike | Tensor | PreparedSound, step: int | None = None
    ) -> LossValue:
        """Compares `sound` with a target sound, a recording `[batch, samples]`, or a prepared target.

        Terms that start `after N steps` are left out before step N; without a `step` all are in. Identical sounds give
        exactly zero. Raises `ValueError` if `sound` was rendered without a tap that is compared.
        """
        prepared = target if isinstance(target, PreparedSound) else self.prepare(target)
        chosen, notes = self._choose(prepared)
        signals = _Signals(sound)
        with spectra.shared():
            values = {
                term.name: term.weight * term.loss(signals.required(term), prepared.features[term.name])
                for term in chosen
                if step is None or step >= term.after
            }
        zero = torch.zeros(sound.audio.shape[0], dtype=sound.audio.dtype, device=sound.audio.device)
        return LossValue(sum(values.values(), zero), values, notes)

    def _choose(self, target: PreparedSound) -> tuple[tuple[Term, ...], tuple[str, ...]]:
        there = tuple(term for term in self.terms if term.name in target.features)
        missing = sorted({term.tap for term in self.terms if term.name not in target.features})
        if not missing:
            return there, ()
        note = f"the target has no taps {', '.join(missing)}: they are not compared"
        self._warn(note)
        return there or self.fallback, (note,)

    def _warn(self, note: str) -> None:
        if not self._warned:
            self._warned = True
            warnings.warn(note, OutputOnlyWarning, stacklevel=4)


def _named_terms(graph: Graph, rates: Mapping[Kind, float]) -> Iterator[Term]:
    """The terms of the patch's `tap ... loss ...` lines; a second use of a loss on a tap is called `main.mss:2`."""
    problems: list[Diagnostic] = []
    names: set[str] = set()
    for tap in graph.taps:
        for cell in tap.cells:
            channel, kind = _place(graph, cell)
            for spec in tap.losses:
                try:
                    loss = _make_loss(spec, cell, kind, rates)
                except PatchError as error:
                    problems.extend(error.diagnostics)
                    continue
                name = _fresh(f"{cell}.{spec.name}", names)
                yield Term(name, cell, loss, spec.weight, tap.after, channel)
    if problems:
        raise PatchError(problems)


def _plain_terms(graph: Graph, rates: Mapping[Kind, float]) -> tuple[Term, ...]:
    loss = _make_loss(LossSpec(name="mss"), "", Kind.AUDIO, rates)
    return tuple(Term(f"{name}.mss", name, loss, 1.0, 0, channel) for channel, name in enumerate(_channels(graph)))


def _channels(graph: Graph) -> tuple[str, ...]:
    return channel_order([output.name for output in graph.outputs])


def _place(graph: Graph, name: str) -> tuple[int | None, Kind]:
    """Where a tapped signal is found, and of which kind it is. A cell hides an output of the same name."""
    cell = next((cell for cell in graph.cells if cell.name == name), None)
    if cell is None:
        return _channels(graph).index(name), Kind.AUDIO
    cell_type = find_cell(cell.type)
    return None, cell_type.spec.out.kind if cell_type else Kind.AUDIO


def _make_loss(spec: LossSpec, tap: str, kind: Kind, rates: Mapping[Kind, float]) -> Loss:
    loss = find_loss(spec.name)
    if loss is None:
        raise ValueError(f"no loss called {spec.name!r}; there are {', '.join(loss_names())}")
    if loss.kind is not kind:
        fitting = ", ".join(name for name in loss_names() if getattr(find_loss(name), "kind", None) is kind)
        facts: dict[str, Any] = {"loss": spec.name, "loss_kind": loss.kind, "tap": tap, "tap_kind": kind}
        raise PatchError([LossOfOtherKind(span=spec.span, fitting=fitting, **facts)])
    return loss(rates[kind], span=spec.span, **spec.settings)


def _fresh(name: str, taken: set[str]) -> str:
    count = 1
    fresh = name
    while fresh in taken:
        count += 1
        fresh = f"{name}:{count}"
    taken.add(fresh)
    return fresh


class _Signals:
    """The signals of a sound that terms compare: terms of one tap get the same tensor, and so can share its spectra."""

    def __init__(self, sound: SoundLike | Tensor) -> None:
        self._sound = sound
        self._channels: dict[int, Tensor] = {}

    def of(self, term: Term) -> Tensor | None:
        """The signal a term compares, or None where a sound does not have it."""
        if term.channel is not None:
            return self._channel(term.channel)
        return None if isinstance(self._sound, Tensor) else self._sound.taps.get(term.tap)

    def required(self, term: Term) -> Tensor:
        signal = self.of(term)
        if signal is None:
            raise ValueError(f"the sound has no tap {term.tap!r}: render it with `taps=` naming it, or with all")
        return signal

    def _channel(self, number: int) -> Tensor:
        audio = self._sound if isinstance(self._sound, Tensor) else self._sound.audio
        if number not in self._channels:
            self._channels[number] = audio if audio.ndim == 2 else audio[:, number]
        return self._channels[number]

"""Where the numbers of one run come from: given by name, else the settings."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.knobs import Knob
from patchc.compiler.plan import Plan, Rate
from patchc.compiler.settings import natural
from patchc.compiler.signals import RatedSignal
from patchc.units.domain import Choice

Given = Mapping[str, RatedSignal]
"""Values by the names of knobs and control inputs, in base units; of a choice, the weights of its members (`wide`)."""


class Values:
    """The numbers of one run, each worked out once."""

    def __init__(
        self,
        knobs: Mapping[str, Knob],
        defaults: Mapping[str, float],
        settings: Tensor,
        given: Given,
    ) -> None:
        """`settings` are `[batch, width]` or `[batch, frames, width]`; `defaults` the values of control inputs."""
        self._knobs = knobs
        self._defaults = defaults
        self._settings = settings
        self._known: dict[str, RatedSignal] = dict(given)

    def number(self, name: str) -> RatedSignal:
        """The value of a knob or control input, in base units; of a choice, the weights of its members."""
        if name not in self._known:
            self._known[name] = (
                self._knob(self._knobs[name]) if name in self._knobs else RatedSignal(self._defaults[name])
            )
        return self._known[name]

    def weight(self, name: str, member: str) -> RatedSignal:
        """How much a choice is one of its members, 0..1."""
        domain = self._knobs[name].domain
        assert isinstance(domain, Choice)
        if member not in domain.members:
            return RatedSignal(0.0)
        weights = self.number(name)
        assert isinstance(weights.data, Tensor)
        return RatedSignal(weights.data[..., domain.members.index(member)], weights.rate)

    def _knob(self, knob: Knob) -> RatedSignal:
        positions = self._settings[..., knob.columns]  # [batch, columns] or [batch, frames, columns]
        if positions.ndim == 2:
            positions = positions.unsqueeze(1)
        rate = Rate.CONSTANT if positions.shape[1] == 1 else Rate.CONTROL
        return RatedSignal(natural(knob, positions), rate, is_vector=knob.vector or isinstance(knob.domain, Choice))


def input_signals(plan: Plan, values: Values, audio: Mapping[str, Tensor]) -> dict[str, RatedSignal]:
    """What inputs bring to cables: control inputs their numbers, audio inputs `[batch, samples]`, else silence."""
    signals = {}
    for item in plan.inputs:
        if item.kind is Kind.AUDIO:
            signals[item.name] = RatedSignal(audio[item.name], Rate.AUDIO) if item.name in audio else RatedSignal(0.0)
        elif item.kind is Kind.CONTROL:
            signals[item.name] = values.number(item.name)
    return signals

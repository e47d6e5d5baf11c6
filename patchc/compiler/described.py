"""What a patch asks of whoever plays it: its inputs by name, drawn ones, and curves brought to its frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, overload

import torch
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.draw import uniform
from patchc.compiler.knobs import Knob
from patchc.compiler.plan import Plan
from patchc.graph import model
from patchc.source.suggest import nearest
from patchc.units.domain import Domain, Range
from patchc.units.unit import BASE_UNIT, Dimension


@dataclass(frozen=True)
class Input:
    """One input of a patch. `default` is in base units, None where a call has to give a value."""

    name: str
    kind: Kind
    dimension: Dimension
    unit: str
    domain: Domain | None
    default: float | None


class Named(Protocol):
    @property
    def name(self) -> str: ...


One = TypeVar("One", bound=Named)


class ByName(Sequence[One], Generic[One]):
    """Things in their order, that are also found by name: `synth.knobs[0]`, `synth.knobs["vcf.cutoff"]`."""

    def __init__(self, things: Sequence[One]) -> None:
        self._things = tuple(things)
        self._places = {thing.name: place for place, thing in enumerate(self._things)}

    @overload
    def __getitem__(self, key: int | str) -> One: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[One]: ...
    def __getitem__(self, key: int | str | slice) -> One | Sequence[One]:
        """By place, by slice, or by name. Raises `KeyError`, with the nearest name, for one that is not there."""
        if not isinstance(key, str):
            return self._things[key]
        if key not in self._places:
            near = nearest(key, self._places)
            raise KeyError(f"no `{key}`" + (f"; did you mean `{near}`?" if near else ""))
        return self._things[self._places[key]]

    def __contains__(self, key: object) -> bool:
        return key in self._places if isinstance(key, str) else key in self._things

    def __len__(self) -> int:
        return len(self._things)

    def __iter__(self) -> Iterator[One]:
        return iter(self._things)

    def __eq__(self, other: object) -> bool:
        return self._things == (other._things if isinstance(other, ByName) else other)

    def __hash__(self) -> int:
        return hash(self._things)

    def __repr__(self) -> str:
        return f"<{', '.join(self._places)}>"


Knobs = ByName[Knob]


def inputs_of(plan: Plan) -> ByName[Input]:
    """The inputs of a patch, in the order of its lines."""
    return ByName([_input(plan, item) for item in plan.inputs])


def _input(plan: Plan, item: model.Input) -> Input:
    value = item.value
    dimension = value.dimension if value else Dimension.TIME if item.kind is Kind.GATE else Dimension.NUMBER
    domain = value.domain if value else None
    unit = domain.unit if isinstance(domain, Range) and domain.unit else BASE_UNIT[dimension]
    return Input(item.name, item.kind, dimension, unit, domain, plan.defaults.get(item.name))


Value = Tensor | tuple[Tensor, ...]


def drawn_inputs(inputs: Sequence[Input], batch: int, seed: int, seconds: float) -> dict[str, Value]:
    """A value `[batch]` for each control input that has a range, even along it; for a gate, (note-on, note-off) in s.

    A note begins in the first quarter of the sound and is let go in the third. Item `i` depends on `seed`, the name,
    and `i` alone.
    """
    found: dict[str, Value] = {}
    for one in inputs:
        chance = uniform(seed, f"input {one.name}", batch, 2)
        if one.kind is Kind.GATE:
            found[one.name] = (chance[:, 0] * seconds / 4, (0.5 + chance[:, 1] / 4) * seconds)
        elif isinstance(one.domain, Range):
            found[one.name] = one.domain.value(chance[:, 0], torch)
    return found


def at_frames(values: Tensor, rate: float, control_rate: float, frames: int) -> Tensor:
    """A curve `[batch, n]` of `rate` values a second, the first at the start, as `[batch, frames]` at `control_rate`.

    Straight lines between its values; behind the last one it stays. Differentiable.
    """
    place = torch.arange(frames, dtype=torch.float64, device=values.device) * (rate / control_rate)
    place = place.clamp(max=values.shape[-1] - 1)
    left = place.floor().long().clamp(max=max(0, values.shape[-1] - 2))
    share = (place - left).to(values.dtype)
    right = (left + 1).clamp(max=values.shape[-1] - 1)
    return values[..., left] * (1 - share) + values[..., right] * share

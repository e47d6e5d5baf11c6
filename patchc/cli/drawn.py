"""Which sounds are made: as the patch is, drawn from its priors, or around it; what is set, and what stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from patchc.cli.asking import chosen
from patchc.cli.files import numbered
from patchc.compiler.draw import draw_around, is_choice, stable_hash
from patchc.compiler.knobs import Knob
from patchc.compiler.module import PatchModule
from patchc.compiler.settings import natural
from patchc.units.domain import Choice
from patchc.units.unit import BASE_UNIT, UNITS

SPREAD = 0.1
"""A share of each knob's range: sounds that are near another."""


@dataclass(frozen=True)
class Wanted:
    """`count` sounds from number `first` on, which counts from 1 as files do; None is the sound of the patch itself.

    With a `spread`, sounds lie around the patch as it is written; with `choices`, choices are drawn all the same. What
    `locks` and `values` name is the same in all.
    """

    count: int | None = None
    seed: int = 0
    first: int = 1
    spread: float | None = None
    choices: bool = False
    locks: Sequence[str] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """Settings `[n, width]`, the number of each, and the seed of its noise; all of them were drawn with `seed`."""

    synth: PatchModule
    settings: Tensor
    numbers: Sequence[int]
    seeds: Sequence[int]
    seed: int

    def __len__(self) -> int:
        return len(self.numbers)

    def some(self, rows: Sequence[int]) -> Drawn:
        """Those in `rows`."""
        numbers, seeds = ([entries[row] for row in rows] for entries in (self.numbers, self.seeds))
        return Drawn(self.synth, self.settings[list(rows)], numbers, seeds, self.seed)

    def files(self, path: str) -> list[str]:
        """A file for each: `path`, with the number of the sound unless that is the first alone."""
        return [numbered(path, number - 1, self.numbers[-1]) for number in self.numbers]

    def values(self) -> Iterator[tuple[Any, ...]]:
        """The values of all knobs in the units of the patch, sound by sound; whole columns are reckoned at once."""
        if not self.synth.knobs:
            return iter([()] * len(self))
        return zip(*(_column(knob, self.settings) for knob in self.synth.knobs), strict=True)


def drawn(synth: PatchModule, wanted: Wanted) -> Drawn:
    """The sounds that are `wanted`. Raises `PatchError` for locks that name no knob."""
    set_here = {knob.name: wanted.values[knob.name] for knob in synth.knobs if knob.name in wanted.values}
    kept = locked(synth.knobs, wanted.locks) | set(set_here)
    middle = synth.positions(set_here).clamp(0.0, 1.0)
    if wanted.count is None:
        return Drawn(synth, middle, [1], [wanted.seed], wanted.seed)
    settings = _drawn(synth, middle, wanted, wanted.count)
    for knob in synth.knobs:
        if knob.name in kept:
            settings[:, knob.columns] = middle[:, knob.columns]
    numbers = range(wanted.first, wanted.first + wanted.count)
    seeds = [noise_seed(wanted.seed, number) for number in numbers]
    return Drawn(synth, settings, numbers, seeds, wanted.seed)


def _drawn(synth: PatchModule, middle: Tensor, wanted: Wanted, count: int) -> Tensor:
    first = wanted.first - 1
    if wanted.spread is None:
        return synth.draw(count, wanted.seed, first=first)
    around = draw_around(synth.knobs, middle, wanted.spread, count, wanted.seed, first).to(middle)
    if wanted.choices:
        free = synth.draw(count, wanted.seed, first=first)
        for knob in filter(is_choice, synth.knobs):
            around[:, knob.columns] = free[:, knob.columns]
    return around


def spread_of(around: bool, spread: float | None) -> float | None:
    """The share of a range that sounds lie within, if they lie around one at all: `--spread` alone says so too."""
    return SPREAD if around and spread is None else spread


def locked(knobs: Sequence[Knob], names: Sequence[str]) -> set[str]:
    """The knobs that `names` name, each by itself or all of a cell. Raises `PatchError` with the nearest name."""
    meant: dict[str, set[str]] = {knob.name: {knob.name} for knob in knobs}
    for knob in knobs:
        meant.setdefault(knob.name.rpartition(".")[0] or knob.name, set()).add(knob.name)
    return {knob for name in names for knob in meant[chosen("knob", name, meant)]}


def noise_seed(seed: int, number: int) -> int:
    """The seed of the noise of one drawn sound."""
    return stable_hash(f"{seed}:noise:{number - 1}") >> 31


def unit_of(knob: Knob) -> str:
    """The unit that the patch writes a knob in."""
    fits = knob.unit in UNITS and UNITS[knob.unit].dimension is knob.dimension
    return knob.unit if fits else BASE_UNIT[knob.dimension]


def _column(knob: Knob, settings: Tensor) -> list[Any]:
    """One knob of all settings, in its unit; of a choice, the strongest member."""
    values = natural(knob, settings[:, knob.columns].double())
    if isinstance(knob.domain, Choice):
        return [knob.domain.members[place] for place in values.argmax(-1).tolist()]
    found: list[Any] = (values / UNITS[unit_of(knob)].factor).tolist()
    return found

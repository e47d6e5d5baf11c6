"""The learned numbers of a patch: one unbounded parameter per `learn`, kept by name, so that checkpoints go by name.

A position is the logistic function (or softmax) of its parameter, plus a shift that makes the starting position exact:
`learn 0 ct in 0 ct .. 50 ct` starts at 0 ct, where the logistic function never is, and still has a gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Self

import torch
from torch import Tensor, nn

from patchc.compiler.knobs import Knob
from patchc.compiler.settings import END, bounded, default_positions, unbounded
from patchc.graph.model import Role
from patchc.units.domain import Curve, Range


class Branch(nn.Module):
    """A stretch of names between two dots; holds parameters and further branches."""


class Learned(Branch):
    """Parameters `[columns]`, found under their knob's name: `vcf.cutoff` is `cutoff` of the branch `vcf`."""

    _places: Tensor
    _shift: Tensor

    def __init__(self, knobs: Sequence[Knob], dtype: torch.dtype) -> None:
        super().__init__()
        self._paths: dict[str, tuple[str, ...]] = {}
        learned = {knob.name: knob for knob in knobs if knob.role is Role.LEARN}
        self._knobs = tuple(knobs)
        self._groups = [list(group) for group in _alike(list(learned.values()))]
        self.register_buffer("_places", _places(knobs, self._groups), persistent=False)
        self._paths.update(attribute_paths(list(learned), frozenset(dir(self))))
        for name, knob in learned.items():
            self._plant(self._paths[name], nn.Parameter(_first(knob).to(dtype)))
        shift = self._shifts(dtype) if learned else torch.zeros(2, 0, dtype=dtype)
        self.register_buffer("_shift", shift, persistent=False)

    def _shifts(self, dtype: torch.dtype) -> Tensor:
        """From the first stored numbers to the starts, `[2, columns]`: a difference, and what rounding lost of it."""
        starts = [place for group in self._groups for knob in group for place in _starts(knob)]
        first = [bounded(group[0], torch.cat([_first(knob).to(dtype) for knob in group])) for group in self._groups]
        start, found = torch.tensor(starts, dtype=dtype), torch.cat(first)
        shift = start - found
        return torch.stack([shift, start - (found + shift)])

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        """Where columns stand is no state: it is worked out again for a module that comes from the meta device."""
        emptied = self._places.is_meta
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        if emptied and not self._places.is_meta:
            self._places.copy_(_places(self._knobs, self._groups))
            self._shift.copy_(self._shifts(self._shift.dtype) if self._groups else self._shift)
        return self

    def _plant(self, path: tuple[str, ...], parameter: nn.Parameter) -> None:
        branch: nn.Module = self
        for part in path[:-1]:
            if part not in branch._modules:
                branch.add_module(part, Branch())
            branch = branch._modules[part]  # type: ignore[assignment]
        branch.register_parameter(path[-1], parameter)

    def __contains__(self, name: str) -> bool:
        return name in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def stored(self, name: str) -> Tensor:
        """The unbounded number of a knob, `[columns]`."""
        found: Any = self
        for part in self._paths[name]:
            found = getattr(found, part)
        stored: Tensor = found
        return stored

    def settings(self, start: Tensor) -> Tensor:
        """All positions `[1, width]`: learned ones where they are now, the others as in `start`."""
        learned = [_held(self._bounded() + self._shift[0] + self._shift[1])] if self._groups else []
        found: Tensor = torch.cat([start[0], *learned])[self._places]
        return found.unsqueeze(0)

    def _bounded(self) -> Tensor:
        """The positions of the stored numbers, group after group, `[columns]`."""
        groups = [bounded(group[0], torch.cat([self.stored(knob.name) for knob in group])) for group in self._groups]
        return torch.cat(groups)


def _first(knob: Knob) -> Tensor:
    """The unbounded numbers `[columns]` a knob is stored as when it is made, in float64."""
    return unbounded(knob, torch.tensor(default_positions(knob), dtype=torch.float64))


def _starts(knob: Knob) -> list[float]:
    """Where a knob starts: exactly there, but for the flat lower end of a `pow` range, which is never left again."""
    domain, starts = knob.domain, default_positions(knob)
    if isinstance(domain, Range) and domain.curve is Curve.POW:
        return [max(place, END) for place in starts]
    return starts


def _held(positions: Tensor) -> Tensor:
    """Positions held to 0..1, with a gradient also where they are held, so that they can be left again."""
    return positions + (positions.clamp(0.0, 1.0) - positions).detach()


def _alike(learned: Sequence[Knob]) -> list[list[Knob]]:
    """Knobs whose stored numbers become positions in one go: all numbers in ranges; each choice by itself."""
    ranges = [knob for knob in learned if isinstance(knob.domain, Range)]
    return ([ranges] if ranges else []) + [[knob] for knob in learned if not isinstance(knob.domain, Range)]


def _places(knobs: Sequence[Knob], groups: Sequence[Sequence[Knob]]) -> Tensor:
    """Where each column of the settings stands behind all starting positions and then the groups, `[width]`."""
    width = knobs[-1].columns.stop if knobs else 0
    places = torch.arange(width)
    behind = width
    for knob in (one for group in groups for one in group):
        places[knob.columns] = torch.arange(behind, behind + knob.width)
        behind += knob.width
    return places


def attribute_paths(names: Sequence[str], own: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Each name as attributes: `vcf.cutoff` is `cutoff` of `vcf`.

    A part that torch's modules use themselves (`type`, `float`), and a number with the name of a branch (`env` beside
    `env.osc.freq`), get a `=` behind them, which no name in a patch has.
    """
    paths = {name: tuple(f"{part}=" if part in own else part for part in name.split(".")) for name in names}
    branches = {path[:depth] for path in paths.values() for depth in range(1, len(path))}
    return {name: (*path[:-1], f"{path[-1]}=") if path in branches else path for name, path in paths.items()}

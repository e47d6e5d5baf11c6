"""The learned numbers of a patch: one unbounded parameter per `learn`, kept by name, so that checkpoints go by name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Self

import torch
from torch import Tensor, nn

from patchc.compiler.knobs import Knob
from patchc.compiler.settings import bounded, default_positions, unbounded
from patchc.graph.model import Role
from patchc.units.domain import Range


class Branch(nn.Module):
    """A stretch of names between two dots; holds parameters and further branches."""


class Learned(Branch):
    """Parameters `[columns]`, found under their knob's name: `vcf.cutoff` is `cutoff` of the branch `vcf`."""

    _places: Tensor

    def __init__(self, knobs: Sequence[Knob], dtype: torch.dtype) -> None:
        super().__init__()
        self._paths: dict[str, tuple[str, ...]] = {}
        learned = {knob.name: knob for knob in knobs if knob.role is Role.LEARN}
        self._knobs = tuple(knobs)
        self._groups = [list(group) for group in _alike(list(learned.values()))]
        self.register_buffer("_places", _places(knobs, self._groups), persistent=False)
        self._paths.update(attribute_paths(list(learned), frozenset(dir(self))))
        for name, knob in learned.items():
            start = torch.tensor(default_positions(knob), dtype=torch.float64)
            self._plant(self._paths[name], nn.Parameter(unbounded(knob, start).to(dtype)))

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        """Where columns stand is no state: it is worked out again for a module that comes from the meta device."""
        emptied = self._places.is_meta
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        if emptied and not self._places.is_meta:
            self._places.copy_(_places(self._knobs, self._groups))
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
        groups = [bounded(group[0], torch.cat([self.stored(knob.name) for knob in group])) for group in self._groups]
        found: Tensor = torch.cat([start[0], *groups])[self._places]
        return found.unsqueeze(0)

    def positions(self, knob: Knob) -> Tensor:
        """Where a knob stands now, `[1, columns]`."""
        return bounded(knob, self.stored(knob.name)).unsqueeze(0)


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

"""The learned numbers of a patch: one unbounded parameter per `learn`, kept by name, so that checkpoints go by name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from patchc.compiler.knobs import Knob
from patchc.compiler.settings import bounded, default_positions, unbounded
from patchc.graph.model import Role


class Branch(nn.Module):
    """A stretch of names between two dots; holds parameters and further branches."""


class Learned(Branch):
    """Parameters `[columns]`, found under their knob's name: `vcf.cutoff` is `cutoff` of the branch `vcf`."""

    def __init__(self, knobs: Sequence[Knob], dtype: torch.dtype) -> None:
        super().__init__()
        self._paths: dict[str, tuple[str, ...]] = {}
        learned = {knob.name: knob for knob in knobs if knob.role is Role.LEARN}
        self._paths.update(attribute_paths(list(learned), frozenset(dir(self))))
        for name, knob in learned.items():
            start = torch.tensor(default_positions(knob), dtype=torch.float64)
            self._plant(self._paths[name], nn.Parameter(unbounded(knob, start).to(dtype)))

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

    def positions(self, knob: Knob) -> Tensor:
        """Where a knob stands now, `[1, columns]`."""
        return bounded(knob, self.stored(knob.name)).unsqueeze(0)


def attribute_paths(names: Sequence[str], own: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Each name as attributes: `vcf.cutoff` is `cutoff` of `vcf`.

    A part that torch's modules use themselves (`type`, `float`), and a number with the name of a branch (`env` beside
    `env.osc.freq`), get a `=` behind them, which no name in a patch has.
    """
    paths = {name: tuple(f"{part}=" if part in own else part for part in name.split(".")) for name in names}
    branches = {path[:depth] for path in paths.values() for depth in range(1, len(path))}
    return {name: (*path[:-1], f"{path[-1]}=") if path in branches else path for name, path in paths.items()}

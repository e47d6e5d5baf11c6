"""Looks widely before descending: draws from the priors, and then changes to the best of them."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from patchc.compiler.module import PatchModule
from patchc.matching.space import Space

TOGETHER = 16
"""Settings that are tried in one go."""

_SPREADS = (0.8, 0.4)  # in unbounded coordinates: how far a change reaches, round by round
_TOUCHED = 0.5  # the share of numbers that a change touches
_ANEW = 0.25  # how often it makes a choice or a gate anew


class Pool:
    """The best settings seen so far, best first, with their losses; each is kept once."""

    def __init__(self, size: int, like: Tensor) -> None:
        """Holds `size` settings of the kind of `like` `[1, width]`."""
        self.size = size
        self.settings = like[:0]
        self.losses = like[:0, 0]

    def see(self, settings: Tensor, losses: Tensor) -> None:
        """Takes in `[batch, width]` and their losses `[batch]`."""
        settings, losses = torch.cat([self.settings, settings]), torch.cat([self.losses, losses])
        order = losses.argsort(stable=True)[: self.size]
        self.settings, self.losses = settings[order], losses[order]

    def best(self, count: int) -> Tensor:
        """The best `count` settings (or as many as there are), `[count, width]`."""
        return self.settings[:count]

    @property
    def loss(self) -> float:
        """The loss of the best; infinite while nothing was seen."""
        return float(self.losses[0]) if len(self.losses) else float("inf")


def drawn(space: Space, synth: PatchModule, count: int, seed: int) -> Iterator[Tensor]:
    """The settings the patch starts from and `count` more from the priors, in batches `[some, width]`."""
    wanted = torch.cat([space.start, space.moving_only(space.widened(synth.draw(count, seed)))])
    for first in range(0, len(wanted), TOGETHER):
        yield wanted[first : first + TOGETHER]


def changed(space: Space, synth: PatchModule, pool: Pool, count: int, parents: int, seed: int) -> Iterator[Tensor]:
    """Changes to the best `parents` of the pool, `count` in each of two rounds, the second closer by, in batches.

    The pool is asked anew for every batch, so what has been found meanwhile is built on.
    """
    dice = torch.Generator().manual_seed(seed)
    for spread in _SPREADS:
        for done in range(0, count, TOGETHER):
            yield _children(space, synth, pool.best(parents), min(TOGETHER, count - done), spread, dice)


def _children(
    space: Space, synth: PatchModule, parents: Tensor, count: int, spread: float, dice: torch.Generator
) -> Tensor:
    chosen = parents[torch.randint(len(parents), (count,), generator=dice)]
    noise = torch.randn(chosen.shape, generator=dice, dtype=torch.float64)
    touched = torch.rand(chosen.shape, generator=dice, dtype=torch.float64) < _TOUCHED
    moved = space.settings(space.coordinates(chosen) + (spread * noise * touched).to(chosen))
    fresh = synth.draw(count, int(torch.randint(2**31, (1,), generator=dice)))
    for knob in space.soft:
        anew = (torch.rand(count, 1, generator=dice) < _ANEW).to(chosen.device)
        moved[:, knob.columns] = torch.where(anew, fresh[:, knob.columns], chosen[:, knob.columns])
    return moved

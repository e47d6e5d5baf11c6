"""Looks widely before descending: draws from the priors, and then changes to the best of them."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from patchc.compiler.module import PatchModule
from patchc.matching.space import Space

TOGETHER = 16
"""Settings that are tried in one go."""

_PARENTS = 16
_SPREADS = (0.8, 0.4)  # in unbounded coordinates: how far a number of a child is moved, round by round
_TOUCHED = 0.35  # the share of numbers that are moved; half as many choices are made anew
_APART = 0.06  # the mean distance of two settings that are not nearly the same


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

    def apart(self, count: int) -> Tensor:
        """The best `count` settings (or fewer) of which no two are nearly the same, `[count, width]`."""
        chosen = self.settings[:1]
        for settings in self.settings[1:]:
            if len(chosen) < count and float((chosen - settings).abs().mean(-1).min()) > _APART:
                chosen = torch.cat([chosen, settings[None]])
        return chosen

    @property
    def loss(self) -> float:
        """The loss of the best; infinite while nothing was seen."""
        return float(self.losses[0]) if len(self.losses) else float("inf")


def drawn(space: Space, synth: PatchModule, count: int, seed: int) -> Iterator[Tensor]:
    """The settings the patch starts from and `count` more from the priors, in batches `[some, width]`."""
    wanted = torch.cat([space.start, space.moving_only(space.widened(synth.draw(count, seed)))])
    for first in range(0, len(wanted), TOGETHER):
        yield wanted[first : first + TOGETHER]


def crossed(space: Space, synth: PatchModule, pool: Pool, count: int, seed: int) -> Iterator[Tensor]:
    """Children of the pool's best, `count` in each of two rounds, the second closer by, in batches `[some, width]`.

    A child has each number from one of two parents; some are then moved, some choices made anew. The pool is asked
    again for every batch, so what has been found meanwhile is built on.
    """
    generator = torch.Generator().manual_seed(seed)
    for spread in _SPREADS:
        for done in range(0, count, TOGETHER):
            parents = pool.best(_PARENTS)
            yield _children(space, synth, parents, min(TOGETHER, count - done), spread, generator)


def _children(
    space: Space, synth: PatchModule, parents: Tensor, count: int, spread: float, generator: torch.Generator
) -> Tensor:
    one, other = (parents[torch.randint(len(parents), (count,), generator=generator)] for _ in range(2))
    fresh = space.widened(synth.draw(count, int(torch.randint(2**31, (1,), generator=generator))))
    child, moved = one.clone(), torch.zeros_like(one)
    for knob in space.moving:
        taken, touched = (torch.rand(2, count, 1, generator=generator) < torch.tensor([[[0.5]], [[_TOUCHED]]])).to(
            one.device
        )
        child[:, knob.columns] = torch.where(taken, one[:, knob.columns], other[:, knob.columns])
        if knob in space.picked:
            child[:, knob.columns] = torch.where(touched & taken, fresh[:, knob.columns], child[:, knob.columns])
        else:
            noise = torch.randn(count, knob.width, generator=generator, dtype=torch.float64).to(one)
            moved[:, knob.columns] = spread * noise * touched
    return space.settings(space.coordinates(child) + moved, child)


def swept(space: Space, pool: Pool, seconds: float) -> Iterator[Tensor]:
    """The best with one knob after the other set to all that it could be, in batches `[some, width]`."""
    for knob in space.moving:
        places = space.alternatives(knob, seconds)
        for first in range(0, len(places), TOGETHER):
            some = places[first : first + TOGETHER]
            tried = pool.best(1).repeat(len(some), 1)
            tried[:, knob.columns] = some.to(tried)
            yield tried

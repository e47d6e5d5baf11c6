"""One call of a module: everything it was given, checked, in the type in which sounds are worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from patchc.compiler.arguments import seed_of
from patchc.compiler.checks import as_settings, check_settings, check_supplied, common_batch, wanted_cells
from patchc.compiler.inputs import Handed, read_handed
from patchc.compiler.plan import Plan
from patchc.compiler.timed import Clock

Seed = int | Sequence[int] | Tensor
Taps = str | Iterable[str | tuple[int, int]] | None


@dataclass(frozen=True)
class Call:
    """What is played: for `batch` sounds, with a tap on each of the cells `wanted`; without settings, as learned."""

    clock: Clock
    settings: Tensor | None
    handed: Handed
    seeds: int | Tensor
    wanted: tuple[str, ...]
    batch: int


def read_call(
    plan: Plan,
    clock: Clock,
    like: Tensor,
    settings: Tensor | None,
    seed: Seed,
    taps: Taps,
    inputs: Mapping[str, Any],
    seconds: float,
) -> Call:
    """The arguments of `PatchModule.forward`, settings as a tensor like `like`. Raises `PatchError` (P604 to P608)."""
    seeds = seed_of(seed)
    handed = read_handed(plan, inputs, clock, seconds)
    if settings is not None:
        settings = as_settings(settings, like)
        check_settings(plan.knobs, settings, clock)
    wanted = wanted_cells(plan, taps)
    batch = common_batch(settings, handed, seeds)
    check_supplied(plan, settings, handed)
    return Call(clock, settings, handed, seeds, wanted, batch)

"""One call of a module: everything it was given, checked, in the type in which sounds are worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from patchc.compiler.arguments import seed_of
from patchc.compiler.checks import as_settings, check_settings, check_supplied, common_batch, wanted_cells
from patchc.compiler.inputs import CallInputs, read_call_inputs
from patchc.compiler.plan import Plan
from patchc.compiler.signals import RunContext

Seed = int | Sequence[int] | Tensor
Taps = str | Iterable[str | tuple[int, int]] | None


@dataclass(frozen=True)
class Call:
    """What is played: for `batch` sounds, with a tap on each of the cells `wanted`; without settings, as learned."""

    context: RunContext
    settings: Tensor | None
    call_inputs: CallInputs
    seeds: int | Tensor
    wanted: tuple[str, ...]
    batch: int


def read_call(
    plan: Plan,
    context: RunContext,
    like: Tensor,
    settings: Tensor | None,
    seed: Seed,
    taps: Taps,
    inputs: Mapping[str, Any],
    seconds: float,
) -> Call:
    """The arguments of `PatchModule.forward`, settings as a tensor like `like`. Raises `PatchError` (P604 to P608)."""
    seeds = seed_of(seed)
    call_inputs = read_call_inputs(plan, inputs, context, seconds)
    if settings is not None:
        settings = as_settings(settings, like)
        check_settings(plan.knobs, settings, context)
    wanted = wanted_cells(plan, taps)
    batch = common_batch(settings, call_inputs, seeds)
    check_supplied(plan, settings, call_inputs)
    return Call(context, settings, call_inputs, seeds, wanted, batch)

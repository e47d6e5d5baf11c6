"""Values by name to settings: the inverse of `PatchModule.natural`, for whole batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from patchc.compiler.inputs import read_knobs
from patchc.compiler.knobs import Knob
from patchc.compiler.plan import Plan
from patchc.compiler.settings import position
from patchc.compiler.signals import RatedSignal, RunContext


def positions_of(plan: Plan, values: Mapping[str, Any], start: Tensor) -> Tensor:
    """Settings `[batch, width]` with the positions of `values` (as in `PatchModule.forward`) put into `start`."""
    context = RunContext(1, 1, 1, 1.0, start.dtype, start.device)
    given = read_knobs(plan, values, context)
    found = {knob.name: _placed(knob, given[knob.name], context) for knob in plan.knobs if knob.name in given}
    batch = max((place.shape[0] for place in found.values()), default=1)
    parts = [found.get(knob.name, start[:, knob.columns]).expand(batch, -1) for knob in plan.knobs]
    return torch.cat(parts, dim=1) if parts else start.expand(batch, -1)


def _placed(knob: Knob, value: RatedSignal, context: RunContext) -> Tensor:
    """`[batch or 1, columns]`."""
    return position(knob, context.tensor(value)[:, 0])

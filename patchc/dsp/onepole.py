"""The one-pole recurrence with a pole that changes every sample, in parallel, and its derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from patchc.dsp.blocks import LENGTH, coefficients, from_blocks, starts, to_blocks
from patchc.dsp.operator import Operator


class Recurrence(Operator):
    """`y[t] = x[t] + pole[t] y[t-1]` from rest; `x` is `[batch, time]`, `pole` `[batch, time or 1]`.

    The adjoint is the same backwards in time, with the pole of the sample after: `u[t] = c[t] + pole[t+1] u[t+1]`.
    """

    schema = "(Tensor x, Tensor pole) -> (Tensor,)"

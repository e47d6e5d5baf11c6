"""What one believes about a number before hearing anything: used to draw sounds, and to steer a fit."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Family(StrEnum):
    NORMAL = "normal"  # normal(centre, width): the width in the range's curve unit (an interval for `log`)
    HALFNORMAL = "halfnormal"  # halfnormal(width): from the range's lower end upwards
    UNIFORM = "uniform"  # uniform(low, high): even along the range's curve
    CATEGORICAL = "categorical"  # categorical(p, ...): one probability per member of a choice


class Prior(BaseModel):
    """A family and its numbers, in base units. No prior means even along the range's curve."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: Family
    numbers: tuple[float, ...]
    units: tuple[str, ...] = ()

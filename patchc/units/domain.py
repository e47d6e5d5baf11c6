"""Where a number may lie: ranges with a curve, choices, and weights that sum to one; positions in them are 0 to 1."""

from __future__ import annotations

import math
from enum import StrEnum
from types import ModuleType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from patchc.units.unit import Dimension


class Curve(StrEnum):
    LIN = "lin"
    LOG = "log"
    POW = "pow"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Range(_Frozen):
    """`low .. high` in base units with the curve along which a position 0..1 travels, as in `20 Hz .. 8 kHz log`.

    The two maps take floats with `lib=math` or tensors with `lib=torch`: both libraries spell `exp` and `log` alike.
    Powers are written as `exp(p log x)`, which rounds the same for every batch size; `pow` does not.
    """

    kind: Literal["range"] = "range"
    low: float
    high: float
    curve: Curve = Curve.LIN
    power: float = 1.0
    step: float | None = None
    dimension: Dimension = Dimension.NUMBER
    unit: str = ""

    def value(self, position: Any, lib: ModuleType = math) -> Any:
        """The base-unit value at `position` (0 is `low`, 1 is `high`)."""
        if self.curve is Curve.LOG:
            return self.low * lib.exp(position * math.log(self.high / self.low))
        if self.curve is Curve.POW:
            position = lib.exp(self.power * lib.log(position + 1e-30))
        return self.low + (self.high - self.low) * position

    def position(self, value: Any, lib: ModuleType = math) -> Any:
        """The inverse of `value`; outside the range the position lies outside 0..1."""
        if self.curve is Curve.LOG:
            return lib.log(value / self.low) / math.log(self.high / self.low)
        share = (value - self.low) / (self.high - self.low)
        if self.curve is Curve.POW:
            return lib.exp(lib.log(share + 1e-30) / self.power)
        return share

    def holds(self, value: float) -> bool:
        slack = 1e-9 * max(abs(self.low), abs(self.high))
        return self.low - slack <= value <= self.high + slack


class Choice(_Frozen):
    """One of several named members; as a tensor, one weight for each."""

    kind: Literal["choice"] = "choice"
    members: tuple[str, ...]


class Simplex(_Frozen):
    """`width` weights that sum to one, such as the strengths of partials."""

    kind: Literal["simplex"] = "simplex"


Domain = Annotated[Range | Choice | Simplex, Field(discriminator="kind")]

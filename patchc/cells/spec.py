"""What a cell type promises: ports with units and ranges, sizes, an output. Read off its class."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from patchc.units.domain import Choice, Range, Simplex
from patchc.units.unit import Dimension


class Kind(StrEnum):
    """What travels on a cable."""

    AUDIO = "audio"  # [batch, samples]
    CONTROL = "control"  # [batch, frames]
    GATE = "gate"  # note-on and note-off times


class Polarity(StrEnum):
    BIPOLAR = "bipolar"  # -1 .. 1
    UNIPOLAR = "unipolar"  # 0 .. 1


class Absent(StrEnum):
    """What a cell is when a `maybe` or `when` on it is off."""

    SILENCE = "silence"
    BYPASS = "bypass"  # its `in` passes unchanged


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KnobSpec(_Frozen):
    """A port that holds a number (or a choice, or a vector): takes `=`, `+=` and `*=`."""

    name: str
    doc: str
    default: float | str  # base units; a choice's member
    domain: Range | Choice | Simplex | None  # the usual range, which `learn` and `in` start from; None is unbounded
    limits: tuple[float, float] | None  # hard limits, base units: whatever arrives is held inside
    dimension: Dimension
    width: str | None = None  # the size that says how many numbers it holds
    at_most: str | None = None  # the size that it is held to, where that is below the upper limit
    cut_at: str | None = None  # the size beyond which what it says is not computed
    of_rate: float | None = None  # the share of the sample rate that it is held to
    through_zero: bool = False  # whether audio added to it can make it negative: then it runs backwards
    fades_by: str | None = None  # of a level: the frequency that silences it where it nears the Nyquist limit


class InSpec(_Frozen):
    """A port that hears signals: takes `<-`; several audio cables add up."""

    name: str
    doc: str
    kind: Kind  # audio, control or gate
    required: bool
    start_only: bool = False  # of a gate: when it ends makes no difference


class SizeSpec(_Frozen):
    """A number fixed when the patch is compiled: `harmonic(partials = 60)`."""

    name: str
    doc: str
    default: float  # base units; whole for counts
    low: float
    high: float
    dimension: Dimension
    whole: bool


class OutSpec(_Frozen):
    kind: Kind  # audio or control: also the rate the cell runs at
    polarity: Polarity
    doc: str


PortSpec = KnobSpec | InSpec


class CellSpec(_Frozen):
    """One cell type, whole, in declaration order."""

    name: str
    summary: str  # first line of the docstring
    doc: str
    ports: tuple[PortSpec, ...]
    sizes: tuple[SizeSpec, ...]
    out: OutSpec
    absent: Absent
    origin: str  # the distribution it came from

    def port(self, name: str) -> PortSpec | None:
        return next((port for port in self.ports if port.name == name), None)

    def size(self, name: str) -> SizeSpec | None:
        return next((size for size in self.sizes if size.name == name), None)

    def size_value(self, name: str, sizes: Mapping[str, float]) -> float:
        """What a size is in a cell of `sizes`, base units."""
        declared = self.size(name)
        return sizes.get(name, declared.default if declared else math.inf)

    def limits_of(
        self, knob: KnobSpec, sizes: Mapping[str, float], audio_added: bool = False
    ) -> tuple[float, float] | None:
        """What a port is held to in a cell of `sizes`, base units; `audio_added` where audio is added to it."""
        if knob.limits is None:
            return None
        low, high = knob.limits
        if knob.through_zero and audio_added:
            low = -high
        return low, min(high, self.size_value(knob.at_most, sizes)) if knob.at_most else high

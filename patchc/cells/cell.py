"""The class every cell type derives from, and the words its ports are declared with."""

from __future__ import annotations

import inspect
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from patchc.cells.spec import Absent, CellSpec, InSpec, Kind, KnobSpec, OutSpec, Polarity, SizeSpec
from patchc.units.domain import Range
from patchc.units.read import read_quantity, read_spec
from patchc.units.unit import Quantity

Signal = Any
"""A signal in `forward`: a tensor `[batch, time]`, or `[batch, 1]` if it never changes, or a tracing proxy."""


@dataclass(frozen=True)
class knob:
    """A number port, written as in a patch: `knob("440 Hz in 20 Hz .. 12 kHz log", "Pitch.", limits="1 Hz .. 20 kHz")`.

    `sine in [sine, square]` declares a choice, whose weights reach `forward` as a `Weights`. `width` names the size
    that says how many numbers the port holds; then `forward` gets `[batch, frames, width]`.

    What a formula itself does at an end is declared too, so that it can be said: `at_most` names the size that the port
    is held to, `cut_at` the size beyond which its effect is not computed, and `of_rate` is the share of the sample rate
    that it is held to. One that goes `through_zero` reaches minus its upper limit where audio is added to it. A level
    that `fades_by` a frequency is silent where that is above the Nyquist limit and would be mirrored.
    """

    text: str
    doc: str
    limits: str | None = None
    width: str | None = None
    at_most: str | None = None
    cut_at: str | None = None
    of_rate: float | None = None
    through_zero: bool = False
    fades_by: str | None = None

    def spec(self, name: str) -> KnobSpec:
        default, domain = read_spec(self.text)
        member = default if isinstance(default, str) else None
        quantity = Quantity(0.0) if isinstance(default, str) else default
        ends = [read_quantity(end) for end in self.limits.split("..")] if self.limits else []
        return KnobSpec(
            name=name,
            doc=self.doc,
            default=quantity.value if member is None else member,
            domain=domain,
            limits=(ends[0].value, ends[1].value) if ends else None,
            dimension=quantity.dimension,
            width=self.width,
            at_most=self.at_most,
            cut_at=self.cut_at,
            of_rate=self.of_rate,
            through_zero=self.through_zero,
            fades_by=self.fades_by,
        )


@dataclass(frozen=True)
class _in:
    doc: str
    kind: Kind
    required: bool
    start_only: bool = False

    def spec(self, name: str) -> InSpec:
        return InSpec(name=name, doc=self.doc, kind=self.kind, required=self.required, start_only=self.start_only)


def audio_in(doc: str, *, required: bool = True) -> Any:
    """A port that hears audio; several cables add up; silent where nothing is plugged in and nothing is required."""
    return _in(doc, Kind.AUDIO, required)


def gate_in(doc: str, *, start_only: bool = False) -> Any:
    """A port that hears note-on and note-off times; `forward` gets a `Gate`. `start_only` says it reads no note-off."""
    return _in(doc, Kind.GATE, True, start_only)


@dataclass(frozen=True)
class _size:
    text: str
    doc: str
    whole: bool

    def spec(self, name: str) -> SizeSpec:
        default, domain = read_spec(self.text)
        if isinstance(default, str) or not isinstance(domain, Range):
            raise TypeError(f"the size `{name}` is a number in a range, not `{self.text}`")
        return SizeSpec(
            name=name,
            doc=self.doc,
            default=default.value,
            low=domain.low,
            high=domain.high,
            dimension=default.dimension,
            whole=self.whole,
        )


def size(text: str, doc: str, *, whole: bool = False) -> Any:
    """A number fixed when the patch is compiled: `size("60 in 1 .. 512", "Partials.", whole=True)`.

    `forward` reads it off itself, as `self.partials`.
    """
    return _size(text, doc, whole)


@dataclass(frozen=True)
class _out:
    doc: str
    kind: Kind
    polarity: Polarity

    def spec(self) -> OutSpec:
        return OutSpec(kind=self.kind, polarity=self.polarity, doc=self.doc)


def audio_out(doc: str = "The sound.") -> Any:
    """The cell makes audio and runs at the sample rate."""
    return _out(doc, Kind.AUDIO, Polarity.BIPOLAR)


def control_out(doc: str, polarity: Polarity) -> Any:
    """The cell makes a control signal and runs at the control rate."""
    return _out(doc, Kind.CONTROL, polarity)


class Weights:
    """A choice as `forward` sees it: one weight `[batch, time]` per member, adding up to one."""

    def __init__(self, weights: dict[str, Signal]) -> None:
        self._weights = weights

    def blend(self, **signals: Signal) -> Signal:
        """The weighted sum of one signal per member; members that are certainly off are left out."""
        parts = [w * signals[name] for name, w in self._weights.items() if not _is_zero(w)]
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return total


def _is_zero(weight: Signal) -> bool:
    return isinstance(weight, float) and weight == 0.0


class Cell(ABC):
    """A cell type: ports and sizes as class attributes, one `forward` in per-sample algebra.

    `forward(self, dsp, **ports)` gets every port by its name (a trailing underscore lets a port be called `in`), in
    linear physical units (Hz, seconds, octaves, amplitude, cycles, plain numbers), already summed, modulated and at the
    cell's own rate. It may use arithmetic, comparisons and the methods of `dsp`, and nothing else: no shapes, no
    indexing, no in-place. So the same method runs on tensors and can be traced into a kernel.
    """

    spec: ClassVar[CellSpec]
    absent: ClassVar[Absent] = Absent.SILENCE

    def __init__(self, **sizes: float) -> None:
        """`sizes` are base-unit numbers for the declared sizes; those left out keep their defaults."""
        for declared in self.spec.sizes:
            value = sizes.get(declared.name, declared.default)
            setattr(self, declared.name, int(value) if declared.whole else float(value))

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        if not inspect.isabstract(cls):
            cls.spec = _read_spec(cls)
            _check_name(cls)
            _check_forward(cls)

    @abstractmethod
    def forward(self, dsp: Any, *args: Any, **ports: Any) -> Signal:
        """The formula."""


def _read_spec(cls: type[Cell]) -> CellSpec:
    declared = {name.rstrip("_"): value for name, value in vars(cls).items()}
    outs = [value.spec() for value in declared.values() if isinstance(value, _out)]
    if len(outs) != 1:
        raise TypeError(f"{cls.__name__} declares {len(outs)} outputs; a cell has one: `out = audio_out()`")
    doc = inspect.cleandoc(cls.__doc__ or "")
    return CellSpec(
        name=re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower(),
        summary=doc.split("\n")[0],
        doc=doc,
        ports=tuple(value.spec(name) for name, value in declared.items() if isinstance(value, knob | _in)),
        sizes=tuple(value.spec(name) for name, value in declared.items() if isinstance(value, _size)),
        out=outs[0],
        absent=cls.absent,
        origin=cls.__module__.partition(".")[0],
    )


def _check_name(cls: type[Cell]) -> None:
    package, _, file = cls.__module__.rpartition(".")
    if package == "patchc.cells" and file != cls.spec.name:
        raise TypeError(f"{file}.py holds the cell `{cls.spec.name}`; a file is called what its cell is called")


def _check_forward(cls: type[Cell]) -> None:
    takes = [name.rstrip("_") for name in inspect.signature(cls.forward).parameters][2:]
    has = [port.name for port in cls.spec.ports]
    if takes != has:
        raise TypeError(f"{cls.__name__}.forward takes {takes}, its ports are {has}")

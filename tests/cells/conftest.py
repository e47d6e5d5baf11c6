"""A cell on its own: its ports filled with numbers, rendered at any rate; and a package that ships one more cell."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from patchc.cells.cell import Weights
from patchc.cells.registry import find_cell
from patchc.cells.spec import InSpec, Kind, KnobSpec
from patchc.dsp.dsp import Gate
from patchc.dsp.reference import TensorDsp
from patchc.units.domain import Choice, Range, Simplex
from patchc.units.unit import Dimension

SECOND_PACKAGE = Path(__file__).parent / "second_package"


@pytest.fixture
def second_package(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody else's package, as if installed."""
    monkeypatch.syspath_prepend(SECOND_PACKAGE)
    return SECOND_PACKAGE


@dataclass
class Alone:
    """One cell and the values of its ports, as `forward` gets them."""

    name: str
    rate: int = 8_000
    seconds: float = 0.1
    batch: int = 1
    dtype: torch.dtype = torch.float32
    seed: int | Tensor = 0
    sizes: dict[str, float] = field(default_factory=dict)
    control_rate: int = 750

    def __post_init__(self) -> None:
        found = find_cell(self.name)
        assert found is not None
        self.spec = found.spec
        self.cell = found(**self.sizes)
        self.hop = max(1, round(self.rate / self.control_rate))
        self.samples = round(self.rate * self.seconds)
        self.frames = -(-self.samples // self.hop) + 1
        self.audio = self.spec.out.kind is Kind.AUDIO
        self.clock = float(self.rate) if self.audio else self.rate / self.hop
        self.ticks = self.samples if self.audio else self.frames

    @property
    def knobs(self) -> dict[str, KnobSpec]:
        return {port.name: port for port in self.spec.ports if isinstance(port, KnobSpec)}

    def values(self, position: float | Callable[[str], Any] | None = None) -> dict[str, Any]:
        """Every port at its default, or at a position 0..1 of its usual range (or what a function of its name says)."""
        return {port.name: self._value(port, position) for port in self.spec.ports}

    def _value(self, port: KnobSpec | InSpec, position: Any) -> Any:
        if isinstance(port, InSpec):
            return self.heard() if port.kind is Kind.AUDIO else self.note()
        if isinstance(port.domain, Choice):
            return {member: float(member == port.default) for member in port.domain.members}
        place = position(port.name) if callable(position) else position
        if port.width is not None:
            return self._vector(port, place)
        if not isinstance(port.domain, Range) or place is None:
            assert not isinstance(port.default, str)
            value: Any = port.default if place is None else place
        else:
            value = port.domain.value(torch.as_tensor(place, dtype=torch.float64), torch)
        return self._number(self._linear(port, value))

    def _vector(self, port: KnobSpec, place: Any) -> Tensor:
        """Constant `[batch, 1, width]` for the default; anything else moves, `[batch, frames, width]`."""
        assert port.width is not None
        width = getattr(self.cell, port.width)
        gradient = torch.linspace(1, 0.1, width, dtype=torch.float64)[None, None]
        if place is not None:
            frames = torch.arange(self.frames, dtype=torch.float64)[None, :, None]
            gradient = gradient * (1 + 0.5 * torch.sin(frames / 9 + torch.as_tensor(place).reshape(-1, 1, 1)))
        if isinstance(port.domain, Simplex):
            shape = gradient / gradient.sum(-1, keepdim=True)
        else:
            assert isinstance(port.domain, Range)
            assert not isinstance(port.default, str)
            value = port.default if place is None else port.domain.value(torch.as_tensor(place), torch)
            shape = gradient * torch.as_tensor(self._linear(port, value)).reshape(-1, 1, 1)
        return shape.expand(self.batch, -1, -1).to(self.dtype)

    @staticmethod
    def _linear(port: KnobSpec, value: Any) -> Any:
        if port.dimension is not Dimension.LEVEL:
            return value
        return torch.exp(torch.as_tensor(value, dtype=torch.float64) * (math.log(10) / 20))

    def _number(self, value: Any) -> Tensor:
        number = torch.as_tensor(value, dtype=torch.float64).reshape(-1, 1)
        return number.expand(self.batch, 1).to(self.dtype)

    def heard(self) -> Tensor:
        """A chord that swells and fades, the same at every rate."""
        time = torch.arange(self.samples, dtype=torch.float64) / self.rate
        chord = sum(torch.sin(2 * math.pi * freq * time + freq) for freq in (110.0, 331.0, 987.0))
        swell = torch.sin(math.pi * time / self.seconds) ** 2
        return (0.3 * chord * swell).to(self.dtype).expand(self.batch, -1)

    def note(self) -> Gate:
        """On at 10 % of the sound, off at 60 %."""
        return Gate(self._number(0.1 * self.seconds), self._number(0.6 * self.seconds))

    def machine(self) -> TensorDsp:
        return TensorDsp(
            rate=self.clock,
            time=self.ticks,
            dtype=self.dtype,
            seed=self.seed,
            key=1234567,
            hop=self.hop if self.audio else 1,
        )

    def run(self, values: dict[str, Any]) -> Tensor:
        """`[batch, time]`."""
        given = {name: Weights(value) if isinstance(value, dict) else value for name, value in values.items()}
        ports = [given[port.name] for port in self.spec.ports]
        signal: Tensor = self.cell.forward(self.machine(), *ports)
        return signal.expand(self.batch, self.ticks)


@pytest.fixture
def alone() -> type[Alone]:
    return Alone

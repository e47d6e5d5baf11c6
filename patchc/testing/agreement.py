"""How far the fused executor is from plain torch in float64: signal by signal, and slope by slope.

Both are measured beside plain torch in float32: what float32 cannot hold (a phase of a thousand cycles, a filter at its
edge) no executor holds, and a kernel is asked to do about as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.compiler.sound import Sound
from patchc.graph.model import Graph

SIGNAL = 1e-5
"""Root mean square of the difference over that of the signal, -100 dB."""

SLOPE = 1e-3
"""Length of the difference over that of the slopes."""

QUIET = 1e-4
"""Signals are compared as if they were at least that loud, -80 dB."""

SMALL = 1e-4
"""Slopes are compared as if they were at least that share of the largest ones."""

NOTHING = 1e-6
"""And at least that steep, where the sound as a whole is about one."""

MARGIN = 4.0
"""How much farther off than plain float32 a kernel may be, where that is beyond the limit itself."""

Leaves = Mapping[str, Tensor]
Render = Callable[[PatchModule, Leaves], Sound]


@dataclass(frozen=True)
class Difference:
    """One signal, or the slopes by one number: relative errors against plain torch in float64."""

    name: str
    fused: float
    plain: float  # of plain torch in float32
    limit: float

    @property
    def too_far(self) -> bool:
        """Whether the kernels are beyond the limit, and farther than float32 itself explains."""
        return not self.fused <= max(self.limit, MARGIN * self.plain)

    @property
    def hard(self) -> bool:
        """Whether only what float32 itself does allows it."""
        return not self.too_far and self.fused > self.limit


@dataclass
class Trio:
    """One patch three times: as kernels, as plain torch, and as plain torch in float64."""

    graph: Graph
    sample_rate: int = 8_000
    control_rate: float | None = None
    fused: PatchModule = field(init=False)
    plain: PatchModule = field(init=False)
    exact: PatchModule = field(init=False)

    def __post_init__(self) -> None:
        self.fused = self._module()
        self.plain = self._module(executor="reference")
        self.exact = self._module(dtype=torch.float64)

    def _module(self, **options: Any) -> PatchModule:
        return compile_graph(self.graph, sample_rate=self.sample_rate, control_rate=self.control_rate, **options)

    def differences(self, render: Render, leaves: Leaves) -> list[Difference]:
        """How what `render` makes of the kernels with `leaves` differs, and the slopes by leaves and parameters.

        Raises `AssertionError` where signals differ in name or shape, or plain torch has had to play.
        """
        runs = [_Run(module, render, leaves) for module in (self.fused, self.plain, self.exact)]
        assert self.fused.executor == "fused", "no kernel could be built"
        fused, plain, exact = (run.signals for run in runs)
        assert list(fused) == list(exact), (list(fused), list(exact))
        sizes, found = {}, []
        for name, signal in exact.items():
            assert fused[name].shape == signal.shape, name
            size = sizes[name] = max(_rms(_kept(signal, signal, plain[name])), QUIET)
            known = signal, plain[name]
            far = [_rms(_kept(one[name].double() - signal, *known)) / size for one in (fused, plain)]
            found.append(Difference(name, far[0], far[1], SIGNAL))
        return found + _slopes(*(run.slopes(sizes) for run in runs))


def by_settings(**call: object) -> Render:
    """A render with the leaf `settings`."""

    def render(module: PatchModule, leaves: Leaves) -> Sound:
        sound: Sound = module(leaves["settings"], **call)
        return sound

    return render


class _Run:
    def __init__(self, module: PatchModule, render: Render, leaves: Leaves) -> None:
        dtype = module.defaults().dtype
        self.leaves = {
            name: leaf.detach().to(dtype if leaf.is_floating_point() else leaf.dtype).clone()
            for name, leaf in leaves.items()
        }
        for leaf in self.leaves.values():
            leaf.requires_grad_(leaf.is_floating_point())
        sound = render(module, self.leaves)
        self.signals = {**sound.taps, "the output": sound.audio}
        self.wanted = {name: leaf for name, leaf in self.leaves.items() if leaf.requires_grad}
        self.wanted |= dict(module.named_parameters())
        self.knobs = {column: knob.name for knob in module.knobs for column in range(knob.start, knob.columns.stop)}

    def slopes(self, sizes: Mapping[str, float]) -> dict[str, Tensor]:
        """The slopes of a random sum over all samples of all signals: for settings those of each column."""
        total = sum(
            (
                (signal.double() * _weight(number, signal)).sum() / sizes[name]
                for number, (name, signal) in enumerate(self.signals.items())
                if signal.requires_grad
            ),
            torch.zeros(()),
        )
        if not total.requires_grad or not self.wanted:
            return {}
        gradients = torch.autograd.grad(total, list(self.wanted.values()), allow_unused=True)
        found: dict[str, Tensor] = {}
        for (name, leaf), gradient in zip(self.wanted.items(), gradients, strict=True):
            full = (torch.zeros_like(leaf) if gradient is None else gradient).double()
            if name == "settings":
                columns = enumerate(full.unbind(-1))
                found |= {f"{self.knobs[column]} (column {column})": slope for column, slope in columns}
            else:
                found[name] = full
        return found


def _weight(number: int, signal: Tensor) -> Tensor:
    generator = torch.Generator().manual_seed(number)
    return torch.randn(signal.shape, generator=generator, dtype=torch.float64) / math.sqrt(max(1, signal.numel()))


def _rms(signal: Tensor) -> float:
    return float(signal.detach().double().square().mean().sqrt()) if signal.numel() else 0.0


def _kept(signal: Tensor, exact: Tensor, plain: Tensor) -> Tensor:
    """`signal` where it can be judged: where neither float64 nor float32 has left the numbers."""
    return torch.where(exact.isfinite() & plain.isfinite(), signal, 0.0)


def _slopes(fused: dict[str, Tensor], plain: dict[str, Tensor], exact: dict[str, Tensor]) -> list[Difference]:
    lengths = {name: float(_kept(slope, slope, plain[name]).norm()) for name, slope in exact.items()}
    least = max(SMALL * max(lengths.values(), default=0.0), NOTHING)
    found = []
    for name, slope in exact.items():
        size = max(lengths[name], least)
        far = [float(_kept(one[name] - slope, slope, plain[name]).norm()) / size for one in (fused, plain)]
        found.append(Difference(f"slope by {name}", far[0], far[1], SLOPE))
    return found

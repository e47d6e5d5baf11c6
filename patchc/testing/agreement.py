"""How far the fused executor is from plain torch in float64: signal by signal, and gradient by gradient.

Both are measured beside plain torch in float32: what float32 cannot hold (a phase of a thousand cycles, a filter at its
edge) no executor holds, and a kernel is asked to do about as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.compiler.sound import Sound
from patchc.graph.model import Graph

SIGNAL = 1e-5
"""Root mean square of the difference over that of the signal, -100 dB."""

GRADIENT = 1e-3
"""Length of the difference over that of the gradients."""

QUIET = 1e-4
"""Signals are compared as if they were at least that loud, -80 dB."""

SMALL = 1e-4
"""Gradients are compared as if they were at least that share of the largest ones."""

NOTHING = 1e-6
"""And at least that steep, where the sound as a whole is about one."""

MARGIN = 4.0
"""How much farther off than plain float32 a kernel may be, where that is beyond the limit itself."""

NEARBY = 6
"""Places close by where plain float32 is measured as well before a kernel is called too far off: one sample beside an
edge can make up most of a gradient, and how far off it is, is chance."""

BY = "gradient by "

Leaves = Mapping[str, Tensor]
Render = Callable[[PatchModule, Leaves], Sound]


@dataclass(frozen=True)
class Difference:
    """One signal, or the gradients by one number: relative errors against plain torch in float64."""

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
        """How what `render` makes of the kernels with `leaves` differs, and the gradients by leaves and parameters.

        Raises `AssertionError` where signals differ in name or shape, or plain torch has had to play.
        """
        fused, plain, exact = (_Run(module, render, leaves) for module in (self.fused, self.plain, self.exact))
        assert self.fused.executor == "fused", "no kernel could be built"
        assert list(fused.signals) == list(exact.signals), (list(fused.signals), list(exact.signals))
        for name, signal in exact.signals.items():
            assert fused.signals[name].shape == signal.shape, name
        far, plain_far = _errors(fused, plain, exact), _errors(plain, plain, exact)
        found = [Difference(name, far[name], plain_far[name], _limit(name)) for name in far]
        for number in range(NEARBY if any(one.too_far for one in found) else 0):
            found = self._beside(found, render, _moved(leaves, number))
        return found

    def _beside(self, found: list[Difference], render: Render, leaves: Leaves) -> list[Difference]:
        """What was found, beside the farthest that plain float32 is off for `leaves` close by."""
        plain, exact = (_Run(module, render, leaves) for module in (self.plain, self.exact))
        far = _errors(plain, plain, exact)
        return [replace(one, plain=max(one.plain, far[one.name])) for one in found]


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

    def gradients(self, sizes: Mapping[str, float]) -> dict[str, Tensor]:
        """The gradients of a random sum over all samples of all signals: for settings those of each column."""
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
        gradients = torch.autograd.grad(total, list(self.wanted.values()), allow_unused=True, retain_graph=True)
        found: dict[str, Tensor] = {}
        for (name, leaf), gradient in zip(self.wanted.items(), gradients, strict=True):
            full = (torch.zeros_like(leaf) if gradient is None else gradient).double()
            if name == "settings":
                columns = enumerate(full.unbind(-1))
                found |= {f"{self.knobs[column]} (column {column})": gradient for column, gradient in columns}
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


def _errors(one: _Run, plain: _Run, exact: _Run) -> dict[str, float]:
    """How far `one` is from `exact` in every signal, and in the gradients by every number."""
    sizes = {
        name: max(_rms(_kept(signal, signal, plain.signals[name])), QUIET) for name, signal in exact.signals.items()
    }
    found = {}
    for name, signal in exact.signals.items():
        found[name] = _rms(_kept(one.signals[name].double() - signal, signal, plain.signals[name])) / sizes[name]
    gradients, plain_gradients, own = exact.gradients(sizes), plain.gradients(sizes), one.gradients(sizes)
    lengths = {
        name: float(_kept(gradient, gradient, plain_gradients[name]).norm()) for name, gradient in gradients.items()
    }
    least = max(SMALL * max(lengths.values(), default=0.0), NOTHING)
    for name, gradient in gradients.items():
        far = float(_kept(own[name] - gradient, gradient, plain_gradients[name]).norm())
        found[BY + name] = far / max(lengths[name], least)
    return found


def _limit(name: str) -> float:
    return GRADIENT if name.startswith(BY) else SIGNAL


def _moved(leaves: Leaves, number: int) -> Leaves:
    """Leaves that are a thousandth larger or smaller."""
    generator = torch.Generator().manual_seed(number)
    return {
        name: leaf * (1 + 1e-3 * (2 * torch.rand(leaf.shape, generator=generator) - 1))
        if leaf.is_floating_point()
        else leaf
        for name, leaf in leaves.items()
    }

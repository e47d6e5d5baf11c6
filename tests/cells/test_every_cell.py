"""What every cell type must do, whoever wrote it: runs over the registry and over a second package's cell."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from patchc.cells.registry import cell_names, find_cell
from patchc.cells.spec import InSpec, Kind, KnobSpec, Polarity
from patchc.units.domain import Choice, Range

NAMES = [*cell_names(), "supersaw"]
RATES = (16_000, 44_100, 48_000, 96_000)

pytestmark = [
    pytest.mark.parametrize("name", NAMES),
    pytest.mark.usefixtures("second_package"),
    pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning"),
]


def positions(values: dict[str, Any], seed: int, batch: int) -> Any:
    """A function of a port's name: random places in its range, one for each sound."""
    generator = torch.Generator().manual_seed(seed)
    drawn = {name: torch.rand(batch, 1, generator=generator, dtype=torch.float64) for name in values}
    return lambda name: drawn[name]


def test_spec_is_whole(name: str) -> None:
    cell = find_cell(name)
    assert cell is not None
    spec = cell.spec
    assert spec.name == name
    assert spec.summary.endswith((".", "!"))
    for port in spec.ports:
        assert port.doc.endswith(".")
        if isinstance(port, KnobSpec) and isinstance(port.domain, Range):
            assert isinstance(port.default, float)
            assert port.domain.holds(port.default)
            low, high = port.limits or (port.domain.low, port.domain.high)
            assert low <= port.domain.low < port.domain.high <= high
        if isinstance(port, KnobSpec) and isinstance(port.domain, Choice):
            assert port.default in port.domain.members
    for size in spec.sizes:
        assert size.low <= size.default <= size.high


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_shape_and_type(name: str, alone: Any, dtype: torch.dtype) -> None:
    one = alone(name, batch=3, dtype=dtype)
    out = one.run(one.values())
    assert out.shape == (3, one.ticks)
    assert out.dtype == dtype


def test_half_precision_runs(name: str, alone: Any) -> None:
    one = alone(name, dtype=torch.bfloat16)
    out = one.run(one.values())
    assert out.dtype == torch.bfloat16
    assert out.isfinite().all()


@pytest.mark.parametrize("rate", [8_000, 48_000])
def test_finite_everywhere(name: str, alone: Any, rate: int) -> None:
    """At both ends of every range and limit, and in between, values and gradients are finite."""
    one = alone(name, rate=rate, batch=1, seconds=0.05)
    corners = [0.0, 1.0, *(positions(one.values(), seed, 1) for seed in range(4))]
    cases = [one.values(corner) for corner in corners]
    for port, spec in one.knobs.items():
        for end in spec.limits or ():
            cases.append({**one.values(), port: one._number(one._linear(spec, end))})
        if isinstance(spec.domain, Choice):
            for member in spec.domain.members:
                cases.append({**one.values(), port: {other: float(other == member) for other in spec.domain.members}})
            even = {member: torch.full((1, 1), 1 / len(spec.domain.members)) for member in spec.domain.members}
            cases.append({**one.values(), port: even})
    for case in cases:
        leaves = {key: value.clone().requires_grad_() for key, value in case.items() if isinstance(value, Tensor)}
        out = one.run({**case, **leaves})
        assert out.isfinite().all()
        if leaves and out.requires_grad:
            gradients = torch.autograd.grad(out.square().sum(), list(leaves.values()), allow_unused=True)
            assert all(gradient.isfinite().all() for gradient in gradients if gradient is not None)


def test_swing(name: str, alone: Any) -> None:
    """A control signal stays within its declared polarity."""
    one = alone(name, seconds=2.0)
    if one.spec.out.kind is Kind.AUDIO:
        pytest.skip("audio has no polarity")
    low = -1.0 if one.spec.out.polarity is Polarity.BIPOLAR else 0.0
    for place in (0.0, 0.3, 0.7, 1.0):
        out = one.run(one.values(place))
        assert low - 1e-6 <= out.min() <= out.max() <= 1 + 1e-6


def test_gradients(name: str, alone: Any) -> None:
    """The gradient by every continuous port is the finite difference, in float64, along a random direction."""
    one = alone(name, dtype=torch.float64, sizes=small(name))
    base = one.values(lambda port: 0.137 + 0.05 * (len(port) % 7))
    for port in one.knobs.values():
        if isinstance(port.domain, Choice):
            base[port.name] = uneven(port.domain, one)
    weight = torch.cos(torch.linspace(0, 9, one.ticks, dtype=torch.float64)) ** 2
    for port in one.spec.ports:
        if isinstance(port, InSpec) and port.kind is Kind.GATE:
            continue
        check_gradient(one, base, port.name, weight)


def uneven(choice: Choice, one: Any) -> dict[str, Tensor]:
    """Of every member some, of none as much: equal parts of a low-pass and of what it takes away have no cutoff."""
    total = sum(range(1, len(choice.members) + 1))
    return {member: one._number(k / total) for k, member in enumerate(choice.members, start=1)}


def small(name: str) -> dict[str, float]:
    cell = find_cell(name)
    assert cell is not None
    return {size.name: min(8, size.default) for size in cell.spec.sizes if size.whole}


def check_gradient(one: Any, base: dict[str, Any], port: str, weight: Tensor) -> None:
    start = base[port]
    member = next(iter(start)) if isinstance(start, dict) else None
    leaf = (start[member] if member else start).clone().requires_grad_()
    generator = torch.Generator().manual_seed(7)
    way = torch.rand(leaf.shape, generator=generator, dtype=torch.float64) + 0.5

    def loss(value: Tensor) -> Tensor:
        values = {**base, port: {**start, member: value} if member else value}
        return (one.run(values) * weight).sum()

    (gradient,) = torch.autograd.grad(loss(leaf), leaf)
    step = 1e-7 * max(1.0, float(leaf.detach().abs().max()))
    with torch.no_grad():
        difference = (loss(leaf + step * way) - loss(leaf - step * way)) / (2 * step)
    found = float((gradient * way).sum())
    size = max(abs(found), abs(float(difference)))
    assert size > 0, f"{port} does nothing"
    assert abs(found - float(difference)) < 2e-4 * size + 1e-7, port


def test_gradients_that_move(name: str, alone: Any) -> None:
    """The same where every knob changes at every tick; and forward mode agrees with backward mode."""
    one = alone(name, dtype=torch.float64, sizes=small(name), seconds=0.03)
    base = one.values(0.4)
    wobble = 1 + 0.05 * torch.sin(torch.arange(one.ticks, dtype=torch.float64) / 7)[None]
    moving = {}
    for port, spec in one.knobs.items():
        if not isinstance(spec.domain, Choice) and spec.width is None:
            moving[port] = (base[port] * wobble).clone()
    if not moving:
        pytest.skip("nothing to move")
    weight = torch.cos(torch.linspace(0, 9, one.ticks, dtype=torch.float64))

    def loss(*values: Tensor) -> Tensor:
        return (one.run({**base, **dict(zip(moving, values, strict=True))}) * weight).sum()

    values = tuple(moving.values())
    ways = tuple(torch.cos(torch.arange(one.ticks, dtype=torch.float64) / 5)[None] * value for value in values)
    _, along = torch.func.jvp(loss, values, ways)
    gradients = torch.func.grad(loss, argnums=tuple(range(len(values))))(*values)
    back = sum((gradient * way).sum() for gradient, way in zip(gradients, ways, strict=True))
    torch.testing.assert_close(along, back, rtol=1e-8, atol=1e-9)
    step = 1e-6
    ahead, behind = (loss(*(v + s * w for v, w in zip(values, ways, strict=True))) for s in (step, -step))
    torch.testing.assert_close(along, (ahead - behind) / (2 * step), rtol=1e-3, atol=1e-6)


def test_vmap(name: str, alone: Any) -> None:
    """Mapped over sounds is the same as a batch of them."""
    one = alone(name, batch=3, dtype=torch.float64, sizes=small(name), seconds=0.03)
    values = one.values(positions(one.values(), 1, 3))
    tensors = {key: value for key, value in values.items() if isinstance(value, Tensor)}
    if not tensors:
        pytest.skip("nothing to map over")
    single = alone(name, batch=1, dtype=torch.float64, sizes=small(name), seconds=0.03)
    rest = {key: value for key, value in single.values().items() if key not in tensors}

    def render(mapped: dict[str, Tensor]) -> Tensor:
        return single.run({**rest, **mapped})[0]

    mapped = torch.func.vmap(render)({key: value[:, None] for key, value in tensors.items()})
    torch.testing.assert_close(mapped, one.run(values), rtol=1e-12, atol=1e-12)


def test_bits_do_not_depend_on_batch_or_threads(name: str, alone: Any) -> None:
    batch, parts = 16, (slice(0, 1), slice(1, 6), slice(6, 16))
    seeds = torch.arange(batch)
    one = alone(name, rate=44_100, seconds=0.25, batch=batch, seed=seeds)
    values = one.values(positions(one.values(), 3, batch))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    whole = one.run(values)
    torch.set_num_threads(2)
    again = one.run(values)
    torch.set_num_threads(threads)
    assert torch.equal(again, whole)
    for part in parts:
        few = alone(name, rate=44_100, seconds=0.25, batch=part.stop - part.start, seed=seeds[part])
        given = {key: cut(value, part) for key, value in values.items()}
        assert torch.equal(few.run(given), whole[part])


def cut(value: Any, part: slice) -> Any:
    if isinstance(value, Tensor):
        return value[part]
    return value if isinstance(value, dict) else type(value)(*(time[part] for time in value))


def test_rate_keeps_loudness_in_time(name: str, alone: Any) -> None:
    """At four sample rates the level of the sound in every 50 ms is the same, within what its noise allows.

    Of noise, whose power grows with the rate, what all four rates can hold counts.
    """
    noisy = name in ("noise", "noise_bank", "fir_reverb")
    levels = []
    for rate in RATES:
        one = alone(name, rate=rate, seconds=1.0, dtype=torch.float64, sizes=small(name))
        out = one.run(one.values())
        if name == "noise":
            out = below(out, one.clock, min(RATES) / 2)
        ticks = torch.arange(one.ticks, dtype=torch.float64) / one.clock
        windows = [out[0, (ticks >= start / 20) & (ticks < (start + 1) / 20)] for start in range(20)]
        levels.append(torch.stack([window.square().mean().sqrt() for window in windows]))
    loudest = max(float(level.max()) for level in levels)
    for level in levels:
        far = (level - levels[2]).abs().max()
        assert far <= (0.3 if noisy else 0.05) * loudest, far / loudest


def below(sound: Tensor, rate: float, limit: float) -> Tensor:
    """Only what lies below `limit` in Hz."""
    spectrum = torch.fft.rfft(sound)
    freqs = torch.fft.rfftfreq(sound.shape[1], 1 / rate, dtype=torch.float64)
    return torch.fft.irfft(spectrum * (freqs < limit), n=sound.shape[1])


def test_compiles_whole(name: str, alone: Any) -> None:
    """torch.compile takes it without a break, and a backward pass through it."""
    torch.compiler.reset()
    one = alone(name, batch=2, sizes=small(name), seconds=0.03)
    values = one.values(0.4)
    tensors = [value.clone().requires_grad_() for value in values.values() if isinstance(value, Tensor)]

    def render(*given: Tensor) -> Tensor:
        rest = iter(given)
        return one.run({key: next(rest) if isinstance(value, Tensor) else value for key, value in values.items()})

    compiled = torch.compile(render, fullgraph=True, backend="aot_eager")(*tensors)
    plain = render(*tensors)
    torch.testing.assert_close(compiled, plain, rtol=1e-5, atol=1e-6)
    if tensors and plain.requires_grad:
        for gradient in zip(*(torch.autograd.grad(out.sum(), tensors) for out in (compiled, plain)), strict=True):
            torch.testing.assert_close(*gradient, rtol=1e-4, atol=1e-4)


def test_origin(name: str) -> None:
    """A cell says which package it came from."""
    cell = find_cell(name)
    assert cell is not None
    assert cell.spec.origin == ("more_cells" if name == "supersaw" else "patchc")

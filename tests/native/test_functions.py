"""Every function of simd.h against numpy in a wider type, within the error that is stated beside it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from patchc.native.library import header, load
from patchc.native.toolchain import EXTRA

Array = NDArray[Any]

BUILDS = ("", "-mno-avx512f", "-march=x86-64")
"""As the machine has it, with vectors of eight, and with vectors of four and no fused multiplication."""

UNARY = ("exp2", "log2", "sine", "cosine", "tanpi", "tanh", "sqrt", "fract", "round", "floor", "abs")
PI = np.longdouble("3.14159265358979323846264338327950288")


def source() -> str:
    lines = [header("simd.h")]
    for name in (*UNARY, "sign"):
        for letter, type_ in (("f", "float"), ("d", "double")):
            lines.append(
                f'extern "C" void {name}_{letter}(const {type_}* x, {type_}* y, long n) '
                f"{{ for (long i = 0; i < n; i += LANES) store(y + i, {name}(load(x + i))); }}"
            )
    lines.append(
        'extern "C" void turns(const double* x, float* y, long n) '
        "{ for (long i = 0; i < n; i += LANES) store(y + i, cycles(to_phase32(load(x + i) * 0x1p32))); }"
    )
    return "\n".join(lines)


@pytest.fixture(params=BUILDS, ids=lambda flags: flags or "native")
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ctypes.CDLL:
    monkeypatch.setenv(EXTRA, request.param)
    return load(source())


def run(library: ctypes.CDLL, name: str, x: Array) -> Array:
    whole = np.concatenate([x, np.zeros(-len(x) % 16, x.dtype)])
    y = np.empty_like(whole)
    function = getattr(library, f"{name}_{'f' if x.dtype == np.float32 else 'd'}")
    function(ctypes.c_void_p(whole.ctypes.data), ctypes.c_void_p(y.ctypes.data), ctypes.c_long(len(whole)))
    return y[: len(x)]


def cycles(function: Callable[[Array], Array], phase: float) -> Callable[[Array], Array]:
    return lambda x: function((x - np.round(x)) * (PI * phase))


@dataclass(frozen=True)
class Case:
    """A function over a range, and how far off it may be in float32 and in float64."""

    name: str
    exact: Callable[[Array], Array]
    low: float
    high: float
    single: float
    double: float
    relative: bool = True
    logarithmic: bool = False  # whether the range is of powers of two


CASES = (
    Case("exp2", np.exp2, -20, 20, 1.1e-7, 1e-13),
    Case("exp2", np.exp2, -126, 127.4, 1.1e-7, 1e-13),
    Case("log2", np.log2, -126, 127, 1.4e-7, 1e-13, logarithmic=True),
    Case("log2", np.log2, -0.5, 0.5, 8e-8, 1e-13, relative=False, logarithmic=True),
    Case("sine", cycles(np.sin, 2), -1, 1, 2.5e-7, 1e-13, relative=False),
    Case("sine", cycles(np.sin, 2), -4000, 4000, 2.5e-7, 1e-13, relative=False),
    Case("cosine", cycles(np.cos, 2), -4000, 4000, 3.5e-7, 1e-13, relative=False),
    Case("tanpi", cycles(np.tan, 1), -0.25, 0.25, 2.5e-7, 1e-12),
    Case("tanpi", cycles(np.tan, 1), -0.45, 0.45, 7e-7, 1e-12),
    Case("tanpi", cycles(np.tan, 1), -0.49, 0.49, 3e-6, 1e-12),
    Case("tanh", np.tanh, -20, 6, 5e-7, 1e-7, logarithmic=True),
    Case("tanh", np.tanh, -50, 50, 5e-7, 1e-13, relative=False),
    Case("sqrt", np.sqrt, -126, 127, 6e-8, 1.2e-16, logarithmic=True),
    Case("fract", lambda x: x - np.floor(x), -4000, 4000, 6e-8, 1.2e-16, relative=False),
    Case("round", np.round, -4000, 4000, 0, 0),
    Case("floor", np.floor, -4000, 4000, 0, 0),
    Case("abs", np.abs, -4000, 4000, 0, 0),
    Case("sign", np.sign, -4000, 4000, 0, 0),
)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}[{case.low}..{case.high}]")
def test_error_is_as_stated(library: ctypes.CDLL, case: Case, dtype: type) -> None:
    x = np.random.default_rng(0).uniform(case.low, case.high, 200_000)
    x = (np.exp2(x) if case.logarithmic else x).astype(dtype)
    exact = case.exact(x.astype(np.longdouble))
    error = np.abs(run(library, case.name, x).astype(np.longdouble) - exact)
    if case.relative:
        error = error / np.maximum(np.abs(exact), np.finfo(dtype).tiny)
    assert float(error.max()) <= (case.single if dtype is np.float32 else case.double)


# --- ends of the numbers


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_not_a_number_stays_so(library: ctypes.CDLL, dtype: type) -> None:
    for name in UNARY:
        assert np.isnan(run(library, name, np.array([np.nan], dtype))).all(), name


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_infinities(library: ctypes.CDLL, dtype: type) -> None:
    ends = np.array([np.inf, -np.inf], dtype)
    assert run(library, "exp2", ends).tolist() == [np.inf, 0.0]
    assert run(library, "tanh", ends).tolist() == [1.0, -1.0]
    assert run(library, "abs", ends).tolist() == [np.inf, np.inf]
    assert run(library, "log2", ends)[0] == np.inf
    assert run(library, "sqrt", ends)[0] == np.inf
    for name in ("log2", "sqrt"):
        assert np.isnan(run(library, name, ends)[1]), name
    for name in ("sine", "cosine", "tanpi", "fract"):
        assert np.isnan(run(library, name, ends)).all(), name


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_zeros_and_numbers_below_the_usual(library: ctypes.CDLL, dtype: type) -> None:
    least = np.finfo(dtype).smallest_subnormal * 100
    zeros = np.array([0.0, -0.0, least, -least], dtype)
    assert run(library, "exp2", zeros).tolist() == [1.0] * 4
    assert run(library, "log2", zeros)[:2].tolist() == [-np.inf] * 2
    for name in ("sine", "tanpi", "tanh"):
        assert np.abs(run(library, name, zeros)).max() <= 8 * least, name
    assert np.abs(run(library, "cosine", zeros) - 1).max() <= 1e-12
    assert run(library, "sqrt", zeros)[:2].tolist() == [0.0, 0.0]
    assert np.isfinite(run(library, "log2", zeros[2:3])).all()
    assert run(library, "fract", zeros)[:2].tolist() == [0.0, 0.0]


def test_powers_leave_the_numbers_where_they_end(library: ctypes.CDLL) -> None:
    """Above the largest number infinite; below the smallest usual one zero."""
    single, double = np.array([127.51, 1e30, -126.51, -1e30], np.float32), np.array([1023.51, 1e300, -1022.51, -1e300])
    assert run(library, "exp2", single).tolist() == [np.inf, np.inf, 0.0, 0.0]
    assert run(library, "exp2", double).tolist() == [np.inf, np.inf, 0.0, 0.0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_whole_turns(library: ctypes.CDLL, dtype: type) -> None:
    """At quarters of a turn, however many have gone by."""
    turns = np.array([0, 0.25, 0.5, 0.75, 1, -0.25, 1000.25, -999.75], dtype)
    assert np.abs(run(library, "sine", turns) - np.sin(2 * np.pi * turns.astype(float))).max() < 2.5e-7
    assert np.abs(run(library, "cosine", turns) - np.cos(2 * np.pi * turns.astype(float))).max() < 3.5e-7
    assert (run(library, "fract", turns) < 1).all()


def test_turns_wrap_by_themselves(library: ctypes.CDLL) -> None:
    x = np.random.default_rng(0).uniform(-30_000, 30_000, 16_000)
    y = np.empty(len(x), np.float32)
    library.turns(ctypes.c_void_p(x.ctypes.data), ctypes.c_void_p(y.ctypes.data), ctypes.c_long(len(x)))
    off = y.astype(float) - x
    assert np.abs(off - np.round(off)).max() < 6.1e-8
    assert (y >= 0).all()
    assert (y <= 1).all()

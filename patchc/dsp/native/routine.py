"""From a C++ file of this folder to functions on the memory of tensors."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from patchc.native.constant import constant
from patchc.native.layout import assertions, mirrors
from patchc.native.library import header, load
from patchc.native.plain import say_once
from patchc.native.toolchain import CompileError

HERE = Path(__file__).parent
BEFORE = '#pragma GCC optimize "O3"'
"""These few loops are built once for all patches, and deserve more of the compiler's time than a patch's kernel."""

_WORTH_A_THREAD = 50_000
"""Nanoseconds of work, below which a thread costs more than it brings."""

_there: dict[str, bool] = {}


@mirrors("lines.h", "Line<float>")
class Line(ctypes.Structure):
    """`Line` of lines.h: a signal `[batch or 1, time or 1]`, or vectors `[batch or 1, frames, width]`."""

    _fields_ = (("at", ctypes.c_void_p), ("step", ctypes.c_long), ("stride", ctypes.c_long))


@cache
def library(name: str) -> ctypes.CDLL:
    """The functions of `name.cpp`, built on first use. Raises `CompileError`."""
    own = [
        text for file in ("lines.h", "noise.h", "negacyclic_fft.h", f"{name}.cpp") for text in _with_assertions(file)
    ]
    return load("\n".join([BEFORE, header("simd.h"), header("interleave.h"), header("threads.h"), *own]))


def _with_assertions(file: str) -> tuple[str, str]:
    return (HERE / file).read_text(), assertions(file)


@constant
def is_there(name: str) -> bool:
    """Whether `name.cpp` can be built here; tries it once. Where it cannot, says so."""
    if name not in _there:
        try:
            library(name)
            _there[name] = True
        except CompileError as error:
            _there[name] = False
            say_once(error)
    return _there[name]


def run(name: str, function: str, call: ctypes.Structure) -> None:
    """Calls a function of `name.cpp` on what it is to work on."""
    getattr(library(name), function)(ctypes.byref(call))


def fields(longs: str = "", floats: str = "", doubles: str = "", lines: str = "", pointers: str = "") -> Any:
    """The fields of a C++ structure that names them in this order."""
    kinds = (
        (longs, ctypes.c_long),
        (floats, ctypes.c_float),
        (doubles, ctypes.c_double),
        (lines, Line),
        (pointers, ctypes.c_void_p),
    )
    return tuple((name, kind) for names, kind in kinds for name in names.split())


def line(x: Tensor) -> Line:
    """`x` as C++ sees it; its last axis has to be in one piece, or to stand constant."""
    return Line(x.data_ptr(), x.stride(0) if x.shape[0] > 1 else 0, x.stride(-1) if x.shape[-1] > 1 else 0)


def laid(x: Tensor) -> Tensor:
    """`x` as it is if rows can be read where they lie, or a copy."""
    fits = x.stride(-1) in (0, 1) and (x.ndim == 2 or x[0].is_contiguous())
    return x if fits or x.shape[-1] == 1 else x.contiguous()


def threads(nanoseconds: float) -> int:
    """How many threads so much work is worth."""
    return max(1, min(torch.get_num_threads(), int(nanoseconds / _WORTH_A_THREAD)))

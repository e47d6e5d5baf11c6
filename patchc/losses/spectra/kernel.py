"""The kernel of short-time spectra on the CPU, called on tensors: one frame in each lane of a vector."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, reduce
from pathlib import Path

import torch
from torch import Tensor

from patchc.native.layout import assertions, mirrors
from patchc.native.library import header, load
from patchc.native.plain import say_once
from patchc.native.toolchain import CompileError

_CHUNK = 4096  # samples in a lane unless a frame is longer: what a thread works in stays in its cache
_PARTS = 2**24  # samples that may be held where the scales of one row are worked on at once
_WORTH_A_THREAD = 20_000  # samples of one window length, below which a thread costs more than it brings


@dataclass(frozen=True)
class Scale:
    """One window length: `size` and `hop` in samples, the power added to bins, and what mean differences weigh."""

    size: int
    hop: int
    floor: float = 0.0
    linear: float = 0.0
    log: float = 0.0

    def frames(self, samples: int) -> int:
        """How many frames a signal has."""
        return samples // self.hop + 1

    @property
    def bins(self) -> int:
        """How many bins a frame has."""
        return self.size // 2 + 1

    @property
    def fits(self) -> bool:
        """Whether the kernel has transforms of this size."""
        return self.size >= 16 and self.size & (self.size - 1) == 0


def is_there() -> bool:
    """Whether there is a kernel: built on first use, and only where there is a C++ compiler."""
    return _library() is not None


def keep(signal: Tensor, scales: Sequence[Scale]) -> tuple[Tensor, ...]:
    """`sqrt(power + floor)` of `[rows, samples]` for every scale, in an order of the kernel's own."""
    rows, samples = signal.shape
    places = [_place(scale, samples) for scale in scales]
    kept = tuple(
        signal.new_empty(rows, place.tiles * place.steps * _lanes(), scale.bins)
        for place, scale in zip(places, scales, strict=True)
    )
    _run("keep", signal, scales, kept)
    return kept


def compare(
    signal: Tensor, scales: Sequence[Scale], target: Sequence[Tensor], wants_gradients: bool
) -> tuple[Tensor, Tensor | None]:
    """How far `[rows, samples]` is from what was kept of a target, `[rows]`, and the gradients by the samples.

    The rows of the target serve in turn. Every scale adds `linear` times the mean difference of magnitudes and `log`
    times that of their natural logarithms.
    """
    rows, samples = signal.shape
    values = signal.new_empty(rows, len(scales), dtype=torch.float64)
    gradients = torch.empty_like(signal) if wants_gradients else None
    few = wants_gradients and rows < torch.get_num_threads() and rows * len(scales) * samples < _PARTS
    parts = signal.new_empty(rows, len(scales), samples) if few else None
    _run("compare", signal, scales, target, values=values, gradients=gradients, parts=parts)
    return reduce(torch.add, values.unbind(-1)).to(signal.dtype), gradients  # one after another, for any batch


def power(signal: Tensor, scale: Scale) -> Tensor:
    """|STFT|² of `[rows, samples]`, `[rows, frames, bins]`."""
    found = signal.new_empty(signal.shape[0], scale.frames(signal.shape[1]), scale.bins)
    _run("power", signal, [scale], [found])
    return found


def power_gradients(signal: Tensor, scale: Scale, by_power: Tensor) -> Tensor:
    """The gradients by the samples, from those by `power`."""
    gradients = torch.empty_like(signal)
    _run("power_gradients", signal, [scale], [by_power], gradients=gradients)
    return gradients


@mirrors("frames.h", "Place")
class _Place(ctypes.Structure):
    """`Place` of frames.h: a scale, and where its tables and its bins lie."""

    _fields_ = (
        *((name, ctypes.c_long) for name in ("size", "hop", "frames", "steps", "tiles")),
        *((name, ctypes.c_float) for name in ("floor", "linear", "log")),
        *((name, ctypes.c_void_p) for name in ("window", "twiddles", "last_twiddles", "order", "bins")),
    )
    steps: int
    tiles: int
    bins: int | None


@mirrors("frames.h", "Call")
class _Call(ctypes.Structure):
    """`Call` of frames.h."""

    _fields_ = (
        ("signal", ctypes.c_void_p),
        ("rows", ctypes.c_long),
        ("samples", ctypes.c_long),
        ("places", ctypes.POINTER(_Place)),
        ("count", ctypes.c_long),
        ("targets", ctypes.c_long),
        *((name, ctypes.c_void_p) for name in ("values", "gradients", "parts")),
        ("threads", ctypes.c_long),
    )


def _run(
    name: str,
    signal: Tensor,
    scales: Sequence[Scale],
    bins: Sequence[Tensor],
    *,
    values: Tensor | None = None,
    gradients: Tensor | None = None,
    parts: Tensor | None = None,
) -> None:
    rows, samples = signal.shape
    places = (_Place * len(scales))(*(_place(scale, samples) for scale in scales))
    for place, tensor in zip(places, bins, strict=True):
        place.bins = tensor.data_ptr()
    threads = max(1, min(torch.get_num_threads(), rows * samples * len(scales) // _WORTH_A_THREAD))
    results = (_address(tensor) for tensor in (values, gradients, parts))
    call = _Call(signal.data_ptr(), rows, samples, places, len(scales), bins[0].shape[0], *results, threads)
    getattr(_library(), name)(ctypes.byref(call))


def _address(tensor: Tensor | None) -> int | None:
    return None if tensor is None else tensor.data_ptr()


@cache
def _library() -> ctypes.CDLL | None:
    texts = [(Path(__file__).parent / name).read_text() for name in ("transform.h", "frames.h", "spectra.cpp")]
    try:
        return load("\n".join([header("simd.h"), header("threads.h"), *texts, assertions("frames.h")]))
    except CompileError as error:
        say_once(error)
        return None


@cache
def _lanes() -> int:
    library = _library()
    return int(library.lanes()) if library else 1


def _place(scale: Scale, samples: int) -> _Place:
    """As few tiles as chunks allow, and as few steps as those tiles allow: lanes past the last frame are idle."""
    frames = scale.frames(samples)
    tiles = -(-frames // (_lanes() * max(1, _CHUNK // scale.hop)))
    steps = -(-frames // (_lanes() * tiles))
    count = frames * scale.bins
    tables = (table.data_ptr() for table in _tables(scale.size))
    return _Place(
        scale.size, scale.hop, frames, steps, tiles, scale.floor, scale.linear / count, scale.log / count, *tables
    )


@cache
def _tables(size: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Half the window, the twiddles of the stages and of the real transform, and where bins are found."""
    half = size // 2
    stages = [half // 4**stage for stage in range(size.bit_length()) if half // 4**stage >= 8]
    twiddles = torch.cat(
        [_twiddles([j * k for j in range(length // 4) for k in (1, 2, 3)], length) for length in stages]
    )
    order = [int(f"{k:0{half.bit_length() - 1}b}"[::-1], 2) for k in range(half)]
    window = torch.hann_window(size, dtype=torch.float32) / 2
    return window, twiddles, _twiddles(range(size // 4 + 1), size), torch.tensor(order, dtype=torch.int32)


def _twiddles(parts: Sequence[int], whole: int) -> Tensor:
    """Cosine and sine of `parts` of a turn, one after the other."""
    radians = torch.tensor(parts, dtype=torch.float64) * (2 * math.pi / whole)
    return torch.stack([radians.cos(), radians.sin()], -1).flatten().float()

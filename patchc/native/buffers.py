"""Memory that is used again: a fresh page costs more than the samples that are written to it."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence

import torch
from torch import Tensor

LARGE = 2**20
"""Bytes from which a buffer is worth keeping."""

KEPT = 16
"""How many buffers are kept at most."""

_pool: list[Tensor] = []
_lock = threading.Lock()


def empty(shape: Sequence[int], dtype: torch.dtype = torch.float32) -> Tensor:
    """As `torch.empty`, out of memory that nobody holds any more where there is such."""
    count = math.prod(shape)
    size = count * dtype.itemsize
    if size < LARGE:
        return torch.empty(tuple(shape), dtype=dtype)
    with _lock:
        buffer = _free(size)
        if buffer is None:
            buffer = torch.empty(size, dtype=torch.uint8)
            _pool.append(buffer)
            del _pool[:-KEPT]
        return torch.empty(0, dtype=dtype).set_(buffer.untyped_storage(), 0, tuple(shape), _strides(shape))


def _strides(shape: Sequence[int]) -> tuple[int, ...]:
    return tuple(math.prod(shape[place + 1 :]) for place in range(len(shape)))


def _free(size: int) -> Tensor | None:
    """A kept buffer of about this size that only the pool refers to."""
    for place, buffer in enumerate(_pool):
        if size <= buffer.numel() <= size * 5 // 4 and _holders(buffer) == 1:
            _pool.append(_pool.pop(place))
            return buffer
    return None


def _holders(buffer: Tensor) -> int:
    """How many tensors use this memory."""
    storage = buffer.untyped_storage()
    return torch._C._storage_Use_Count(storage._cdata) - 1

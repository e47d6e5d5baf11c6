"""Where kernels run: what their text becomes, the memory they are call_inputs, and into how many pieces time is cut."""

from __future__ import annotations

import ctypes
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor

from patchc.compiler.fused import cuda
from patchc.compiler.fused.printing.source import whole
from patchc.native import buffers, library
from patchc.native.cuda_toolchain import find_nvcc
from patchc.native.toolchain import CompileError

LANES = 16
"""As many as any machine has: what is padded to this many voices fits all."""

ITEMS = 64
"""About so many items of work for a CPU, where there is that much to do; not by the number of threads, so that
gradients do not depend on it."""

SHORTEST = 32
"""Frames in an item of work for a CPU, at least."""

THREADS = 2**17
"""About so many items of work for a GPU: enough that others go on while one waits for memory."""


class Device(ABC):
    """A device that kernels run on. `key` tells machines apart that need libraries of their own."""

    key: str
    device: torch.device

    @abstractmethod
    def build(self, text: str) -> ctypes.CDLL:
        """The library of a patch's own text. Raises `CompileError`."""

    @abstractmethod
    def chunk(self, batch: int, frames: int) -> int:
        """Frames in one item of work, where frames do not wait for each other."""

    @abstractmethod
    def pieces(self, batch: int, levels: int) -> int:
        """Into how many pieces to cut time where states last, at the cost of a run more for each of `levels`; or 1."""

    @abstractmethod
    def fields(self) -> dict[str, int]:
        """What a call says about the machine."""

    def run(self, built: ctypes.CDLL, name: str, call: ctypes.Structure) -> None:
        """Calls one function of a library."""
        getattr(built, name)(ctypes.byref(call))

    def empty(self, shape: Sequence[int], dtype: torch.dtype = torch.float32) -> Tensor:
        return torch.empty(tuple(shape), dtype=dtype, device=self.device)

    def zeros(self, shape: Sequence[int], dtype: torch.dtype = torch.float32) -> Tensor:
        return torch.zeros(tuple(shape), dtype=dtype, device=self.device)


class CpuDevice(Device):
    """Voices side by side in vectors, and threads that take turns at items of work."""

    key = "cpu"
    device = torch.device("cpu")

    def build(self, text: str) -> ctypes.CDLL:
        return library.load(whole(text))

    def chunk(self, batch: int, frames: int) -> int:
        """Enough items for a few threads, each long enough to be worth dealing out."""
        groups = -(-batch // LANES)
        pieces = max(1, -(-ITEMS // groups)) * max(1, LANES // batch)
        return max(SHORTEST, -(-frames // pieces))

    def pieces(self, batch: int, levels: int) -> int:
        """Where there are lanes to spare for it."""
        return 2 * LANES // batch if batch * (1 + levels) <= LANES else 1

    def fields(self) -> dict[str, int]:
        return {"threads": torch.get_num_threads()}

    def empty(self, shape: Sequence[int], dtype: torch.dtype = torch.float32) -> Tensor:
        """Out of memory that was used before."""
        return buffers.empty(shape, dtype)


class CudaDevice(Device):
    """A CUDA device: a thread for each item of work, on the stream that torch is using."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.key = self.kind()

    def kind(self) -> str:
        """What the device is compiled for, as in `sm_90`."""
        major, minor = torch.cuda.get_device_capability(self.device)
        return f"sm_{major}{minor}"

    def build(self, text: str) -> ctypes.CDLL:
        built = library.load(cuda.whole(text), find_nvcc(self.key))
        built.refused.restype = ctypes.c_char_p
        refused = built.refused(ctypes.c_long(self.device.index))
        if refused is not None:
            raise CompileError(f"CUDA does not run here what `nvcc` makes: {refused.decode()}")
        return built

    def chunk(self, batch: int, frames: int) -> int:
        return max(1, -(-frames // max(1, THREADS // batch)))

    def pieces(self, batch: int, levels: int) -> int:
        """Where that is at least twice as many as it takes to make up for doing the work several times."""
        pieces = THREADS // batch
        return pieces if pieces >= 2 * (1 + levels) else 1

    def fields(self) -> dict[str, int]:
        return {"stream": torch.cuda.current_stream(self.device).cuda_stream, "device": self.device.index}

    def run(self, built: ctypes.CDLL, name: str, call: ctypes.Structure) -> None:
        """Raises `RuntimeError` where a kernel cannot be started; what happens within it shows at the next waiting."""
        super().run(built, name, call)
        built.trouble.restype = ctypes.c_char_p
        trouble = built.trouble()
        if trouble is not None:
            raise RuntimeError(f"CUDA cannot run a kernel of this patch: {trouble.decode()}")


@cache
def device_of(device: torch.device) -> Device:
    """The machine that tensors on `device` are worked on by."""
    return CudaDevice(device) if device.type == "cuda" else CpuDevice()

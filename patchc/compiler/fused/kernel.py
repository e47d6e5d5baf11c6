"""A traced region as native code: built when it is first needed, called on the memory of tensors."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from patchc.compiler.fused.call import INPUTS, OUTPUTS, Call
from patchc.compiler.fused.device import LANES, Device, device_of
from patchc.compiler.fused.printing.source import backward_text, forward_text
from patchc.compiler.fused.region import Traced

FEW = 2
"""With fewer voices than that no device reads a row of them at once."""


@dataclass(frozen=True)
class Inputs:
    """What a kernel works on: `constants` `[batch or 1, columns]`, `control_in` `[rows, batch or 1, frames]`,
    `audio_in` `[rows, batch or 1, samples]`, all contiguous float32, and int64 `seed` `[batch or 1]`."""

    constants: Tensor
    control_in: Tensor
    audio_in: Tensor
    seed: Tensor
    batch: int
    samples: int

    @property
    def device(self) -> Device:
        return device_of(self.constants.device)


@dataclass(frozen=True)
class Outputs:
    """`audio` `[rows, batch, samples]`, `control` `[rows, batch, frames]`, and what the backward pass starts from: flat
    memory, large enough for rows of any width."""

    audio: Tensor
    control: Tensor
    doubles: Tensor
    singles: Tensor
    states: Tensor


class Kernel:
    """The native code of one region. `forward` and `backward` are two libraries: most callers need only the first."""

    def __init__(self, traced: Traced, split: bool = False) -> None:
        """With `split`, few voices are cut in time where states last from sample to sample."""
        self.traced = traced
        self.program = traced.program
        self.split = split and bool(traced.program.lasting)
        self._built: dict[tuple[str, str], ctypes.CDLL] = {}

    @cached_property
    def forward_text(self) -> str:
        """The patch's own part of the source of `forward`, for people."""
        return forward_text(self.program)

    @cached_property
    def backward_text(self) -> str:
        """The patch's own part of the source of `backward`, for people."""
        return backward_text(self.program)

    @cached_property
    def split_text(self) -> str:
        """As `forward_text`, for time in pieces."""
        return forward_text(self.program, split=True)

    def _library(self, device: Device, text: str) -> ctypes.CDLL:
        """What is built of `forward_text`, `split_text` or `backward_text`."""
        found = self._built.get((device.key, text))
        if found is None:
            found = self._built[device.key, text] = device.build(getattr(self, text))
        return found

    def missing(self, device: torch.device, back: bool) -> list[str]:
        """The texts that a call on `device` may need and that are not built yet; with `back`, of gradients too."""
        texts = ["forward_text"] + ["split_text"] * self.split + ["backward_text"] * back
        return [text for text in texts if (device_of(device).key, text) not in self._built]

    def build(self, device: torch.device, text: str) -> None:
        """Builds one of them. Raises `CompileError`."""
        self._library(device_of(device), text)

    def frames(self, samples: int) -> int:
        return -(-samples // self.program.hop) + 1

    def forward(self, inputs: Inputs) -> Outputs:
        """All wanted signals, and the states at the beginning of each frame."""
        device, batch = inputs.device, inputs.batch
        out = Outputs(*(device.empty(*one) for one in self._outputs(batch, inputs.samples)))
        call = self._call(inputs)
        for name in OUTPUTS:
            setattr(call, name, _pointer(getattr(out, name)))
        pieces = device.pieces(batch, len(self.program.lasting_levels)) if self.split else 1
        if pieces > 1:
            self._run_split(device, call, pieces)
        else:
            device.run(self._library(device, "forward_text"), "forward", call)
        return out

    def _run_split(self, device: Device, call: Call, pieces: int) -> None:
        levels = self.program.lasting_levels
        shortest = max(1, -(-self.program.memory // self.program.hop))
        call.split, call.chunk = 1, max(shortest, -(-(call.frames - 1) // pieces))
        widest = max(len(level) + len(level) ** 2 for level in levels)
        starts = device.zeros((pieces + 1, call.batch, len(self.program.lasting)), torch.float64)
        ends = device.zeros((pieces + 1, call.batch, widest), torch.float64)
        call.starts, call.ends = starts.data_ptr(), ends.data_ptr()
        device.run(self._library(device, "split_text"), "forward", call)

    def backward(
        self, inputs: Inputs, out: Outputs, grad_audio: Tensor, grad_control: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Gradients for `constants` `[batch, columns]`, `control_in` and `audio_in`, each over the whole batch."""
        device, empty, zeros = inputs.device, inputs.device.empty, inputs.device.zeros
        program, batch, frames = self.program, inputs.batch, self.frames(inputs.samples)
        call = self._call(inputs)
        slots = (frames, len(program.slots), padded(batch))
        columns = program.columns
        items = (frames // call.chunk + 2) * (2 * batch + LANES)
        back = {
            "grad_control": grad_control.contiguous(),
            "grad_audio": grad_audio.contiguous(),
            "here": empty(slots).zero_(),
            "there": empty(slots).zero_(),
            "partial": empty((items * columns,)),
            "grad_constants": zeros((batch, columns)),
            "grad_control_in": zeros((inputs.control_in.shape[0], batch, frames)),
            "grad_audio_in": empty((inputs.audio_in.shape[0], batch, inputs.samples)),
        }
        for row in set(range(inputs.audio_in.shape[0])) - program.audio_in:
            back["grad_audio_in"][row] = 0
        for name in OUTPUTS:
            setattr(call, name, _pointer(getattr(out, name)))
        for name, tensor in back.items():
            setattr(call, name, _pointer(tensor))
        device.run(self._library(device, "backward_text"), "backward", call)
        return back["grad_constants"], back["grad_control_in"], back["grad_audio_in"]

    def shapes(self, like: Tensor, batch: int, samples: int) -> tuple[Tensor, ...]:
        """Tensors of the shapes that `forward` gives, holding nothing."""
        return tuple(like.new_empty(shape, dtype=dtype) for shape, dtype in self._outputs(batch, samples))

    def _outputs(self, batch: int, samples: int) -> Iterator[tuple[tuple[int, ...], torch.dtype]]:
        """Shapes and types of `Outputs`, in order."""
        program, frames, wide = self.program, self.frames(samples), batch + LANES - 1
        slots = frames * len(program.slots) * wide
        yield (len(program.audio), batch, samples), torch.float32
        yield (len(program.control), batch, frames), torch.float32
        yield (slots if self._has(True) else 0,), torch.float64
        yield (slots if self._has(False) else 0,), torch.float32
        yield (frames * len(program.lasting) * wide,), torch.float32

    def _has(self, double: bool) -> bool:
        return any(self.program.double(node) is double for node in self.program.slots)

    def _call(self, inputs: Inputs) -> Call:
        batch, frames = inputs.batch, self.frames(inputs.samples)
        call = Call(
            batch=batch,
            samples=inputs.samples,
            frames=frames,
            padded=padded(batch),
            chunk=inputs.device.chunk(batch, frames),
            **inputs.device.fields(),
        )
        for name in INPUTS:
            tensor = getattr(inputs, name)
            setattr(call, name, _pointer(tensor))
            setattr(call, f"{name}_step", _step(name, tensor, batch))
        return call


def padded(batch: int) -> int:
    """Voices in a row of slots: as many as vectors need that are read whole, where there are enough to fill them."""
    return batch if batch < FEW else -(-batch // LANES) * LANES


def _step(name: str, tensor: Tensor, batch: int) -> int:
    """What lies between two voices: nothing, where all of them share one row."""
    voices = tensor.shape[0] if name in ("constants", "seed") else tensor.shape[1]
    if voices != batch:
        return 0
    return tensor.shape[1] if name == "constants" else 1


def _pointer(tensor: Tensor) -> int | None:
    return tensor.data_ptr() if tensor.numel() else None

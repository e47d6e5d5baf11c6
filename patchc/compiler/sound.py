"""What a patch makes: the audio of its outputs and the signal of every cell, as a pytree that torch can carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch.utils._pytree as pytree
from torch import Tensor

from patchc.source.suggest import nearest


class NoSuchTap(KeyError):
    """A tap was asked for that the sound does not hold."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Layout:
    """What does not change between sounds of one module: rates in ticks a second, and what is where."""

    sample_rate: float
    control_rate: float
    outputs: tuple[str, ...]
    addresses: tuple[tuple[tuple[int, int], str], ...]  # ((channel, layer), cell), both counted from 0


@dataclass(frozen=True)
class Sound:
    """A batch of sounds.

    `audio` is `[batch, samples]`, or `[batch, channels, samples]` if the patch has several outputs: in the order
    of their lines, but left before right and mid before side (`audio[:, 0]` is left). `taps` holds the signals of
    cells by name: `[batch, samples]` of audio cells, `[batch, frames]` of control cells.
    """

    audio: Tensor
    taps: Mapping[str, Tensor]
    layout: Layout

    @property
    def sample_rate(self) -> float:
        """Samples a second."""
        return self.layout.sample_rate

    @property
    def control_rate(self) -> float:
        """Control frames a second."""
        return self.layout.control_rate

    def tap(self, where: str | tuple[int, int]) -> Tensor:
        """The signal of a cell by name or by `(channel, layer)`, both counted from 0, or of an output by name.

        Raises `NoSuchTap` (a `KeyError`) that says what there is.
        """
        name = where if isinstance(where, str) else dict(self.layout.addresses).get(where)
        if name is None:
            raise NoSuchTap(f"no cell stands at (channel, layer) {where}: {self._grid()}")
        if name in self.taps:
            return self.taps[name]
        if name in self.layout.outputs:
            channel = self.layout.outputs.index(name)
            return self.audio if self.audio.ndim == 2 else self.audio[:, channel]
        raise NoSuchTap(self._why_missing(name))

    def _grid(self) -> str:
        return ", ".join(f"{address} is {name}" for address, name in self.layout.addresses)

    def _why_missing(self, name: str) -> str:
        cells = [cell for _, cell in self.layout.addresses]
        if name in cells:
            return f"`{name}` was not recorded: render with `taps=` naming it, or with all taps"
        close = nearest(name, [*cells, *self.layout.outputs])
        return f"no cell or output called `{name}`" + (f"; did you mean `{close}`?" if close else "")


def _flatten(sound: Sound) -> tuple[list[Any], Any]:
    return [sound.audio, dict(sound.taps)], sound.layout


def _unflatten(parts: Any, layout: Any) -> Sound:
    audio, taps = parts
    return Sound(audio, taps, layout)


pytree.register_pytree_node(Sound, _flatten, _unflatten, serialized_type_name="patchc.Sound")

"""`PatchModule`: a patch as a `torch.nn.Module` that renders batches of sounds with a tap on every cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor, nn

from patchc.compiler import checkpoint, held, nonfinite, nyquist
from patchc.compiler.arguments import float_type, one_of, one_seed, positive, seconds_of, whole
from patchc.compiler.call import Call, Seed, Taps, read_call
from patchc.compiler.checks import (
    check_length,
    check_memory,
    check_one_sound,
    check_positions,
    check_size,
    frame_length,
    wanted_cells,
    with_columns,
)
from patchc.compiler.codec import positions_of
from patchc.compiler.described import ByName, Input, Knobs, Value, at_frames, drawn_inputs, inputs_of
from patchc.compiler.draw import draw
from patchc.compiler.fused.executor import Fused, Numbers, runs_here
from patchc.compiler.outside import inputs_outside
from patchc.compiler.parameters import Learned
from patchc.compiler.plan import Plan, make_plan
from patchc.compiler.player import Player
from patchc.compiler.ports import Wiring
from patchc.compiler.settings import all_natural, blends, default_positions, written_values
from patchc.compiler.signals import RunContext
from patchc.compiler.sound import Layout, Sound
from patchc.compiler.values import Values, input_signals
from patchc.graph.model import Graph
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Source

CONTROL_RATE = 750
"""Control frames a second, about: a frame is a whole number of samples (docs/decisions/0003-control-rate.md)."""

EXECUTORS = ("fused", "reference")

MEMORY_LIMIT = 8 * 2**30
"""Bytes that the signals of one call may take, unless told otherwise."""


class PatchModule(nn.Module):
    """A compiled patch. `patchc.load` makes one from a file, `patchc.compile` from a graph.

    Settings are positions `[batch, width]`, or `[batch, frames, width]` for numbers that move, each 0..1 along its
    knob's range. Whatever is `learn` is a parameter `learned.<name>`, unbounded; settings, and values given by name,
    take its place for one call.
    """

    _start: Tensor

    def __init__(
        self,
        graph: Graph,
        *,
        source: Source | None = None,
        sample_rate: int = 48_000,
        control_rate: float | None = None,
        dtype: torch.dtype = torch.float32,
        memory_limit: int = MEMORY_LIMIT,
        executor: str = "fused",
        split_time: bool = False,
    ) -> None:
        """`graph` has passed all checks. Rates are in ticks a second; a control frame is rounded to whole samples.

        `executor` is "fused" (native kernels, float32 on the CPU or CUDA; else it falls back) or "reference" (plain
        torch, any float type and device, derivatives of any order). With `split_time` fewer than 16 sounds are cut in
        time where filters remember: several times faster, and no longer bit for bit what they are in a larger batch.
        """
        super().__init__()
        self.graph = graph
        self.source = source
        self.plan: Plan = make_plan(graph)
        self._knobs = Knobs(self.plan.knobs)
        self.sample_rate = whole("sample_rate", sample_rate, 1)
        frames = CONTROL_RATE if control_rate is None else positive("control_rate", control_rate)
        self.hop = frame_length(self.sample_rate, frames)
        self.memory_limit = whole("memory_limit", memory_limit, 1)
        self.addresses: dict[tuple[int, int], str] = {(s.channel, s.layer): s.cell for s in self.plan.steps}
        self.learned = Learned(self.knobs, float_type(dtype))
        self.register_buffer("_start", self._starting().to(dtype), persistent=False)
        self._by_name = {knob.name: knob for knob in self.knobs}
        self._player = Player(self.plan)
        one_of("executor", executor, EXECUTORS)
        self._fused = self._make_fused(split_time) if executor == "fused" and dtype.itemsize <= 4 else None
        self._layout = Layout(
            sample_rate=float(self.sample_rate),
            control_rate=self.control_rate,
            outputs=tuple(output.name for output in self.plan.outputs),
            addresses=tuple(self.addresses.items()),
        )

    @property
    def knobs(self) -> Knobs:
        """Every knob in the order of the columns, also by name: name, role, unit, domain, default, prior, columns."""
        return self._knobs

    @property
    def inputs(self) -> ByName[Input]:
        """What a call may give: every input in the order of its line, also by name."""
        return inputs_of(self.plan)

    @property
    def width(self) -> int:
        """How many columns settings have."""
        return self.plan.knobs[-1].columns.stop if self.plan.knobs else 0

    @property
    def control_rate(self) -> float:
        """Control frames a second."""
        return self.sample_rate / self.hop

    @property
    def notes(self) -> list[Diagnostic]:
        """What is worth knowing about this patch at this sample rate (P601)."""
        return nyquist.partials_past_nyquist(self.plan, self.sample_rate)

    def samples(self, seconds: float) -> int:
        """How many samples a sound of `seconds` has."""
        return round(seconds * self.sample_rate)

    def frames(self, seconds: float) -> int:
        """How many control frames a sound of `seconds` has: one every `hop` samples, the last at or past its end."""
        return -(-self.samples(seconds) // self.hop) + 1

    def _starting(self) -> Tensor:
        """The positions `[1, width]` that the patch starts from, in float64."""
        return torch.tensor([[at for knob in self.knobs for at in default_positions(knob)]], dtype=torch.float64)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        """Starting positions are no state: they are put in again for a module that comes from the meta device."""
        emptied = self._start.is_meta
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        if emptied and not self._start.is_meta:
            self._start.copy_(self._starting())
        return self

    # --- sound

    def forward(
        self,
        settings: Tensor | None = None,
        *,
        seconds: float = 2.0,
        seed: Seed = 0,
        taps: Taps = None,
        inputs: Mapping[str, Any] | None = None,
        **named: Any,
    ) -> Sound:
        """Renders `seconds` of sound.

        `settings` are positions `[batch, width]` or `[batch, frames, width]`; without them, learned numbers are as they
        are. Values by name (inputs, params, knobs; as keywords or in the mapping `inputs`) go before both: a number in
        base units, text with a unit, `[batch]`, or `[batch, frames]`; a choice takes a member's name or weights. A gate
        is note-off, or `(note-on, note-off)`, in seconds, by default 75 % of the sound. `seed` is that of all noise,
        one or int64 `[batch]`. `taps` names cells, or `(channel, layer)` addresses, to record: by default all.

        Raises `PatchError` (P604 to P609) for what does not fit.
        """
        call = self._call(settings, seconds, seed, taps, {**(inputs or {}), **named})
        if not torch.compiler.is_compiling():
            check_memory(self.plan, self._player.needed(call.wanted), call.context, call.batch, self.memory_limit)
        learned = self._learned_settings() if settings is None and any(True for _ in self.learned) else None
        played = self._play_fused(call, learned)
        if played is None:
            played = self._player.play(self._wiring(call), call.call_inputs.gates, call.seeds, call.wanted, call.batch)
        return Sound(*self._given_back(played), self._layout)

    def held(
        self,
        settings: Tensor | None = None,
        *,
        seconds: float = 2.0,
        seed: Seed = 0,
        inputs: Mapping[str, Any] | None = None,
        sound: Sound | None = None,
        **named: Any,
    ) -> list[Diagnostic]:
        """What the same call of the module holds at a limit: P620 for each place, with the farthest value asked for;
        before that P807 for each input that leaves its range.

        Arguments are those of `forward`. `sound` is what it gave; if that lacks taps that feed numbers with
        limits, they are played again.
        """
        needed = held.sources(self.plan)
        given = {**(inputs or {}), **named}
        if needed and (sound is None or any(name not in sound.taps for name in needed)):
            with torch.no_grad():
                sound = self(settings, seconds=seconds, seed=seed, taps=needed, inputs=given)
        call = self._call(settings, seconds, seed, needed, given)
        taps = {name: self._working(sound.taps[name]) for name in needed} if sound else {}
        left = inputs_outside(self.plan.inputs, call.call_inputs.given)
        return [*left, *held.record(self._player, self.plan, self._wiring(call), call, taps)]

    def _call(self, settings: Tensor | None, seconds: float, seed: Seed, taps: Taps, given: Mapping[str, Any]) -> Call:
        """The arguments of `forward`. Raises `PatchError` for what does not fit."""
        seconds = seconds_of(seconds)
        check_length(seconds, self.sample_rate)
        start, samples, frames = self._working(self._start), self.samples(seconds), self.frames(seconds)
        context = RunContext(samples, frames, self.hop, self.sample_rate, start.dtype, start.device)
        return read_call(self.plan, context, start, settings, seed, taps, given, seconds)

    def _learned_settings(self) -> Tensor:
        """What was learned, as settings `[1, width]`. Raises `PatchError` (P607) where training has left a NaN."""
        settings = self._working(self.settings())
        check_positions(self.plan.knobs, settings)
        return settings

    def _working(self, tensor: Tensor) -> Tensor:
        """In the type sounds are worked out in: halves hold neither 96 kHz nor the phase of an oscillator."""
        return tensor.float() if tensor.dtype.itemsize < 4 else tensor

    def _given_back(self, played: tuple[Tensor, dict[str, Tensor]]) -> tuple[Tensor, dict[str, Tensor]]:
        """Sound and taps in the module's own type."""
        audio, taps = played
        dtype = self._start.dtype
        return audio.to(dtype), {name: signal.to(dtype) for name, signal in taps.items()}

    @property
    def executor(self) -> str:
        """What plays this patch: "fused" or "reference", which is also what is left where no kernel could be built."""
        return "reference" if self._fused is None or self._fused.broken(self._start.device) else "fused"

    @property
    def blocks(self) -> tuple[str, ...]:
        """The cells that play by themselves, between kernels: those that work on blocks of sound by nature."""
        return () if self._fused is None else self._fused.blocks

    def kernels(self, *, backward: bool = False, taps: Iterable[str] = ()) -> list[str]:
        """The C++ of the kernels for settings `[batch, width]`, in the order they run; none for plain torch."""
        wanted = wanted_cells(self.plan, taps)
        return [] if self._fused is None else self._fused.texts(wanted, backward)

    def operations(self) -> Mapping[str, float]:
        """Operations on vectors that kernels take for one sample of the outputs, by cell; empty for plain torch."""
        return {} if self._fused is None else self._fused.operations()

    def _make_fused(self, split: bool) -> Fused:
        return Fused(self.plan, frozenset(self.learned), self.sample_rate, self.hop, split)

    def _play_fused(self, call: Call, learned: Tensor | None) -> tuple[Tensor, dict[str, Tensor]] | None:
        """What the kernels play; None where they cannot, and the plain executor has to."""
        start = self._working(self._start)
        if self._fused is None or not runs_here(start):
            return None
        chosen = call.settings if learned is None else learned
        numbers = Numbers(chosen, start, call.call_inputs, call.seeds, call.batch, call.context)
        steps = self._fused.prepare(numbers, learned is not None, call.wanted)
        if steps is None:
            return None
        return self._fused.play(numbers, steps, call.wanted, lambda: self._wiring(call))

    def _wiring(self, call: Call) -> Wiring:
        chosen = self._working(self.settings()) if call.settings is None else call.settings
        values = Values(self._by_name, self.plan.defaults, chosen, call.call_inputs.given)
        return Wiring(call.context, values, input_signals(self.plan, values, call.call_inputs.audio))

    # --- settings

    def draw(self, batch: int = 1, seed: int = 0, *, first: int = 0) -> Tensor:
        """Settings `[batch, width]` from the priors; item `i` depends on `seed` and `i` alone.

        Items are those from `first` on: `draw(8)[5:]` is `draw(3, first=5)`.
        """
        return draw(self.knobs, self._count(batch), one_seed(seed), whole("first", first, 0)).to(self._start)

    def draw_inputs(self, batch: int = 1, seed: int = 0, *, seconds: float = 2.0) -> dict[str, Value]:
        """Inputs for `batch` sounds, to be given as `inputs=`: control inputs `[batch]` even along their ranges, gates.

        Audio inputs, and control inputs without a range, are left out.
        """
        return drawn_inputs(self.inputs, whole("batch", batch, 1), one_seed(seed), seconds_of(seconds))

    def resample_frames(self, values: Tensor, rate: float, seconds: float) -> Tensor:
        """A curve `[batch, n]` of `rate` values a second as `[batch, frames]` for `seconds`; differentiable."""
        return at_frames(values, positive("rate", rate), self.control_rate, self.frames(seconds_of(seconds)))

    def _count(self, batch: int) -> int:
        """A number of settings that memory holds."""
        count = whole("batch", batch, 1)
        check_size(count * self.width * 8, self.memory_limit)
        return count

    def defaults(self) -> Tensor:
        """The settings `[1, width]` that the patch starts from, `predict` numbers included."""
        return self._start.clone()

    def settings(self) -> Tensor:
        """The settings `[1, width]` of now: learned numbers where they are, everything else where it starts."""
        return self.learned.settings(self._start)

    def natural(self, settings: Tensor) -> dict[str, Tensor]:
        """Each knob by name, in base units: `[batch]` or `[batch, frames]`; choices and vectors have one more axis."""
        return all_natural(self.knobs, with_columns(settings, self.width))

    def positions(self, values: Mapping[str, Any]) -> Tensor:
        """The settings `[batch, width]` at which knobs have these values; knobs not named are where they start.

        Values are as in `forward`. Raises `PatchError` for unknown names and values that do not fit.
        """
        return positions_of(self.plan, values, self._start)

    def text(self, settings: Tensor | None = None, *, pitches: Mapping[str, float] | None = None) -> str:
        """The patch with one setting `[1, width]` (by default, what was learned) written in.

        `pitches` are defaults for control inputs, by name, in base units; an input without a default gets none, and
        neither does one whose range does not hold the value.

        What `patchc.load` makes of it plays the same sound, bit for bit in float32. A choice that is between its
        members is written as the strongest one, with a comment that says what it was. Raises `PatchError` (P617) for
        settings of several sounds, of sounds that move, and for what is no position.
        """
        from patchc.compiler.load import as_patch

        chosen = (self.settings() if settings is None else settings).detach()
        check_one_sound(self.knobs, chosen)
        one = chosen.reshape(self.width)
        values = {**written_values(self.knobs, one), **(pitches or {})}
        return as_patch(self.graph, self.source, values, blends(self.knobs, one))

    # --- checkpoints and questions

    def save(self, path: str | Path) -> None:
        """Writes what was learned, with the patch's text and its hash, as a safetensors file."""
        checkpoint.save(self, path)

    def load_checkpoint(self, path: str | Path, *, strict: bool = True) -> None:
        """Reads what `save` wrote, by name and through `moved`.

        Raises `PatchError` (P603) for names that do not fit, unless `strict` is off, and (P610) for other files.
        """
        checkpoint.load(self, path, strict=strict)

    def explain_nonfinite(self, sound: Sound, settings: Tensor | None = None) -> Diagnostic | None:
        """P602 for the first cell of `sound` that is not finite everywhere, or None; `settings` as in `forward`."""
        chosen = self.settings() if settings is None else settings
        return nonfinite.explain(self.plan, sound, self.natural(chosen.detach()))

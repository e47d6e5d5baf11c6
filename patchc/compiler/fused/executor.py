"""The executor that users run: finds the kernels for a call, hands them their numbers, and puts a sound together."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import torch
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.fused import operator
from patchc.compiler.fused.cost import operations
from patchc.compiler.fused.kernel import Inputs, Kernel
from patchc.compiler.fused.region import Chunk, Form, Place, Region, Traced, Tracer
from patchc.compiler.fused.schedule import Part, arranged, make_schedule
from patchc.compiler.inputs import CallInputs
from patchc.compiler.plan import Plan, Rate
from patchc.compiler.player import RATES, Player
from patchc.compiler.ports import Wiring
from patchc.compiler.signals import RatedSignal, RunContext
from patchc.dsp.dsp import Gate
from patchc.dsp.native.dsp import BlockDsp
from patchc.native.constant import constant
from patchc.native.plain import say_once
from patchc.native.toolchain import CompileError


def runs_here(like: Tensor) -> bool:
    """Whether kernels can play where `like` is: on the CPU or CUDA, and not inside a transform of `torch.func`."""
    here = like.device.type in ("cpu", "cuda") and like.dtype == torch.float32
    if torch.compiler.is_compiling():
        return here  # kernels are opaque operators there
    transformed = torch._C._functorch.peek_interpreter_stack() is not None
    forward_mode = torch.autograd.forward_ad._current_level >= 0
    return here and not transformed and not forward_mode


_fused: WeakValueDictionary[int, Fused] = WeakValueDictionary()
_numbers = itertools.count()


@constant  # tracing and building are nothing that a compiler of torch should look into
def _prepared(
    number: int, form: tuple[Any, ...], wanted: tuple[str, ...], device: str, back: bool
) -> tuple[Step, ...] | None:
    settings, given, audio = form
    rates = tuple((name, Rate(rate)) for name, rate in given)
    fused, built = _fused[number], Form(settings, rates, audio)
    return fused.steps(built, wanted) if fused.ready(built, wanted, torch.device(device), back) else None


@dataclass(frozen=True)
class Numbers:
    """Everything that is handed to the kernels of one call. `settings` are positions, `start` those to start from."""

    settings: Tensor | None
    start: Tensor
    call_inputs: CallInputs
    seed: int | Tensor
    batch: int
    context: RunContext

    @property
    def wants_gradients(self) -> bool:
        """Whether what is made of them may be asked for gradients."""
        call_inputs = self.call_inputs
        times = [time for gate in call_inputs.gates.values() for time in gate]
        every = [
            self.settings,
            *(value.data for value in call_inputs.given.values()),
            *call_inputs.audio.values(),
            *times,
        ]
        return torch.is_grad_enabled() and any(isinstance(one, Tensor) and one.requires_grad for one in every)


@dataclass(frozen=True)
class Step:
    """A kernel by its key, what it is call_inputs, the rows it gives, and the cells on blocks after it."""

    key: str
    traced: Traced
    part: Part


class Fused:
    """A plan as kernels, one set for every form of call."""

    def __init__(self, plan: Plan, learned: Collection[str], sample_rate: int, hop: int, split: bool = False) -> None:
        """`split` allows few voices to be cut in time. Raises `PatchError` if a cell's formula cannot be traced."""
        self._made_of = plan, learned, sample_rate, hop, split
        self._number = next(_numbers)
        _fused[self._number] = self
        self._split = split
        self._plan = arranged(plan)
        self._player = player = Player(self._plan)
        self._rates = sample_rate, hop
        self._tracer = Tracer(self._plan, player.cells, player.keys, learned)
        self._blocks = self._tracer.blocks(sample_rate, hop)
        self._upstream = self._tracer.upstream(player.upstream)
        self._broken: set[str] = set()  # kinds of device that a kernel could not be built for
        self._known: dict[tuple[Form, tuple[str, ...]], tuple[Step, ...]] = {}

    def __reduce__(self) -> tuple[type[Fused], tuple[Any, ...]]:
        """A copy is traced anew: kernels belong to a process, and their text finds them in the cache."""
        return Fused, self._made_of

    def form(self, numbers: Numbers, learned: bool) -> Form:
        """What kind of call this is."""
        settings = numbers.settings
        mode = "none" if settings is None else "control" if settings.ndim == 3 else "learned" if learned else "constant"
        given = tuple((name, numbers.call_inputs.given[name].rate) for name in sorted(numbers.call_inputs.given))
        return Form(mode, given, tuple(sorted(numbers.call_inputs.audio)))

    def prepare(self, numbers: Numbers, learned: bool, wanted: tuple[str, ...]) -> tuple[Step, ...] | None:
        """The kernels for a call, built; None where they cannot be. Constant for compilers."""
        form = self.form(numbers, learned)
        given = tuple((name, int(rate)) for name, rate in form.given)
        plain = (form.settings, given, form.audio)
        return _prepared(self._number, plain, wanted, numbers.context.device.type, numbers.wants_gradients)

    def steps(self, form: Form, wanted: tuple[str, ...]) -> tuple[Step, ...]:
        """The kernels for a form of call, made when it first comes."""
        found = self._known.get((form, wanted))
        if found is None:
            needed = self._player.needed(wanted)
            parts = make_schedule(self._plan, self._upstream, self._blocks, needed, wanted)
            found = self._known[form, wanted] = tuple(self._step(part, form) for part in parts)
        return found

    def _step(self, part: Part, form: Form) -> Step:
        region = part.region if part.region is not None else Region((), (), ())
        traced = self._tracer.trace(region, form, *self._rates)
        kernel = Kernel(traced, self._split)
        key = hashlib.sha256(kernel.forward_text.encode()).hexdigest()[:16] + ("/split" if kernel.split else "")
        operator.register(key, kernel)
        return Step(key, traced, part)

    def broken(self, device: torch.device) -> bool:
        """Whether a kernel could not be built for `device`."""
        return device.type in self._broken

    def ready(self, form: Form, wanted: tuple[str, ...], device: torch.device, back: bool) -> bool:
        """Whether there are kernels for a form of call, with `back` those of its gradients too; builds them.

        Where it cannot, it says so once and gives up.
        """
        if self.broken(device):
            return False
        try:
            _build([operator.kernel(step.key) for step in self.steps(form, wanted)], device, back)
        except CompileError as error:
            self._broken.add(device.type)
            say_once(error)
        return not self.broken(device)

    @property
    def blocks(self) -> tuple[str, ...]:
        """The cells that work on blocks, in layer order."""
        return tuple(step.cell for step in self._plan.steps if step.cell in self._blocks)

    def texts(self, wanted: tuple[str, ...], backward: bool) -> list[str]:
        """The patch's own part of the sources of its kernels, for settings that do not move."""
        kernels = [operator.kernel(step.key) for step in self.steps(Form("constant"), wanted)]
        return [kernel.backward_text if backward else kernel.forward_text for kernel in kernels]

    def operations(self) -> Mapping[str, float]:
        """Operations on vectors for one sample of the outputs, by cell."""
        return operations(step.traced.program for step in self.steps(Form("constant"), ()))

    # --- one call

    def play(
        self, numbers: Numbers, steps: tuple[Step, ...], wanted: tuple[str, ...], wiring: Callable[[], Wiring]
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The outputs `[batch, samples]` or `[batch, channels, samples]`, and the signals of the `wanted` cells.

        `wiring` makes the tensors of the plain executor's ports, for the cells that work on blocks.
        """
        base = _Base(numbers)
        signals: dict[str, Tensor] = {}
        outputs: list[Tensor] = []
        plain: Wiring | None = None
        for step in steps:
            region = step.part.region
            if region is not None:
                audio, control = operator.play(step.key, base.inputs(step.traced, signals))
                rows = [audio[row] for row in range(len(audio))]  # views of one each, which may be changed in place
                signals |= dict(zip(region.audio, rows, strict=False))
                signals |= {name: control[row] for row, name in enumerate(region.control)}
                outputs += rows[len(region.audio) :]
            if step.part.blocks:
                plain = plain or self._plain(wiring(), numbers)
                self._play_blocks(step.part, plain, numbers, signals)
        taps = {name: signals[name] for name in self._player.cells if name in wanted}
        if not outputs:
            return torch.zeros((numbers.batch, numbers.context.samples), device=numbers.context.device), taps
        return (outputs[0] if len(outputs) == 1 else torch.stack(outputs, dim=1)), taps

    def _plain(self, wiring: Wiring, numbers: Numbers) -> Wiring:
        """The ports of cells on blocks, for which signals that are more than their frames are played again."""

        def run(name: str) -> RatedSignal:
            step = next(step for step in self._plan.steps if step.cell == name)
            return self._player.run(step, wiring, numbers.call_inputs.gates, numbers.seed)

        wiring.signals = _Signals(wiring.signals, run)
        return wiring

    def _play_blocks(self, part: Part, wiring: Wiring, numbers: Numbers, signals: dict[str, Tensor]) -> None:
        """Cells on blocks, each by its own `forward` on what the kernels have made."""
        for step in self._plan.steps:
            if step.cell in signals and step.cell not in self._tracer.between:
                wiring.signals[step.cell] = RatedSignal(signals[step.cell], RATES[step.kind])
        for step in part.blocks:
            found = self._player.run(step, wiring, numbers.call_inputs.gates, numbers.seed, BlockDsp)
            time = numbers.context.samples if step.kind is Kind.AUDIO else numbers.context.frames
            signals[step.cell] = found.data.expand(numbers.batch, time)
            wiring.signals[step.cell] = found


class _Signals(dict[str, RatedSignal]):
    """Signals by name; those that are missing are played when somebody asks for them."""

    def __init__(self, known: Mapping[str, RatedSignal], play: Callable[[str], RatedSignal]) -> None:
        super().__init__(known)
        self._play = play

    def __missing__(self, name: str) -> RatedSignal:
        self[name] = found = self._play(name)
        return found


def _build(kernels: Sequence[Kernel], device: torch.device, back: bool) -> None:
    """Builds what is missing, side by side: each is a compiler of its own. Raises `CompileError`."""
    missing = [(kernel, text) for kernel in kernels for text in kernel.missing(device, back)]
    if len(missing) < 2:
        for kernel, text in missing:
            kernel.build(device, text)
        return
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as workers:
        for done in [workers.submit(kernel.build, device, text) for kernel, text in missing]:
            done.result()


class _Base:
    """The numbers of one call side by side, as kernels are call_inputs them."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._gates: Mapping[str, Gate] = numbers.call_inputs.gates

    def inputs(self, traced: Traced, signals: Mapping[str, Tensor]) -> Inputs:
        numbers, context = self._numbers, self._numbers.context
        seed = numbers.seed if isinstance(numbers.seed, Tensor) else torch.tensor([numbers.seed])
        return Inputs(
            constants=self._constants(traced.columns),
            control_in=self._rows([self._control_in(place, signals) for place in traced.control_in], context.frames),
            audio_in=self._rows([self._audio_in(place, signals) for place in traced.audio_in], context.samples),
            seed=seed.to(context.device),
            batch=numbers.batch,
            samples=context.samples,
        )

    def _constants(self, chunks: Sequence[Chunk]) -> Tensor:
        """`[batch or 1, columns]`: neighbouring columns of one tensor are taken together."""
        pieces: list[Tensor] = []
        for source, first, end in chunks:
            whole = self._matrix(source)
            pieces.append(whole if (first, end) == (0, whole.shape[1]) else whole[:, first:end])
        if not pieces:
            return torch.zeros((1, 0), device=self._numbers.context.device)
        rows = max(piece.shape[0] for piece in pieces)
        spread = [piece.expand(rows, -1) for piece in pieces]
        return (spread[0] if len(spread) == 1 else torch.cat(spread, 1)).contiguous()

    def _matrix(self, source: Place) -> Tensor:
        """`[batch or 1, columns]` of what a leaf's number is a column of."""
        match source:
            case ("settings",):
                assert self._numbers.settings is not None
                return self._numbers.settings
            case ("start",):
                return self._numbers.start
            case ("gate", name, "on"):
                on: Tensor = self._gates[name].on
                return on
            case ("gate", name, _):
                off: Tensor = self._gates[name].off
                return off
            case (_, name):
                value = self._numbers.call_inputs.given[name]
                data: Tensor = self._numbers.context.tensor(value)
                return data.reshape(data.shape[0], -1)
        raise AssertionError(source)

    def _control_in(self, place: Place, signals: Mapping[str, Tensor]) -> Tensor:
        match place:
            case ("settings", column):
                assert self._numbers.settings is not None
                return self._numbers.settings[..., column]
            case ("cell", name):
                return signals[name]
            case (_, name, entry):
                data: Tensor = self._numbers.call_inputs.given[name].data
                return data[..., entry] if data.ndim == 3 else data
        raise AssertionError(place)

    def _audio_in(self, place: Place, signals: Mapping[str, Tensor]) -> Tensor:
        kind, name = place
        return signals[name] if kind == "cell" else self._numbers.call_inputs.audio[name]

    def _rows(self, rows: list[Tensor], length: int) -> Tensor:
        """`[rows, batch or 1, length]`, contiguous."""
        if not rows:
            return torch.zeros((0, 1, length), device=self._numbers.context.device)
        voices = max(row.shape[0] for row in rows)
        spread = [row.expand(voices, length) for row in rows]
        return (spread[0].unsqueeze(0) if len(spread) == 1 else torch.stack(spread)).contiguous()

"""What is measured: which patch, against whom, how many sounds at once, and how many times faster it has to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Home(StrEnum):
    """The environment a worker runs in: the project's own, or one of the requirement lists of this folder."""

    OWN = "own"
    TORCH = "torch"
    JAX = "jax"
    FAUST = "faust"


class Mode(StrEnum):
    """Sound alone; with the gradient of its mean square; or with a gradient for the sound that is there already, for
    torch takes longer over a mean square both ways than a kernel over the sound."""

    FORWARD = "forward"
    GRADIENT = "gradient"
    PULLBACK = "pullback"


class Allocator(StrEnum):
    """glibc's memory as it comes, or told to keep what it once had: large tensors are mapped anew each time if not."""

    SHIPPED = "shipped"
    TUNED = "tuned"


@dataclass(frozen=True)
class Side:
    """One of those who are compared: a worker, with what it is told beyond batch, mode and length."""

    name: str
    home: Home
    worker: str
    options: tuple[str, ...] = ()
    threads: int = 2


@dataclass(frozen=True)
class Peer:
    """Whom a patch is compared with: times faster it has to be, by allocator, and its share of the peer's memory."""

    side: Side
    faster: Mapping[Allocator, float] = field(default_factory=dict)
    memory: float | None = None


@dataclass(frozen=True)
class Case:
    """One line of questions: the same sounds from a patch and from its peers. Without peers, what the patch costs."""

    name: str
    batch: int
    mode: Mode
    ours: Side
    peers: tuple[Peer, ...] = ()

    @property
    def sides(self) -> tuple[Side, ...]:
        return (self.ours, *(peer.side for peer in self.peers))


def _ours(patch: str, *options: str, threads: int = 2) -> Side:
    return Side("patchc", Home.OWN, "ours.py", (patch, *options), threads)


def _both(times: float) -> dict[Allocator, float]:
    return dict.fromkeys(Allocator, times)


PATCHES = "benchmarks/peers/patches"
TORCHSYNTH = Side("torchsynth", Home.TORCH, "torchsynth_voice.py")
SYNTHAX = Side("SynthAX", Home.JAX, "synthax_voice.py")
FAUST = Side("Faust", Home.FAUST, "faust_voice.py", (f"{PATCHES}/subtractive.dsp",), threads=1)
TORCHLPC = Side("torchlpc", Home.TORCH, "torchlpc_filter.py")
PLAIN = Side("plain torch", Home.TORCH, "torch_additive.py")
AURALOSS = Side("reference + auraloss", Home.OWN, "matching_step.py", ("examples/subtractive.patch", "--reference"))


def all_cases() -> tuple[Case, ...]:
    return (*_voice(), *_subtractive(), *_filter(), *_additive(), *_partials(), *_step())


def _voice() -> Iterator[Case]:
    """The voice of torchsynth, which SynthAX has too: 78 numbers in three programs, moved 441 times a second."""
    ours = _ours("examples/voice.patch", "--control-rate", "441")
    many = {Allocator.SHIPPED: 20.0, Allocator.TUNED: 10.0}
    yield Case("voice", 1, Mode.FORWARD, ours, (Peer(TORCHSYNTH, _both(8)), Peer(SYNTHAX, _both(8))))
    for batch in (16, 64):
        yield Case("voice", batch, Mode.FORWARD, ours, (Peer(TORCHSYNTH, many), Peer(SYNTHAX, _both(15))))
    many = {Allocator.SHIPPED: 15.0, Allocator.TUNED: 8.0}
    yield Case("voice", 1, Mode.GRADIENT, ours, (Peer(TORCHSYNTH, memory=0.25), Peer(SYNTHAX)))
    for mode in (Mode.GRADIENT, Mode.PULLBACK):
        for batch in (16, 64):
            peers = (Peer(TORCHSYNTH, many, memory=0.25), Peer(SYNTHAX, _both(15)))
            yield Case("voice", batch, mode, ours, peers)


def _subtractive() -> Iterator[Case]:
    """Core for core at large batches; one sound on two cores against Faust's one. Faust only ever renders."""
    patch = "examples/subtractive.patch"
    alone = _ours(patch, "--split-time")
    yield Case("subtractive", 1, Mode.FORWARD, alone, (Peer(FAUST, _both(1.5)),))
    for batch in (32, 64):
        yield Case("subtractive", batch, Mode.FORWARD, _ours(patch, threads=1), (Peer(FAUST, _both(8)),))
        yield Case("subtractive", batch, Mode.GRADIENT, _ours(patch, threads=1), (Peer(FAUST, _both(1)),))


def _filter() -> Iterator[Case]:
    ours = _ours(f"{PATCHES}/filter.patch", "--hears", "sound")
    yield Case("filter", 16, Mode.FORWARD, ours, (Peer(TORCHLPC),))
    for mode in (Mode.GRADIENT, Mode.PULLBACK):
        yield Case("filter", 16, mode, ours, (Peer(TORCHLPC, _both(5)),))


def _additive() -> Iterator[Case]:
    ours = _ours(f"{PATCHES}/additive.patch")
    for mode in (Mode.FORWARD, Mode.GRADIENT):
        yield Case("additive", 16, mode, ours, (Peer(PLAIN, _both(10)),))


def _partials() -> Iterator[Case]:
    """Memory: it must not grow with the number of partials."""
    for count in (25, 100, 400):
        side = _ours(f"{PATCHES}/additive.patch", "--partials", str(count))
        yield Case(f"partials {count}", 16, Mode.GRADIENT, side)


def _step() -> Iterator[Case]:
    """One step of matching. How fast the loss alone is, at equal values, is in benchmarks/loss_speed.py."""
    ours = Side("patchc", Home.OWN, "matching_step.py", ("examples/subtractive.patch",))
    yield Case("step", 16, Mode.GRADIENT, ours, (Peer(AURALOSS, _both(5)),))

"""Thousands of calls with random patches, inputs, rates, lengths, notes and `set`: whatever is held or cut is said.

What was asked is worked out by a float64 model of its own (`patchc.testing.asked`), what was used is what the float64
executor brings to the formula of the cell. Where they differ `held` must say so, and nowhere else. All of it:
`pytest -m slow tests/compiler/test_held_many.py`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch

from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.compiler.player import Player
from patchc.compiler.ports import Wiring
from patchc.graph.load import load_graph
from patchc.graph.open import set_in
from patchc.source.codes.sounds import WasCut, WasHeld
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Source
from patchc.testing.asked import RANGES, Asked, Numbers, random_patch
from patchc.units.unit import Dimension

SAME, APART = 1e-9, 4e-6
"""Shares of a value: below the first nothing was held, above the second something was; between them is rounding."""


@dataclass(frozen=True)
class Call:
    seconds: float
    inputs: dict[str, torch.Tensor]
    gate: tuple[float, float]

    @property
    def given(self) -> dict[str, Any]:
        return {**self.inputs, "gate": self.gate}


def random_call(synth: PatchModule, moving: bool, rng: random.Random) -> Call:
    """Values in and around the ranges, constant or `moving`, for one sound or two."""
    seconds = math.exp(rng.uniform(math.log(0.002), math.log(0.05)))
    frames, batch = synth.frames(seconds), rng.choice([1, 1, 2])

    def value(low: float, high: float) -> float:
        if low > 0:
            return math.exp(rng.uniform(math.log(low / 2), math.log(high * 4)))
        return rng.uniform(low - 0.2 * (high - low), high + 0.2 * (high - low))

    def drawn(low: float, high: float) -> torch.Tensor:
        columns = frames if moving and rng.random() < 0.3 else 1
        rows = [[value(low, high) for _ in range(columns)] for _ in range(batch)]
        return torch.tensor(rows, dtype=torch.float64)

    on, off = sorted(rng.uniform(-0.3, 1.4) * seconds for _ in range(2))
    note = (on, off) if rng.random() < 0.5 else (0.0, 0.75 * seconds)
    return Call(seconds, {name: drawn(*ends) for name, ends in RANGES.items()}, note)


@contextmanager
def watched(places: list[str], port: str) -> Iterator[dict[str, Any]]:
    """What `port` of the cells at `places` brings to their formulas."""
    used: dict[str, Any] = {}
    running: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        run, arrived = Player.run, Wiring.arrived

        def spied_run(player: Player, step: Any, *rest: Any) -> Any:
            running.append(step.cell)
            return run(player, step, *rest)

        def spied_arrived(wiring: Wiring, one: Any) -> Any:
            found = arrived(wiring, one)
            if one.name == port and running[-1] in places:
                used.setdefault(running[-1], wiring.context.tensor(found))
            return found

        patched.setattr(Player, "run", spied_run)
        patched.setattr(Wiring, "arrived", spied_arrived)
        yield used


def module(asked: Asked, rng: random.Random) -> PatchModule:
    source = Source("p.patch", asked.text)
    graph, said = load_graph(source)
    assert graph is not None, (asked.text, said)
    if asked.set_to:
        graph, said, _ = set_in(graph, source, {f"{place}.{asked.port.name}": asked.set_to for place in asked.places})
        assert graph is not None, (asked.text, said)
    rate = rng.choice([8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
    frames = rng.choice([None, None, 150.0, 3000.0])
    return compile_graph(graph, sample_rate=rate, control_rate=frames, dtype=torch.float64, executor="reference")


def one_call(number: int) -> list[str]:
    """Every disagreement between what was held or cut and what was said of it."""
    rng = random.Random(number)
    asked = random_patch(rng)
    synth = module(asked, rng)
    call = random_call(synth, all(cable.source != "sung" for cable in asked.cables), rng)
    with watched(asked.places, asked.port.name) as used:
        sound = synth(synth.defaults(), seconds=call.seconds, inputs=call.given)
    said = synth.held(synth.defaults(), seconds=call.seconds, inputs=call.given)
    wrong = list(_held(asked, call, synth, sound.taps, used, said))
    wrong += _cut(asked, call, synth, used, said) + _outside(call, said)
    return [f"call {number}: {one}\n{asked.text}{call}\nset {asked.set_to}" for one in wrong]


def _held(
    asked: Asked, call: Call, synth: PatchModule, taps: Any, used: dict[str, Any], said: list[Diagnostic]
) -> Iterator[str]:
    held = {one.place for one in said if isinstance(one, WasHeld)}
    for instance, place in enumerate(asked.places, 1):
        prefix = place.rpartition("x")[0]
        signals = {name: value.numpy() for name, value in call.inputs.items()}
        signals |= {name: taps[f"{prefix}{name}"].numpy() for name in ("sung", "wave", "fall")}
        name = f"{place}.{asked.port.name}"
        wanted, got = np.broadcast_arrays(asked.value(signals, instance), used[place].numpy())
        if asked.port.of_rate is not None:
            got = np.minimum(got, asked.port.of_rate * synth.sample_rate)
        if _between(asked):  # then the line to the frame past the end is not played
            wanted, got = (one[:, : -(-synth.samples(call.seconds) // synth.hop)] for one in (wanted, got))
        apart = _apart(wanted, got, asked)
        if apart > APART and name not in held:
            yield f"{name}: asked {wanted.ravel()[:3]}, used {got.ravel()[:3]}, not said"
        if apart < SAME and name in held and not _between(asked):
            yield f"{name}: asked and used {wanted.ravel()[:3]}, said to be held"


def _apart(wanted: Numbers, got: Numbers, asked: Asked) -> float:
    size = max((abs(end) for end in asked.port.limits or (1e10,)), default=1.0)
    scale = np.where(got == 0, size, np.maximum(np.abs(wanted), np.abs(got)))
    with np.errstate(invalid="ignore"):
        return float(np.max(np.abs(wanted - got) / scale))


def _between(asked: Asked) -> bool:
    """Whether a struck envelope moves the port: it may be higher between two frames than at any of them."""
    return any(cable.source == "fall" for cable in asked.cables)


def _cut(asked: Asked, call: Call, synth: PatchModule, used: dict[str, Any], said: list[Diagnostic]) -> list[str]:
    cut = [(one.place, one.why) for one in said if isinstance(one, WasCut)]
    end = synth.samples(call.seconds) / synth.sample_rate
    hair = 0.6 / synth.sample_rate
    checks = [("gate", "the start of the sound", -call.gate[0]), ("gate", "the end of the sound", call.gate[1] - end)]
    wrong = [
        f"{place}: {why} passed by {beyond} s, {'said' if (place, why) in cut else 'not said'}"
        for place, why, beyond in checks
        if abs(beyond) > hair and (beyond > 0) != ((place, why) in cut)
    ]
    for place in asked.places if asked.port.cut_at else ():
        beyond = float(used[place].max()) - asked.sizes[asked.port.cut_at or ""]
        if abs(beyond) > 1e-5 and (beyond > 0) != any(name == f"{place}.{asked.port.name}" for name, _ in cut):
            wrong.append(f"{place}: {beyond} s past what is computed")
    return wrong


def _outside(call: Call, said: list[Diagnostic]) -> list[str]:
    outside = {one.name for one in said if one.code == "P807"}  # type: ignore[attr-defined]
    left = {
        name
        for name, value in call.inputs.items()
        if not bool(((value >= RANGES[name][0]) & (value <= RANGES[name][1])).all())
    }
    return [f"{name}: outside its range, or not" for name in sorted(outside ^ left)]


@pytest.mark.parametrize("first", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(60, 5060, 500))])
def test_whatever_is_held_or_cut_is_said(first: int) -> None:
    for number in range(first, 60 if first == 0 else first + 500):
        wrong = one_call(number)
        assert wrong == [], wrong[0]


def test_levels_are_compared_as_amplitudes() -> None:
    assert Dimension.LEVEL in {asked.port.dimension for asked in map(random_patch, map(random.Random, range(40)))}

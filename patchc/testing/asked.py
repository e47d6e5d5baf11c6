"""Random patches with values of many kinds, and a float64 model of what each call asks of the port they are about."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from patchc.cells.registry import cell_names, find_cell
from patchc.cells.spec import CellSpec, InSpec, Kind, KnobSpec
from patchc.units.domain import Curve, Range
from patchc.units.unit import BASE_UNIT, Dimension

Numbers = NDArray[np.float64]
Signals = dict[str, Numbers]
Value = Callable[[Signals, int], Numbers]
"""What a part of a patch is: from the signals `[batch, time]` of inputs and cells, in an instance by its number."""

INPUTS = """  input base  : control = {base} in 1 Hz .. 20 kHz log
  input first : control = 0 in -2 .. 2
  input other : control = 0 in -2 .. 2
  input tempo : control = 2 Hz in 0.1 Hz .. 50 Hz log
  input loud  : control = 0 dB in -60 dB .. 20 dB
  input gate  : gate
"""
RANGES = {"base": (1, 20e3), "first": (-2, 2), "other": (-2, 2), "tempo": (0.1, 50), "loud": (-60, 20)}
NAMES = (*RANGES, "gate")

CELLS = """  cell sung : sine { freq = 900 Hz }
  cell wave : lfo { rate = 40 Hz }
  cell fall : decay { gate <- gate; time = 15 ms }
"""

FLAT = """patchc 1

patch p {{
{inputs}{cells}  {lines}
  output main <- {out}
}}
"""

NESTED = """patchc 1

patch inner {{
{inputs}  param amount = 1 in -50 .. 50
{cells}  {lines}
  output out <- {out}
}}

patch p {{
{inputs}  for k in 1 .. 2 {{
    cell v[k] : inner {{ pass {names}; amount = first * k }}
  }}
  output main <- v[*]
}}
"""


@dataclass(frozen=True)
class Cable:
    """A line that moves the port: its text, the law by which it does, and by how much."""

    text: str
    law: str  # octaves, decibels, add, scale, share
    source: str
    amount: float


@dataclass
class Asked:
    """A random patch and what it asks of `port` of the cell called `places[i]`, for instance number `i + 1`."""

    text: str
    places: list[str]
    spec: CellSpec
    port: KnobSpec
    base: Value
    cables: list[Cable]
    sizes: dict[str, float] = field(default_factory=dict)
    set_to: str = ""  # what the port is set to from outside

    def value(self, signals: Signals, instance: int) -> Numbers:
        """Base units; of a level, its amplitude. NaN where a value outside a range has no place in it."""
        value = self.base(signals, instance)
        octaves = [self._part(cable, signals) for cable in self.cables if cable.law == "octaves"]
        added = [self._part(cable, signals) for cable in self.cables if cable.law in ("add", "decibels")]
        value = value * 2.0 ** sum(octaves) + sum(added)
        if self.port.dimension is Dimension.LEVEL:
            value = 10 ** (value / 20)
        for cable in self.cables:
            if cable.law == "scale":
                value = value * (1 - cable.amount + cable.amount * self._lifted(cable.source, signals))
        return value

    def _part(self, cable: Cable, signals: Signals) -> Numbers:
        return cable.amount * signals[cable.source]

    def _lifted(self, source: str, signals: Signals) -> Numbers:
        """A source brought to 0..1."""
        signal = signals[source]
        return {"first": (signal + 2) / 4, "other": (signal + 2) / 4, "fall": signal}.get(source, (signal + 1) / 2)


def number_ports(spec: CellSpec) -> list[KnobSpec]:
    """Those that hold one number and are held to something."""
    ports = (port for port in spec.ports if isinstance(port, KnobSpec))
    return [port for port in ports if not port.width and (port.limits or port.dimension is Dimension.LEVEL)]


TARGETS = [
    (found.spec, port) for name in cell_names() if (found := find_cell(name)) for port in number_ports(found.spec)
]


def random_patch(rng: random.Random) -> Asked:
    spec, port = rng.choice(TARGETS)
    nested = rng.random() < 0.4
    base_text, base = _base(port, nested, rng)
    audio = spec.out.kind is Kind.AUDIO and rng.random() < 0.2
    cables = [_cable(port, audio, rng) for _ in range(rng.choice([0, 0, 1, 1, 2, 3]))]
    sizes = {one.name: rng.uniform(0.01, 1.0) for one in spec.sizes if one.name in (port.at_most, port.cut_at)}
    set_to = _literal(port, rng) if rng.random() < 0.15 else ""
    if set_to:
        fixed = _number(set_to)
        base = _constant(fixed)
    shown = ", ".join(f"{name} = {value} s" for name, value in sizes.items())
    lines = [f"{port.name} = {base_text}", *(f"{port.name} {cable.text}" for cable in cables)]
    rng.shuffle(lines)
    needed = [one for one in spec.ports if isinstance(one, InSpec)]
    plugs = [f"{one.name} <- {'gate' if one.kind is Kind.GATE else 'sung'}" for one in needed]
    cell = f"cell x : {spec.name}{f'({shown})' if shown else ''} {{ {'; '.join([*plugs, *lines])} }}"
    out = "x" if spec.out.kind is Kind.AUDIO else "o"
    after = "" if out == "x" else "\n  cell o : gain { in <- sung; level *= x * 50 % }"
    text = (NESTED if nested else FLAT).format(
        inputs=INPUTS.format(base="440 Hz"), cells=CELLS, lines=cell + after, out=out, names=", ".join(NAMES)
    )
    places = ["v[1].x", "v[2].x"] if nested else ["x"]
    return Asked(text, places, spec, port, base, cables, sizes, set_to)


def _constant(value: float) -> Value:
    return lambda signals, instance: np.full((1, 1), value)


def _number(text: str) -> float:
    return float(text.split()[0])


def _literal(port: KnobSpec, rng: random.Random) -> str:
    """A number somewhere in the limits or not far outside, in base units."""
    low, high = port.limits or (-60.0, 200.0)
    if port.dimension in (Dimension.FREQUENCY, Dimension.TIME):
        value = math.exp(rng.uniform(math.log(max(low, 1e-3) / 4), math.log(high * 4)))
    else:
        value = rng.uniform(low - 0.2 * (high - low), high + 0.2 * (high - low))
    return f"{value:.9f} {BASE_UNIT[port.dimension]}".strip()


def _base(port: KnobSpec, nested: bool, rng: random.Random) -> tuple[str, Value]:
    by_input = _by_inputs(port.dimension, nested, rng)
    if by_input and rng.random() < 0.6:
        return rng.choice(by_input)
    text = _literal(port, rng)
    return text, _constant(_number(text))


def _by_inputs(dimension: Dimension, nested: bool, rng: random.Random) -> list[tuple[str, Value]]:
    """Values worked out from inputs, and inside an instance from the param that it overrides."""
    a = round(rng.uniform(0.05, 8), 4)
    found: list[tuple[str, Value]] = []
    match dimension:
        case Dimension.FREQUENCY:
            found = [
                ("base", lambda s, k: s["base"]),
                (f"base * {a}", lambda s, k: s["base"] * a),
                (f"base + {a} oct", lambda s, k: s["base"] * 2**a),
                (f"tempo * {a}", lambda s, k: s["tempo"] * a),
            ]
        case Dimension.TIME:
            found = [("1 / tempo", lambda s, k: 1 / s["tempo"]), (f"{a} / base", lambda s, k: a / s["base"])]
        case Dimension.NUMBER:
            found = [
                ("first", lambda s, k: s["first"]),
                (f"first * {a} + other", lambda s, k: s["first"] * a + s["other"]),
            ]
            if nested:
                found.append((f"amount * {a}", lambda s, k: s["first"] * k * a))
        case Dimension.LEVEL:
            found = [("loud", lambda s, k: s["loud"]), (f"loud + {20 * a} dB", lambda s, k: s["loud"] + 20 * a)]
    return found


def _cable(port: KnobSpec, audio: bool, rng: random.Random) -> Cable:
    """By an audio source alone, or by sources of the control rate: what is asked is known tick by tick."""
    source = "sung" if audio else rng.choice(["first", "other", "wave", "fall"])
    dimension, kinds = port.dimension, ["add"]
    if dimension in (Dimension.FREQUENCY, Dimension.TIME):
        kinds = ["octaves", "add", "percent"]
    elif dimension in (Dimension.NUMBER, Dimension.LEVEL):
        kinds = ["add", "percent", "scale"]
    kind = rng.choice(kinds)
    if kind == "scale":
        share = round(rng.uniform(0, 100), 3)
        return Cable(f"*= {source} * {share} %", "scale", source, share / 100)
    if kind == "octaves":
        amount = round(rng.uniform(-5, 5), 4)
        return Cable(f"+= {source} * {amount} oct", "octaves", source, amount)
    if kind == "percent" and isinstance(port.domain, Range):
        share = round(rng.uniform(-150, 150), 3)
        return Cable(f"+= {source} * {share} %", *_share(port.domain, dimension, share / 100, source))
    amount = float(_literal(port, rng).split()[0])
    text = f"+= {source} * {amount:.9f} {BASE_UNIT[dimension]}".strip()
    return Cable(text, "add", source, amount)


def _share(domain: Range, dimension: Dimension, share: float, source: str) -> tuple[str, str, float]:
    if domain.curve is Curve.LOG and dimension is not Dimension.LEVEL:
        return "octaves", source, share * math.log2(domain.high / domain.low)
    return "add", source, share * (domain.high - domain.low)

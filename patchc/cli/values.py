"""Reads `--set pitch=C4 vcf.cutoff=800Hz lfo1.shape=square`: words to values in base units, by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from patchc.graph.given import input_outside, number_outside
from patchc.source.codes.options import BadSetting
from patchc.source.codes.running import GateOrder
from patchc.source.diagnostic import Diagnostic
from patchc.source.error import PatchError
from patchc.source.text import SET, Source, Span
from patchc.units.domain import Choice, Range, Simplex
from patchc.units.read import read_quantity
from patchc.units.unit import BASE_UNIT, EXAMPLE, UNITS, Dimension, note_frequency

if TYPE_CHECKING:
    from patchc.compiler.knobs import Knob
    from patchc.graph.model import Graph

_A = {Dimension.INTERVAL: "an"}

Value = float | tuple[float, ...]


@dataclass(frozen=True)
class Target:
    """Something that can be set: what it measures, where it may lie, how many numbers it is."""

    name: str
    dimension: Dimension
    domain: Range | Choice | Simplex | None = None
    width: int = 1
    unit: str = ""  # that it is written in
    gate: bool = False  # a note
    sound: bool = False  # an audio input: a file
    is_input: bool = False  # used as it is given, also outside its range


@dataclass
class Settings:
    """What was set, by name: numbers in base units (a choice as one weight per member), files for audio inputs."""

    values: dict[str, Value] = field(default_factory=dict)
    sounds: dict[str, str] = field(default_factory=dict)
    notes: list[Diagnostic] = field(default_factory=list)


def read_settings(words: Sequence[str], graph: Graph, knobs: Sequence[Knob]) -> Settings:
    """All `name=value` words, the last one of a name standing. Raises `PatchError` with everything that is wrong."""
    targets = {target.name: target for target in _targets(graph, knobs)}
    settings = Settings()
    wrong: list[Diagnostic] = []
    for word in words:
        try:
            _read_one(word, targets, settings)
        except PatchError as error:
            wrong += error.diagnostics
    if wrong:
        raise PatchError(wrong)
    return settings


def frequency_of(name: str, text: str) -> float:
    """A note or a frequency, in Hz. Raises `PatchError` for anything else."""
    return _number(Target(name, Dimension.FREQUENCY), text)


def time_of_gate(name: str, text: str) -> float | tuple[float, float]:
    """Note-off, or note-on and note-off, in seconds. Raises `PatchError` for anything else."""
    return _gate(Target(name, Dimension.TIME, gate=True), text)


def _gate(target: Target, text: str) -> float | tuple[float, float]:
    ends = text.split("..")
    if len(ends) > 2 or "," in text:
        first = "..".join(end.strip() for end in text.split(",")[0].split("..")[:2])
        hint = f"a gate is one note; the first one alone is `--set {target.name}={first}`"
        raise PatchError([_bad(target, text, "one note: its length, or its start and end", hint=hint)])
    if not all(end.strip() for end in ends):
        raise PatchError([_bad(target, text, "a note: its length, or its start and end", "0.2s..1.5s")])
    times = [_number(target, end, text) for end in ends]
    on, off = (0.0, *times)[-2:]
    if off < on:
        early, late = (end.strip() for end in (ends[-1], ends[0] if len(ends) > 1 else "0s"))
        other = f"write `--set {target.name}={early}..{late}`, or one time for a note from the start"
        advice = "a note has a length above zero" if off < 0 else other
        raise PatchError([GateOrder(span=None, name=target.name, on=f"{on:g}", off=f"{off:g}", advice=advice)])
    return times[0] if len(times) == 1 else (on, off)


def _targets(graph: Graph, knobs: Sequence[Knob]) -> Iterator[Target]:
    for item in graph.inputs:
        dimension = item.value.dimension if item.value else Dimension.NUMBER
        domain = item.value.domain if item.value else None
        gate, sound = item.kind == "gate", item.kind == "audio"
        if gate or sound:
            yield Target(item.name, Dimension.TIME if gate else dimension, gate=gate, sound=sound, is_input=True)
        else:
            unit = getattr(item.value.default, "unit", "") if item.value else ""
            yield Target(item.name, dimension, domain, unit=unit, is_input=True)
    for knob in knobs:
        yield Target(knob.name, knob.dimension, knob.domain, knob.width, knob.unit)


def _read_one(word: str, targets: dict[str, Target], settings: Settings) -> None:
    from patchc.cli.asking import chosen
    from patchc.source.synonyms.settable import setting_hint

    name, equals, text = (part.strip() for part in word.partition("="))
    if not equals:
        raise PatchError([_bad(Target(name, Dimension.NUMBER), "", "written `name=value`")])
    known = ", ".join(list(targets)[:12]) + (", ..." if len(targets) > 12 else "")
    hint = "" if name in targets else setting_hint(name, targets)
    target = targets[chosen("knob or input", name, targets, f"it has {known}" if targets else "it has none", hint)]
    if target.sound:
        settings.sounds[name] = text
        return
    settings.values[name] = _read_value(target, text)
    settings.notes += _outside(target, settings.values[name], text)


def _read_value(target: Target, text: str) -> Value:
    if isinstance(target.domain, Choice):
        return _weights(target, target.domain.members, text)
    if target.gate:
        return _gate(target, text)
    if target.width == 1:
        return _number(target, text)
    numbers = tuple(_number(target, part, text) for part in text.split(","))
    if len(numbers) == 1 and not isinstance(target.domain, Simplex):
        return numbers * target.width
    if len(numbers) != target.width:
        raise PatchError([_bad(target, text, f"{target.width} numbers with commas between, not {len(numbers)}")])
    return numbers


def _weights(target: Target, members: Sequence[str], text: str) -> tuple[float, ...]:
    from patchc.source.synonyms.members import MEMBERS

    if text not in members:
        hint = MEMBERS.guess(text, members).hint
        raise PatchError([_bad(target, text, f"one of {', '.join(members)}", members[0], hint)])
    return tuple(float(member == text) for member in members)


def _number(target: Target, text: str, typed: str = "") -> float:
    """One number with its unit, or a note.

    `typed` is all that was typed, where `text` is a part of it: that is what a message quotes.
    """
    typed = typed or text
    note = note_frequency(text.strip()) if target.dimension is Dimension.FREQUENCY else None
    if note is not None:
        return note
    units = ", ".join(unit.symbol for unit in UNITS.values() if unit.dimension is target.dimension and unit.symbol)
    expected = f"{_A.get(target.dimension, 'a')} {target.dimension}" + (f", in {units}" if units else "")
    try:
        quantity = read_quantity(text)
    except ValueError:
        raise PatchError([_bad(target, typed, expected)]) from None
    except KeyError as error:
        hint = _meant(target, typed, str(error.args[0]))
        raise PatchError([_bad(target, typed, expected, hint=hint)]) from None
    if quantity.unit and quantity.dimension is not target.dimension:
        this = "this" if typed == text else f"`{text.strip()}`"
        raise PatchError([_bad(target, typed, f"{expected}; {this} is {quantity.dimension}")])
    if not quantity.unit and target.dimension is not Dimension.NUMBER:
        raise PatchError([_bad(target, typed, f"{expected}, with its unit", hint=_with_unit(target, text.strip()))])
    return quantity.value


def _with_unit(target: Target, number: str) -> str:
    """`60` was meant to be `60Hz`, or a note."""
    note = ", or a note such as `C4`" if target.dimension is Dimension.FREQUENCY else ""
    fits = target.unit in UNITS and UNITS[target.unit].dimension is target.dimension
    return f"write `--set {target.name}={number}{target.unit if fits else BASE_UNIT[target.dimension]}`{note}"


def _meant(target: Target, text: str, symbol: str) -> str:
    """`800hz` was meant to be `800Hz`."""
    same = [unit for unit in UNITS if unit.lower() == symbol.lower() and unit]
    fitting = [unit for unit in same if UNITS[unit].dimension is target.dimension]
    return f"did you mean `{text.replace(symbol, fitting[0])}`?" if fitting else ""


def _outside(target: Target, value: Value, text: str) -> Iterator[Diagnostic]:
    """P807 for an input outside its range. Raises `PatchError` (P403) for a number of the patch."""
    domain = target.domain
    if not isinstance(domain, Range):
        return
    wrong = next((one for one in (value if isinstance(value, tuple) else (value,)) if not domain.holds(one)), None)
    if wrong is None:
        return
    if not target.is_input:
        raise PatchError([number_outside(target.name, wrong, domain, Span(Source(SET, text), 0, len(text)))])
    yield input_outside(target.name, wrong, domain)


def _bad(target: Target, text: str, expected: str, example: str = "", hint: str = "") -> BadSetting:
    example = example or ("1.5s" if target.gate else EXAMPLE[target.dimension])
    return BadSetting(span=None, name=target.name, value=text, expected=expected, example=example, hint=hint)

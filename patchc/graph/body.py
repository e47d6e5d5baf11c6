"""A patch definition with its names resolved, for one set of sizes: local names, nothing unrolled into it yet.

A definition is resolved once for each set of sizes and then copied into every instance, so that a mistake in it is
found once, and what a patch will unroll to is known before anything is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from patchc.cells.spec import CellSpec, Kind
from patchc.graph.model import Cable, Const, LossSpec, Port, Value, When
from patchc.source.text import Span
from patchc.syntax import tree

if TYPE_CHECKING:
    from patchc.graph.scope import Scope
    from patchc.graph.unroll import Item

Env = dict[str, Const | str]
"""The variables of the loops around a statement: numbers, or names."""


class ExpansionSize(NamedTuple):
    """How much a patch unrolls to: cells, what is in them (ports, cables, taps), and letters in names."""

    cells: int = 0
    parts: int = 0
    letters: int = 0

    def plus(self, other: ExpansionSize) -> ExpansionSize:
        return ExpansionSize(self.cells + other.cells, self.parts + other.parts, self.letters + other.letters)


@dataclass(eq=False)
class LocalInput:
    name: str
    kind: Kind
    span: Span
    value: Value | None = None
    doc: str = ""
    in_number: Span | None = None  # where it first stands in a number
    in_cable: Span | None = None  # where a cable first comes from it


@dataclass(eq=False)
class LocalParam:
    name: str
    span: Span
    value: Value
    doc: str = ""
    label: str = ""


@dataclass(eq=False)
class LocalCell:
    """A cell, or an instance of a patch (then `body` is set, and values and feeds stand for ports)."""

    name: str
    span: Span
    spec: CellSpec | None = None
    body: Body | None = None
    sizes: dict[str, float] = field(default_factory=dict)
    ports: tuple[Port, ...] = ()
    values: dict[str, Value] = field(default_factory=dict)  # of an instance: its params and control inputs
    feeds: dict[str, tuple[Cable, ...]] = field(default_factory=dict)  # of an instance: what its inputs hear
    maybe: Value | None = None
    when: tuple[When, ...] = ()
    doc: str = ""
    layer: int = 0  # place of its `layer` block, if they are written


@dataclass(eq=False)
class LocalOutput:
    name: str
    span: Span
    cables: tuple[Cable, ...]
    kind: Kind


@dataclass(eq=False)
class LocalTap:
    """`refs` are paths of cells, of outputs, and of instances' outputs."""

    span: Span
    refs: tuple[str, ...]
    losses: tuple[LossSpec, ...]
    after: int


@dataclass(eq=False)
class LocalSet:
    node: tree.Set
    path: tuple[str, ...]
    at: Item


@dataclass(eq=False)
class Body:
    """One definition, resolved."""

    patch: tree.Patch
    sizes: dict[str, Const]
    scope: Scope | None = None
    meta: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, LocalInput] = field(default_factory=dict)
    params: dict[str, LocalParam] = field(default_factory=dict)
    cells: dict[str, LocalCell] = field(default_factory=dict)
    outputs: dict[str, LocalOutput] = field(default_factory=dict)
    taps: list[LocalTap] = field(default_factory=list)
    sets: list[LocalSet] = field(default_factory=list)
    moved: list[tuple[str, str, Span]] = field(default_factory=list)
    layers: list[tree.Layer] = field(default_factory=list)
    needs: list[frozenset[str]] = field(default_factory=list)  # of each of these audio inputs, one must be plugged in
    size: ExpansionSize = field(default_factory=ExpansionSize)
    partial: bool = False  # too large, too deep or containing itself: reported, and never unrolled
    huge: bool = False  # too large, or with something too large inside

    def may_have(self, name: str) -> bool:
        """Whether a statement that could not be parsed may have declared `name`."""
        return self.scope is not None and (self.scope.declares_anything or name in self.scope.unknown_declarations)

    @property
    def name(self) -> str:
        return self.patch.name.text

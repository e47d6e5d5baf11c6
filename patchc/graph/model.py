"""The graph: a patch with every name resolved and every sub-patch and loop unrolled, as frozen pydantic models.

Text, YAML and JSON are three spellings of it. Spans say where each part was written; they are no part of a graph's
identity and are left out of its spellings. All numbers are in the base unit of their dimension (`patchc.units.unit`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SkipValidation

from patchc.cells.spec import Kind
from patchc.units.domain import Domain
from patchc.units.prior import Prior
from patchc.units.unit import Dimension

if TYPE_CHECKING:
    from patchc.source.text import Span

    Place = Span | None
else:
    Place = Any  # pydantic would work out what a span is for every class, which takes as long as all the rest


class Node(BaseModel):
    """One part of a graph."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    span: Annotated[Place, SkipValidation] = Field(default=None, exclude=True, repr=False)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        return hash(self.model_dump_json())


# --- numbers ----------------------------------------------------------------------------------------------------------


class Role(StrEnum):
    FIXED = "fixed"
    LEARN = "learn"  # the module owns it, gradient flows into it
    PREDICT = "predict"  # supplied for every sound, say by an encoder


class Const(Node):
    """A number in base units, and the unit to write it in."""

    kind: Literal["const"] = "const"
    value: float
    dimension: Dimension = Dimension.NUMBER
    unit: str = ""


class Member(Node):
    """A member of a choice."""

    kind: Literal["member"] = "member"
    name: str


class Vector(Node):
    """One number for each entry of a vector, all of one dimension."""

    kind: Literal["vector"] = "vector"
    numbers: Annotated[tuple[Const, ...], Field(min_length=1)]

    @property
    def dimension(self) -> Dimension:
        return self.numbers[0].dimension

    @property
    def unit(self) -> str:
        return self.numbers[0].unit

    @property
    def values(self) -> tuple[float, ...]:
        """In base units."""
        return tuple(number.value for number in self.numbers)


class NameRef(Node):
    """The value of a control input or a param of the graph."""

    kind: Literal["ref"] = "ref"
    name: str


class Arith(Node):
    """`left op right`. Frequency or time + interval is a ratio; levels add in decibels."""

    kind: Literal["arith"] = "arith"
    op: Literal["+", "-", "*", "/"]
    left: Expr
    right: Expr


Fixed = Const | Member | Vector
"""What is known when the patch is compiled."""

Expr = Annotated[Const | Member | Vector | NameRef | Arith, Field(discriminator="kind")]


class Value(Node):
    """A number (or choice, or vector) with its role: what stands right of `=`, of a cable's `*`, of a `maybe`.

    `default` is None for weights that start even. A `learn` or `predict` value has a domain and a constant default.
    `width` is 1 but for vectors; a single number as the default of one stands for every entry.
    """

    role: Role = Role.FIXED
    default: Expr | None = None
    domain: Domain | None = None
    prior: Prior | None = None
    dimension: Dimension = Dimension.NUMBER
    width: int = 1


def is_vector(value: Value) -> bool:
    """Whether a value is several numbers: weights that add up to one, or a port or param that is wide."""
    return value.width > 1 or (value.domain is not None and value.domain.kind == "simplex")


# --- cables -----------------------------------------------------------------------------------------------------------


class Verb(StrEnum):
    FEED = "<-"
    ADD = "+="
    SCALE = "*="


class When(Node):
    """Present when the choice `param` is `member`."""

    param: str
    member: str


class Cable(Node):
    """One cable, written where it arrives. `source` is a cell, or an input of the patch."""

    verb: Verb
    source: str
    depth: Value | None = None
    maybe: Value | None = None  # the probability that it is there
    when: tuple[When, ...] = ()


class Port(Node):
    """What a cell's port holds and hears. Ports nobody wrote about are not listed."""

    name: str
    value: Value | None = None
    cables: tuple[Cable, ...] = ()


# --- cells and layers -------------------------------------------------------------------------------------------------


class Cell(Node):
    """One cell; `name` is its path through sub-patches and loops: `bell[1].op4.osc`."""

    name: str
    type: str
    sizes: dict[str, float] = {}
    ports: tuple[Port, ...] = ()
    maybe: Value | None = None
    when: tuple[When, ...] = ()
    doc: str = ""

    def port(self, name: str) -> Port | None:
        return next((port for port in self.ports if port.name == name), None)


class Layer(Node):
    """One column of the grid; a cell's channel is its place in `cells`, from 0."""

    name: str
    cells: tuple[Cell, ...]


class Input(Node):
    name: str
    kind: Kind
    value: Value | None = None  # default and range of a control input
    doc: str = ""


class Param(Node):
    name: str
    value: Value
    doc: str = ""
    label: str = ""


class Output(Node):
    name: str
    cables: tuple[Cable, ...]


class LossSpec(Node):
    """A loss by name with its settings (numbers, strings, lists), and its weight."""

    name: str
    settings: dict[str, Any] = {}
    weight: float = 1.0


class Tap(Node):
    """Cells (or outputs) that are compared, how, and from which training step on. No losses: only recorded."""

    cells: tuple[str, ...]
    losses: tuple[LossSpec, ...] = ()
    after: int = 0


class Moved(Node):
    """A cell or param that had another name: old checkpoints load under the new one."""

    old: str
    new: str


class Graph(Node):
    """A whole patch. `layered` says whether its text wrote `layer` blocks; if not, layers were inferred."""

    edition: Literal[1] = 1
    name: str
    doc: str = ""
    meta: dict[str, Any] = {}
    inputs: tuple[Input, ...] = ()
    params: tuple[Param, ...] = ()
    layered: bool = False
    layers: tuple[Layer, ...] = ()
    outputs: tuple[Output, ...] = ()
    taps: tuple[Tap, ...] = ()
    moved: tuple[Moved, ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells, layer by layer."""
        return tuple(cell for layer in self.layers for cell in layer.cells)

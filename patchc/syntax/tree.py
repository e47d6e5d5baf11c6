"""The tree of a patch file: one frozen dataclass per grammar rule, each with the span it was written at."""

from __future__ import annotations

from patchc.source.text import Source
from patchc.syntax.node import Node as Node
from patchc.syntax.node import node as node

# --- names and numbers ------------------------------------------------------------------------------------------------


@node
class Name(Node):
    text: str


@node
class Part(Node):
    """One step of a reference: a name, and what stands in its brackets (an int, `*`, a name or path, `osc:2`)."""

    name: str
    index: int | str | None = None

    @property
    def text(self) -> str:
        return self.name if self.index is None else f"{self.name}[{self.index}]"


@node
class Ref(Node):
    """`lfo1`, `bell[3]`, `bell[*]`, `op1.osc`, `rooms.fir_reverb`."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return ".".join(part.text for part in self.parts)


@node
class Number(Node):
    """A number as written; `unit` is the text behind it, known or not, or empty."""

    value: float
    unit: str = ""


@node
class Binary(Node):
    op: str  # one of + - * /
    left: Expr
    right: Expr


@node
class Str(Node):
    text: str


@node
class ListLiteral(Node):
    items: tuple[Literal, ...]


@node
class Vector(Node):
    """`[50 %, 30 %, 20 %]`: one number for each entry of a vector."""

    items: tuple[Expr, ...]


Expr = Number | Ref | Binary
Literal = Str | Number | Ref | ListLiteral


# --- values: role, number, domain, prior ------------------------------------------------------------------------------


@node
class Curve(Node):
    name: str  # lin, log or pow
    power: float | None = None


@node
class Interval(Node):
    low: Expr
    high: Expr
    curve: Curve | None = None
    step: Number | None = None


@node
class PriorUse(Node):
    name: str
    args: tuple[Expr, ...]


@node
class Value(Node):
    """`[role] [expr] [in domain] [~ prior]`; `role` is `learn`, `predict`, `fixed`, or None where none is written."""

    role: str | None = None
    expr: Expr | Vector | None = None
    domain: Interval | ListLiteral | None = None
    prior: PriorUse | None = None


# --- cables -----------------------------------------------------------------------------------------------------------


@node
class Maybe(Node):
    chance: Value


@node
class When(Node):
    param: Ref
    member: Name


Guard = Maybe | When


@node
class Cable(Node):
    source: Ref
    depth: Value | None = None
    guards: tuple[Guard, ...] = ()


@node
class Base(Node):
    """`port = value`"""

    port: Name
    value: Value


@node
class Modulate(Node):
    """`port += cable`"""

    port: Name
    cable: Cable


@node
class Scale(Node):
    """`port *= cable`"""

    port: Name
    cable: Cable


@node
class Feed(Node):
    """`port <- cable, cable`"""

    port: Name
    cables: tuple[Cable, ...]


@node
class PassThrough(Node):
    """`pass pitch, gate`: each of these ports hears the input of the same name."""

    names: tuple[Name, ...]


@node
class Broken(Node):
    """What could not be read; a diagnostic speaks of it. `declares` holds the names that it seems to declare."""

    declares: tuple[str, ...] = ()


Bind = Base | Modulate | Scale | Feed | PassThrough | Broken


# --- statements -------------------------------------------------------------------------------------------------------


@node
class Arg(Node):
    """`name = value` between round brackets: a size of a cell, a setting of a loss, an argument of a decoration."""

    name: Name
    value: Expr | Str | ListLiteral


@node
class Deco(Node):
    """`@name(...)`: kept for hosts, checked by nobody."""

    name: str
    args: tuple[Arg, ...] = ()


@node
class Meta(Node):
    entries: tuple[tuple[Name, Literal], ...]


@node
class Input(Node):
    name: Ref
    kind: str  # audio, control or gate
    width: int | str | None = None
    value: Value | None = None
    doc: str = ""
    decos: tuple[Deco, ...] = ()


@node
class Param(Node):
    name: Ref
    value: Value
    width: int | str | None = None
    doc: str = ""
    decos: tuple[Deco, ...] = ()
    kind: str = ""  # written or not, it is control


@node
class Cell(Node):
    name: Ref
    type: Ref
    args: tuple[Arg, ...] = ()
    guards: tuple[Guard, ...] = ()
    binds: tuple[Bind, ...] = ()
    doc: str = ""
    decos: tuple[Deco, ...] = ()


@node
class Layer(Node):
    name: Name
    body: tuple[Stmt, ...]
    doc: str = ""


@node
class Repeat(Node):
    """`for k in 1 .. n { }` or `for k in [1, 3, 5] { }`"""

    variable: Name
    over: Interval | ListLiteral
    body: tuple[Stmt, ...]


@node
class Output(Node):
    name: Name
    cables: tuple[Cable, ...]
    doc: str = ""


@node
class LossUse(Node):
    name: Name
    args: tuple[Arg, ...] = ()
    weight: float = 1.0


@node
class Tap(Node):
    refs: tuple[Ref, ...]
    losses: tuple[LossUse, ...] = ()
    after: int = 0


@node
class Moved(Node):
    old: Ref
    new: Ref


@node
class Set(Node):
    """`set bell[1].op4.ratio = 3.61`: another starting value for a number that lies deeper inside."""

    target: Ref
    value: Value


Stmt = Meta | Input | Param | Cell | Layer | Repeat | Output | Tap | Moved | Set | Broken


# --- files ------------------------------------------------------------------------------------------------------------


@node
class Generic(Node):
    """A size of a patch: `n : int = 3`."""

    name: Name
    kind: str  # int, float or time
    default: Expr | None = None


@node
class Patch(Node):
    name: Name
    generics: tuple[Generic, ...] = ()
    body: tuple[Stmt, ...] = ()
    doc: str = ""
    decos: tuple[Deco, ...] = ()


@node
class Use(Node):
    path: Str
    alias: Name


@node
class Comment(Node):
    """`# text` or `## text`, for the formatter; `trailing` ones share their line with code."""

    text: str
    trailing: bool


@node
class File:
    source: Source
    edition: int | None
    items: tuple[Use | Patch | Broken, ...] = ()
    comments: tuple[Comment, ...] = ()

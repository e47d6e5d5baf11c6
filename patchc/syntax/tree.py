"""The tree of a patch file: one frozen dataclass per grammar rule, each with the span it was written at."""

from __future__ import annotations

from dataclasses import dataclass

from patchc.source.text import Source, Span


@dataclass(frozen=True)
class Node:
    span: Span


# --- names and numbers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Name(Node):
    text: str


@dataclass(frozen=True)
class Part(Node):
    """One step of a reference: a name, and what stands in its brackets (an int, `*`, or a name or path as text)."""

    name: str
    index: int | str | None = None

    @property
    def text(self) -> str:
        return self.name if self.index is None else f"{self.name}[{self.index}]"


@dataclass(frozen=True)
class Ref(Node):
    """`lfo1`, `bell[3]`, `bell[*]`, `op1.osc`, `rooms.fir_reverb`."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True)
class Number(Node):
    """A number as written; `unit` is the text behind it, known or not, or empty."""

    value: float
    unit: str = ""


@dataclass(frozen=True)
class Binary(Node):
    op: str  # one of + - * /
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Str(Node):
    text: str


@dataclass(frozen=True)
class ListLiteral(Node):
    items: tuple[Literal, ...]


Expr = Number | Ref | Binary
Literal = Str | Number | Ref | ListLiteral


# --- values: role, number, domain, prior ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Curve(Node):
    name: str  # lin, log or pow
    power: float | None = None


@dataclass(frozen=True)
class Interval(Node):
    low: Expr
    high: Expr
    curve: Curve | None = None
    step: Number | None = None


@dataclass(frozen=True)
class PriorUse(Node):
    name: str
    args: tuple[Expr, ...]


@dataclass(frozen=True)
class Value(Node):
    """`[role] [expr] [in domain] [~ prior]`; `role` is `learn`, `predict`, `fixed`, or None where none is written."""

    role: str | None = None
    expr: Expr | None = None
    domain: Interval | ListLiteral | None = None
    prior: PriorUse | None = None


# --- cables -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Maybe(Node):
    chance: Value


@dataclass(frozen=True)
class When(Node):
    param: Ref
    member: Name


Guard = Maybe | When


@dataclass(frozen=True)
class Cable(Node):
    source: Ref
    depth: Value | None = None
    guards: tuple[Guard, ...] = ()


# --- what stands inside a cell ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Base(Node):
    """`port = value`"""

    port: Name
    value: Value


@dataclass(frozen=True)
class Modulate(Node):
    """`port += cable`"""

    port: Name
    cable: Cable


@dataclass(frozen=True)
class Scale(Node):
    """`port *= cable`"""

    port: Name
    cable: Cable


@dataclass(frozen=True)
class Feed(Node):
    """`port <- cable, cable`"""

    port: Name
    cables: tuple[Cable, ...]


@dataclass(frozen=True)
class PassThrough(Node):
    """`pass pitch, gate`: each of these ports hears the input of the same name."""

    names: tuple[Name, ...]


@dataclass(frozen=True)
class Broken(Node):
    """What could not be read; a diagnostic speaks of it. `declares` holds the names that it seems to declare."""

    declares: tuple[str, ...] = ()


Bind = Base | Modulate | Scale | Feed | PassThrough | Broken


# --- statements -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Arg(Node):
    """`name = value` between round brackets: a size of a cell, a setting of a loss, an argument of a decoration."""

    name: Name
    value: Expr | Str | ListLiteral


@dataclass(frozen=True)
class Deco(Node):
    """`@name(...)`: kept for hosts, checked by nobody."""

    name: str
    args: tuple[Arg, ...] = ()


@dataclass(frozen=True)
class Meta(Node):
    entries: tuple[tuple[Name, Literal], ...]


@dataclass(frozen=True)
class Input(Node):
    name: Ref
    kind: str  # audio, control or gate
    width: int | str | None = None
    value: Value | None = None
    doc: str = ""
    decos: tuple[Deco, ...] = ()


@dataclass(frozen=True)
class Param(Node):
    name: Ref
    value: Value
    width: int | str | None = None
    doc: str = ""
    decos: tuple[Deco, ...] = ()
    kind: str = ""  # written or not, it is control


@dataclass(frozen=True)
class Cell(Node):
    name: Ref
    type: Ref
    args: tuple[Arg, ...] = ()
    guards: tuple[Guard, ...] = ()
    binds: tuple[Bind, ...] = ()
    doc: str = ""
    decos: tuple[Deco, ...] = ()


@dataclass(frozen=True)
class Layer(Node):
    name: Name
    body: tuple[Stmt, ...]
    doc: str = ""


@dataclass(frozen=True)
class Repeat(Node):
    """`for k in 1 .. n { }` or `for k in [1, 3, 5] { }`"""

    variable: Name
    over: Interval | ListLiteral
    body: tuple[Stmt, ...]


@dataclass(frozen=True)
class Output(Node):
    name: Name
    cables: tuple[Cable, ...]
    doc: str = ""


@dataclass(frozen=True)
class LossUse(Node):
    name: Name
    args: tuple[Arg, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True)
class Tap(Node):
    refs: tuple[Ref, ...]
    losses: tuple[LossUse, ...] = ()
    after: int = 0


@dataclass(frozen=True)
class Moved(Node):
    old: Ref
    new: Ref


@dataclass(frozen=True)
class Set(Node):
    """`set bell[1].op4.ratio = 3.61`: another starting value for a number that lies deeper inside."""

    target: Ref
    value: Value


Stmt = Meta | Input | Param | Cell | Layer | Repeat | Output | Tap | Moved | Set | Broken


# --- files ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Generic(Node):
    """A size of a patch: `n : int = 3`."""

    name: Name
    kind: str  # int, float or time
    default: Expr | None = None


@dataclass(frozen=True)
class Patch(Node):
    name: Name
    generics: tuple[Generic, ...] = ()
    body: tuple[Stmt, ...] = ()
    doc: str = ""
    decos: tuple[Deco, ...] = ()


@dataclass(frozen=True)
class Use(Node):
    path: Str
    alias: Name


@dataclass(frozen=True)
class Comment(Node):
    """`# text` or `## text`, for the formatter; `trailing` ones share their line with code."""

    text: str
    trailing: bool


@dataclass(frozen=True)
class File:
    source: Source
    edition: int | None
    items: tuple[Use | Patch | Broken, ...] = ()
    comments: tuple[Comment, ...] = ()

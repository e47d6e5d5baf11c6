"""`set`: other starting values for numbers deep inside instances, found by the names of knobs."""

from __future__ import annotations

from collections.abc import Iterable

from patchc.graph.body import Body, LocalSet
from patchc.graph.expressions import first_name
from patchc.graph.model import Cable, Fixed, Port, Role, Value, Verb
from patchc.graph.report import Say
from patchc.graph.resolve_values import Values
from patchc.graph.scope import Scope, What
from patchc.graph.targets import Target
from patchc.graph.walk import labelled
from patchc.source.codes.plugs import NotAKnob
from patchc.source.codes.values import NotConstant
from patchc.source.diagnostic import Fix

_OF_CABLES = ("depth", "gain", "maybe")


class Starts:
    """All `set` lines of a patch and of the patches in it. One further out comes before one further in."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self._lines: dict[str, tuple[LocalSet, Scope]] = {}
        self._done: set[str] = set()
        self._seen: list[str] = []

    def add(self, body: Body, prefix: str) -> None:
        for line in body.sets:
            if body.scope is not None:
                self._lines.setdefault(_flat(line.path, prefix), (line, body.scope))

    def value(self, name: str, value: Value) -> Value:
        """The value called `name`, with the starting value that a `set` gives it."""
        if not self._lines or not (value.default is None or isinstance(value.default, Fixed)):
            return value
        self._seen.append(name)
        if name not in self._lines:
            return value
        self._done.add(name)
        line, scope = self._lines[name]
        return self._started(value, name, line, Values(scope))

    def _started(self, value: Value, name: str, line: LocalSet, values: Values) -> Value:
        target = Target(name, value.dimension, value.domain, width=value.width, base=value)
        found = values.value(line.node.value, target, line.at)
        if found is None:
            return value
        if found.default is not None and (unfixed := first_name(found.default)):
            what = f"the starting value of `{name}`"
            self.say(NotConstant(span=line.node.value.span, what=what, name=unfixed))
            return value
        role = found.role if line.node.value.role else value.role
        prior = found.prior or (value.prior if role is not Role.FIXED or value.role is Role.FIXED else None)
        return found.model_copy(update={"role": role, "prior": prior})

    def ports(self, cell: str, ports: tuple[Port, ...]) -> tuple[Port, ...]:
        """The ports of `cell` with what `set` lines say about their values and cables."""
        return tuple(self._port(cell, port) for port in ports) if self._lines else ports

    def _port(self, cell: str, port: Port) -> Port:
        name = f"{cell}.{port.name}"
        value = self.value(name, port.value) if port.value else None
        return port.model_copy(update={"value": value, "cables": self.cables(name, port.cables)})

    def cables(self, where: str, cables: Iterable[Cable]) -> tuple[Cable, ...]:
        """Cables that arrive at `where` with what `set` lines say about their depths and chances."""
        if not self._lines:
            return tuple(cables)
        made = []
        for cable, label in labelled(cables):
            word = "gain" if cable.verb is Verb.FEED else "depth"
            depth = self.value(f"{where}[{label}].{word}", cable.depth) if cable.depth else None
            maybe = self.value(f"{where}[{label}].maybe", cable.maybe) if cable.maybe else None
            made.append(cable.model_copy(update={"depth": depth, "maybe": maybe}))
        return tuple(made)

    def finish(self) -> None:
        """Says which `set` lines name nothing that holds a number."""
        for name, (line, scope) in self._lines.items():
            if name not in self._done and not _leads_into_unknown(line, scope):
                meant = self.say.guess(name, self._seen)
                hint = f"did you mean `{meant}`?" if meant else "`patchc plan` lists the knobs"
                span = line.node.target.span
                fixes = (Fix(span, meant),) if meant else ()
                self.say(NotAKnob(span=span, name=line.node.target.text, hint=hint, fixes=fixes))


def _leads_into_unknown(line: LocalSet, scope: Scope) -> bool:
    """Whether the path starts with a cell of a type that nobody could find, which has been said."""
    found = scope.find(line.path)
    return any(decl.what is What.CELL and decl.cell is None for decl, _ in found)


def _flat(path: tuple[str, ...], prefix: str) -> str:
    """The name of a knob in the flat graph; the source in its brackets lies in the same patch."""
    if prefix and len(path) > 1 and path[-1] in _OF_CABLES:
        *head, port, word = path
        name, bracket, source = port.partition("[")
        path = (*head, f"{name}{bracket}{prefix if bracket else ''}{source}", word)
    return prefix + ".".join(path)

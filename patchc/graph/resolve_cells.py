"""The lines inside a cell: each port with its value and its cables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from patchc.cells.registry import find_cell
from patchc.graph.meant import SILENCE, SILENT
from patchc.graph.model import Cable, Port, Value, Verb
from patchc.graph.products import Products
from patchc.graph.report import listed
from patchc.graph.resolve_cables import Cables
from patchc.graph.resolve_values import Values
from patchc.graph.rewording import as_modulation, example, gate_hint, refs
from patchc.graph.scope import Decl, Scope, What, ref_text
from patchc.graph.sockets import Socket
from patchc.graph.targets import Target
from patchc.graph.unroll import Item
from patchc.graph.wrong_verb import wrong_verb
from patchc.source.codes.names import UnknownName, UnknownPort
from patchc.source.codes.plugs import NotPluggedIn, SetTwice, SignalAsNumber
from patchc.source.diagnostic import Fix, Label
from patchc.source.text import Span
from patchc.syntax import tree
from patchc.syntax.phrase import cell_types
from patchc.units.unit import Dimension


@dataclass
class Draft:
    """One port while its lines are read."""

    span: Span
    value: Value | None = None
    valued: Span | None = None  # where it got its value, understood or not
    cables: list[Cable] = field(default_factory=list)


class Binder:
    """Reads the lines of the cells of one patch."""

    def __init__(self, scope: Scope, values: Values, cables: Cables) -> None:
        self.scope = scope
        self.say = scope.say
        self.values = values
        self.cables = cables
        self.has_parse_errors = False  # some line could not be parsed: nobody can say what is unheard

    def bind(
        self, decl: Decl, node: tree.Cell, sockets: Mapping[str, Socket] | None, at: Item
    ) -> tuple[dict[str, Draft], bool]:
        """The ports of `decl` as written. The lines of a cell of unknown type (`sockets` is None) are read as well.

        The second result says whether all lines were understood, so that somebody can say what is missing.
        """
        lines = _Lines(self, decl, node, sockets, at)
        for bind in node.binds:
            lines.read(bind)
        if sockets is not None and not lines.has_parse_errors:
            self._needs(decl, sockets, lines.drafts)
        return lines.drafts, not lines.has_parse_errors

    def _needs(self, decl: Decl, sockets: Mapping[str, Socket], drafts: Mapping[str, Draft]) -> None:
        for name, socket in sockets.items():
            if name not in drafts and _must_hear(socket):
                self.lacks(decl, name, socket)

    def lacks(self, decl: Decl, port: str, socket: Socket | None = None) -> None:
        """Says that nothing is plugged into a port that needs it, unless a line that nobody could read may do it."""
        if decl.name.partition("[")[0] in self.scope.unknown_declarations:
            return
        known = self.scope.decls.get(port)
        passed = known is not None and (known.input is not None or known.param is not None)
        hint = f"`pass {port}`" if passed else f"plug something in: `{port} <- ...`"
        if not passed and socket is not None and socket.target is not None:
            hint = f"write `{port} = ...`, or give the input a default"
        self.say(NotPluggedIn(span=decl.span, cell=decl.name, port=port, hint=hint))


def _must_hear(socket: Socket) -> bool:
    if not socket.of_instance:
        return socket.required
    if socket.kind == "control":
        return socket.target is not None and (socket.target.base is None or socket.target.base.default is None)
    return socket.kind == "gate"


class _Lines:
    """The lines of one cell, one after the other."""

    def __init__(
        self, binder: Binder, decl: Decl, node: tree.Cell, sockets: Mapping[str, Socket] | None, at: Item
    ) -> None:
        self.binder = binder
        self.say = binder.say
        self.decl = decl
        self.type = node.type.text
        self.sockets = sockets
        self.at = at
        self.drafts: dict[str, Draft] = {}
        self.has_parse_errors = False  # a line could not be understood: nobody can say what is missing

    def read(self, bind: tree.Bind) -> None:
        match bind:
            case tree.Base(_, port, value):
                self._base(bind, port, value)
            case tree.Modulate(_, port, cable):
                self._cables(bind, port, Verb.ADD, (cable,))
            case tree.Scale(_, port, cable):
                self._cables(bind, port, Verb.SCALE, (cable,))
            case tree.Feed(_, port, cables):
                self._cables(bind, port, Verb.FEED, cables)
            case tree.PassThrough(_, names):
                for name in {name.text: name for name in reversed(names)}.values():  # twice the same is said already
                    self._pass(name)
            case tree.Broken():
                self.has_parse_errors = self.binder.has_parse_errors = True

    def _base(self, bind: tree.Base, port: tree.Name, value: tree.Value) -> None:
        socket = self._socket(port, "=", bind)
        if socket is None or socket.target is None:
            # of an unknown port nobody can say whether one word is a name or a member of a choice
            if isinstance(value.expr, tree.Vector):
                self.binder.values.vector(value.expr, self.at)
            elif value.expr is not None and not _is_word(value.expr):
                self.binder.values.number(value.expr, self.at)
        elif self._is_signal(socket, value):
            self._feed(port, value.expr if isinstance(value.expr, tree.Ref) else None)
        elif isinstance(value.expr, tree.Ref | tree.Binary) and (signals := self._signals_for(socket, value.expr)):
            self._moves(bind, value.expr, signals, socket.target)
        elif socket.target.dimension is Dimension.LEVEL and self._is_silence(value.expr):
            hint, span = f"silence is written `{SILENCE}`", value.expr.span
            fixes = (Fix(span, SILENCE),)
            patch = self.binder.scope.patch
            self.say(UnknownName(span=span, name=span.text, patch=patch, hint=hint, fixes=fixes))
            self._set(port, None)
        else:
            self._set(port, self.binder.values.value(value, socket.target, self.at))

    def _is_silence(self, expr: tree.Expr | tree.Vector | None) -> TypeGuard[tree.Ref]:
        return isinstance(expr, tree.Ref) and expr.text.lower() in SILENT and expr.text not in self.binder.scope.decls

    def _signals_for(self, socket: Socket, expr: tree.Expr) -> list[tuple[tree.Ref, Decl]]:
        """Those of a value for a number: of a choice, names are members first, whatever cells are called."""
        return [] if socket.members else self._signals(expr)

    def _signals(self, expr: tree.Expr | tree.Vector) -> list[tuple[tree.Ref, Decl]]:
        """The cells, and inputs that are no numbers, that stand in a value."""
        return [(ref, decl) for ref in refs(expr) if (decl := self._signal(ref)) is not None]

    def _signal(self, ref: tree.Ref) -> Decl | None:
        decl = self.binder.scope.decls.get(ref_text(ref, self.at.env))
        sounds = decl is not None and decl.input is not None and decl.input.kind != "control"
        return decl if decl is not None and (sounds or decl.what in (What.CELL, What.OUTPUT)) else None

    def _moves(self, bind: tree.Base, expr: tree.Expr, signals: list[tuple[tree.Ref, Decl]], target: Target) -> None:
        """Says that a signal is no number, and how it moves one."""
        port, (ref, decl) = bind.port.text, signals[0]
        for _, other in signals:
            other.used = True
        kind = "an input that sounds" if decl.input else str(decl.what)
        made = None
        if decl.input is not None and decl.input.kind == "gate":
            kind, hint = "a gate", gate_hint(port, ref.text, target.dimension)
        elif bind.value.role or bind.value.domain:
            hint = f"keep the number, and add `{example(port, ref.text, target.dimension)}`"
        else:
            made = as_modulation(port, expr, target.dimension, lambda found: self._signal(found) is not None)
            hint = f"write `{made}`" if made else self._moved(port, [ref for ref, _ in signals], target)
        fixes = (Fix(bind.span, made),) if made else ()
        self.say(SignalAsNumber(span=ref.span, name=decl.name, kind=kind, hint=hint, fixes=fixes))
        self.drafts.setdefault(port, Draft(bind.port.span)).valued = bind.port.span

    def _moved(self, port: str, signals: list[tree.Ref], target: Target) -> str:
        """How signals move a port: one by its depth, several through a cell that makes one of them."""
        first, *others = signals
        if not others or target.dimension is Dimension.LEVEL:
            return f"to move it, write `{example(port, first.text, target.dimension)}`"
        cell = f"cell amount : gain {{ in <- {first.text}; {'; '.join(f'level *= {one.text}' for one in others)} }}"
        return f"a `gain` makes a product: `{cell}` above, and `{example(port, 'amount', target.dimension)}`"

    def _depth_of_signals(self, bind: tree.Bind, port: tree.Name, verb: Verb, cables: tuple[tree.Cable, ...]) -> bool:
        """Says that the depth of a cable is a signal itself, and which lines say what was meant."""
        found = next(((c, s) for c in cables if c.depth and c.depth.expr and (s := self._signals(c.depth.expr))), None)
        if found is None:
            return False
        cable, signals = found
        self.binder.scope.unsure = self.has_parse_errors = True  # of the other cables nothing is known
        meant = Products(self.decl, self.at, self._declared, self.sockets or {})
        hint, fixes = meant.instead(bind, port, verb, cable, [ref for ref, _ in signals], alone=len(cables) == 1)
        ref, decl = signals[0]
        kind = "an input that sounds" if decl.input else str(decl.what)
        self.say(SignalAsNumber(span=ref.span, name=decl.name, kind=kind, hint=hint, fixes=fixes))
        self.drafts.setdefault(port.text, Draft(port.span))
        return True

    def _set(self, port: tree.Name, value: Value | None) -> None:
        draft = self.drafts.setdefault(port.text, Draft(port.span))
        if draft.valued is not None:
            label = Label(draft.valued, "first set here")
            self.say(SetTwice(span=port.span, port=port.text, cell=self.decl.name, labels=(label,)))
            return
        draft.valued = port.span
        draft.value = value

    def _cables(self, bind: tree.Bind, port: tree.Name, verb: Verb, cables: tuple[tree.Cable, ...]) -> None:
        socket = self._socket(port, verb, bind)
        if socket is None and self.is_choice(port.text):
            return  # what is said of the verb says what the word may be
        if socket is not None and self._depth_of_signals(bind, port, verb, cables):
            return
        found = [made for cable in cables for made in self.binder.cables.cables(cable, verb, self.at, self.decl)]
        if socket is not None:
            self.drafts.setdefault(port.text, Draft(port.span)).cables += found

    def is_choice(self, port: str) -> bool:
        return bool(self.sockets and port in self.sockets and self.sockets[port].members)

    def _pass(self, name: tree.Name) -> None:
        if name.text not in self.binder.scope.decls:
            passable = [decl.name for decl in self.binder.scope.decls.values() if decl.what in (What.INPUT, What.PARAM)]
            self.has_parse_errors = True
            self.binder.scope.unknown(name.span, name.text, passable)
        elif (socket := self._socket(name, None)) is not None:
            ref = tree.Ref(name.span, (tree.Part(name.span, name.text),))
            value = tree.Value(name.span, expr=ref)
            if socket.target is None or self._is_signal(socket, value):
                self._feed(name, ref)
            else:
                self._set(name, self.binder.values.value(value, socket.target, self.at))

    def _is_signal(self, socket: Socket, value: tree.Value) -> bool:
        """Whether `value` is only an input of this patch, handed on to an input that is only the source of cables."""
        inner = socket.inner
        if inner is None or inner.in_number or not inner.in_cable or not isinstance(value.expr, tree.Ref):
            return False
        decl = self.binder.scope.decls.get(value.expr.text)
        return decl is not None and decl.input is not None and (value.role, value.domain, value.prior) == (None,) * 3

    def _feed(self, port: tree.Name, ref: tree.Expr | None) -> None:
        if isinstance(ref, tree.Ref):
            cable = tree.Cable(ref.span, ref)
            made = self.binder.cables.cables(cable, Verb.FEED, self.at, self.decl)
            self.drafts.setdefault(port.text, Draft(port.span)).cables += made

    def _socket(self, port: tree.Name, verb: str | None, bind: tree.Bind | None = None) -> Socket | None:
        """The port that is meant, if it exists and takes `verb` (None is `pass`); otherwise that is said."""
        if self.sockets is None:
            return None
        socket = self.sockets.get(port.text)
        if socket is None:
            self._no_port(port, self.sockets, bind)
        elif verb is not None and verb not in socket.verbs:
            self.say(wrong_verb(self.type, port, socket, verb, bind, self._declared))
        else:
            return socket
        self.has_parse_errors = True
        return None

    def _declared(self, ref: tree.Ref) -> Decl | None:
        return self.binder.scope.decls.get(ref_text(ref, self.at.env))

    def _no_port(self, port: tree.Name, sockets: Mapping[str, Socket], bind: tree.Bind | None) -> None:
        names = list(sockets)
        body = self.decl.cell.body if self.decl.cell else None
        if not port.text or (body is not None and body.may_have(port.text)):
            return
        from patchc.source.synonyms.ports import PORTS

        guess = self.say.meant(port.text, names, PORTS)
        ports = f"its ports are {listed(names)}" if names else f"`{self.type}` has no ports"
        hint = f"{guess.hint}{'' if guess.hint.endswith('?') else ';'} {ports}" if guess.hint else ports
        target = sockets[guess.name].target if guess.name else None
        if target is not None and isinstance(bind, tree.Feed):
            moved = example(guess.name, bind.cables[0].source.text, target.dimension)
            hint = f"`{port.text}` is `{guess.name}` here, a number: to move it, write `{moved}`; {ports}"
        if not guess.hint and (akin := self._akin(port.text)):
            hint = f"`{akin}` has `{port.text}`; {ports}"
        fixes = (Fix(port.span, guess.name, guess.safe),) if guess.name else ()
        self.say(UnknownPort(span=port.span, type=self.type, port=port.text, hint=hint, fixes=fixes))

    def _akin(self, port: str) -> str | None:
        """A built-in cell of the same family, as `curved_adsr` of `adsr`, that has the port."""
        spec = self.decl.cell.spec if self.decl.cell else None
        family = spec.name.rpartition("_")[2] if spec else ""
        names = [name for name in sorted(cell_types()) if spec and name != spec.name and name.endswith(family)]
        found = (cell.spec for name in names if (cell := find_cell(name)) is not None)
        return next((other.name for other in found if other.port(port) is not None), None)


def _is_word(expr: tree.Expr) -> bool:
    return isinstance(expr, tree.Ref) and len(expr.parts) == 1


def ports_of(drafts: Mapping[str, Draft]) -> tuple[Port, ...]:
    """What was written about the ports of a cell, without those of which nothing could be understood."""
    return tuple(
        Port(name=name, value=draft.value, cables=tuple(draft.cables), span=draft.span)
        for name, draft in drafts.items()
        if draft.value is not None or draft.cables
    )


def is_plain(cable: Cable) -> bool:
    """Whether a cable brings its source as it is."""
    return cable.depth is None and cable.maybe is None and not cable.when


def is_single(cables: Sequence[Cable]) -> bool:
    """Whether cables are one plain one, which needs no mixer."""
    return len(cables) == 1 and is_plain(cables[0])

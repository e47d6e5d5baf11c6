"""What is plugged into a patch used as a cell type: values for its params, sources for its inputs, what it lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from patchc.graph.body import LocalCell
from patchc.graph.model import Cable, NameRef
from patchc.graph.resolve_cells import Binder, Draft, is_plain, is_single
from patchc.graph.scope import Decl, Scope
from patchc.graph.sockets import Socket
from patchc.source.codes.kinds import GateMismatch
from patchc.source.codes.plugs import Unsupported
from patchc.source.diagnostic import Label
from patchc.source.text import Span


class Instances:
    """Completes the instances in one patch."""

    def __init__(self, scope: Scope, binder: Binder) -> None:
        self.scope = scope
        self.say = scope.say
        self.binder = binder

    def fill(self, cell: LocalCell, drafts: Mapping[str, Draft], sockets: Mapping[str, Socket]) -> None:
        """Hands what was written about its ports to `cell`."""
        for name, draft in drafts.items():
            socket = sockets[name]
            if draft.value is not None:
                cell.values[name] = draft.value
            if draft.cables:
                draft.cables = self._of_kind(draft, socket, cell)
            if socket.kind in ("gate", "control") and draft.cables:
                draft.cables = self._one_plain(draft, socket, cell)
            if draft.cables:
                cell.feeds[name] = tuple(draft.cables)
        for name, socket in sockets.items():
            if socket.kind == "control" and name not in cell.feeds:
                self._as_source(cell, socket, drafts.get(name))
        self._outputs(cell)

    def _of_kind(self, draft: Draft, socket: Socket, cell: LocalCell) -> list[Cable]:
        """The cables without those that bring a gate to an input that hears none, or something else to a gate."""
        fitting = []
        for cable in draft.cables:
            decl = self.scope.decls.get(cable.source)
            is_gate = decl is not None and decl.input is not None and decl.input.kind == "gate"
            if is_gate is (socket.kind == "gate"):
                fitting.append(cable)
            else:
                found = "a gate" if is_gate else "no gate"
                wants = "no gate" if is_gate else "a gate"
                what = f"`{socket.name}` of `{cell.name}` is {wants}, and `{cable.source}` is {found}"
                self.say(GateMismatch(span=cable.span, what=what, found=found))
        return fitting

    def _outputs(self, cell: LocalCell) -> None:
        """What is heard of an instance is mixed or switched at its outputs, which only sound can be."""
        guarded = cell.maybe is not None or bool(cell.when)
        outputs = cell.body.outputs.values() if cell.body else ()
        for output in outputs:
            if output.kind == "control" and output.cables and (guarded or not is_single(output.cables)):
                label = Label(output.span, "this output is a control signal")
                self._cannot(cell.span, f"`{cell.name}` would need a mixer for control signals", label)
        if cell.maybe is not None and len(outputs) > 1:
            self._cannot(cell.span, f"`maybe` on `{cell.name}`, which has several outputs")

    def _one_plain(self, draft: Draft, socket: Socket, cell: LocalCell) -> list[Cable]:
        """A gate or control input hears one plain cable; a control one only if nothing inside needs it as a number."""
        name, inner = socket.name, socket.inner
        odd = next((cable for cable in draft.cables if not is_plain(cable)), None)
        if odd is not None or len(draft.cables) > 1:
            place = (odd or draft.cables[1]).span or draft.span
            self._cannot(place, f"`{name}` of `{cell.name}` can hear one plain cable only")
        elif socket.kind == "control" and draft.valued is not None:
            self._cannot(draft.span, f"`{name}` of `{cell.name}` has a value and a cable")
        elif socket.kind == "control" and inner is not None and inner.in_number is not None:
            label = Label(inner.in_number, "here it is a number, not the source of a cable")
            place = draft.cables[0].span or draft.span
            self._cannot(place, f"`{name}` of `{cell.name}` cannot hear a cable: inside it stands in a number", label)
        else:
            return draft.cables
        return []

    def _as_source(self, cell: LocalCell, socket: Socket, draft: Draft | None) -> None:
        """A control input that cables inside come from needs a signal: an input, not a number."""
        inner = socket.inner
        if inner is None or inner.in_cable is None or (draft is not None and draft.value is None):
            return
        value = draft.value if draft else inner.value
        default = value.default if value else None
        if draft is not None and isinstance(default, NameRef):
            decl = self.scope.decls.get(default.name)
            if decl is not None and decl.input is not None:
                decl.input.in_cable = decl.input.in_cable or draft.span
                return
        if default is None or (draft is None and getattr(default, "value", None) == 0.0):
            return  # nothing is plugged in: either that is said already, or the cables inside carry nothing
        label = Label(inner.in_cable, "a cable inside comes from it")
        place = draft.span if draft else cell.span
        self._cannot(place, f"`{socket.name}` of `{cell.name}` must hear a signal, not a number", label)

    def _cannot(self, span: Span, what: str, *labels: Label) -> None:
        self.say(Unsupported(span=span, what=what, labels=labels))

    # --- audio inputs that something inside depends on

    def lacks(self, decl: Decl, cell: LocalCell, plugged: Collection[str]) -> Iterable[frozenset[str]]:
        """Says what the audio inputs of an instance lack; yields inputs of this patch that must be plugged in."""
        body = cell.body
        for group in body.needs if body else ():
            sources = [cable.source for name in group for cable in cell.feeds.get(name, ())]
            if not sources and body and group.isdisjoint(plugged):
                self.binder.lacks(decl, next(name for name in body.inputs if name in group))
            elif inputs := only_inputs(self.scope, sources):
                yield inputs


def only_inputs(scope: Scope, sources: Iterable[str]) -> frozenset[str] | None:
    """The audio inputs that `sources` are, if they are nothing else."""
    decls = [scope.decls.get(source) for source in sources]
    names = [decl.name for decl in decls if decl is not None and decl.input is not None and decl.input.kind == "audio"]
    return frozenset(names) if names and len(names) == len(decls) else None

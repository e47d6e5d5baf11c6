"""What to write in place of a verb that a port does not take."""

from __future__ import annotations

from collections.abc import Callable

from patchc.graph.report import listed
from patchc.graph.rewording import example
from patchc.graph.scope import Decl
from patchc.graph.sockets import Socket
from patchc.source.codes.plugs import OperatorNotAllowed, Unsupported
from patchc.source.diagnostic import Diagnostic, Fix
from patchc.syntax import tree
from patchc.units.unit import Dimension

Declared = Callable[[tree.Ref], Decl | None]


def wrong_verb(
    type_: str, port: tree.Name, socket: Socket, verb: str, bind: tree.Bind | None, declared: Declared
) -> Diagnostic:
    """Says that `port` of a `type_` does not take `verb`, and the line that does what `bind` was to do."""
    if socket.members and isinstance(bind, tree.Feed):
        return _not_fed(port, socket, bind)
    if socket.of_instance and socket.target is not None:
        what = f"`{port.text}` belongs to a patch used as a cell type, and `{verb}` cannot modulate it from outside"
        hint = f"write `{port.text} = ...`, and the modulation inside patch `{type_}`"
        return Unsupported(span=port.span, what=what, hint=hint)
    made = _right_verb(port, socket, bind, declared)
    hint = f"write `{made}`" if made else f"write `{port.text} <- ...`"
    if socket.kind == "gate" and not made:
        hint = f"write `{port.text} <- gate`, where `gate` is an input of the patch: `input gate : gate`"
    if socket.target is not None and not made:
        hint = f"`{port.text} += ... * depth` modulates it, `{port.text} = ...` sets it"
        if isinstance(bind, tree.Feed):
            moved = example(port.text, bind.cables[0].source.text, socket.target.dimension)
            hint = f"to move it, write `{moved}`; `{port.text} = ...` sets it"
    sure = made is not None and "..." not in made and bind is not None
    fixes = (Fix(bind.span, made),) if sure and bind and made else ()
    return OperatorNotAllowed(span=port.span, port=port.text, holds=socket.holds, verb=verb, hint=hint, fixes=fixes)


def _not_fed(port: tree.Name, socket: Socket, bind: tree.Feed) -> OperatorNotAllowed:
    """A choice is set to one of its members; a cable brings none."""
    word = bind.cables[0].source.text
    made = f"{port.text} = {word if word in socket.members else socket.members[0]}"
    fixes = (Fix(bind.span, made),) if word in socket.members else ()
    hint = f"write `{made}`" if fixes else f"it takes one of {listed(socket.members)}, such as `{made}`"
    return OperatorNotAllowed(span=port.span, port=port.text, holds="is a choice", verb="<-", hint=hint, fixes=fixes)


def _right_verb(port: tree.Name, socket: Socket, bind: tree.Bind | None, declared: Declared) -> str | None:
    """The line with the verb that the port takes; None where nobody can say it."""
    match bind:
        case tree.Base(value=tree.Value(expr=tree.Ref() as ref)) if socket.target is None:
            return f"{port.text} <- {ref.text}"
        case tree.Modulate(cable=cable) | tree.Scale(cable=cable) if socket.target is None:
            return f"{port.text} <- {cable.span.text}"
        case tree.Feed(cables=(cable,)) if socket.target is not None:
            if cable.depth is not None:
                return f"{port.text} += {cable.span.text}"
            decl = declared(cable.source)
            level = socket.target.dimension is Dimension.LEVEL
            if decl is not None and not level and (decl.param or (decl.input and decl.input.kind == "control")):
                return f"{port.text} = {cable.span.text}"
            return f"{port.text} *= {cable.span.text}" if level else None
    return None

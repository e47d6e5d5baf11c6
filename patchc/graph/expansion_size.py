"""What patches will unroll to, added up before anything is made, and the limits on it."""

from __future__ import annotations

from collections.abc import Sequence

from patchc.graph.body import Body, ExpansionSize, LocalCell
from patchc.graph.report import Say
from patchc.graph.resolve_cells import is_single
from patchc.source.codes.sizes import TooMany
from patchc.source.text import Span

PARTS_PER_CELL = 10
LETTERS_PER_CELL = 200


def limits(max_cells: int) -> ExpansionSize:
    """What a patch may unroll to."""
    return ExpansionSize(max_cells, PARTS_PER_CELL * max_cells, LETTERS_PER_CELL * max_cells)


def expansion_size(cell: LocalCell) -> ExpansionSize:
    """What a cell, or an instance with the mixers at its ends, unrolls to; more where cables carry nothing."""
    body = cell.body
    if body is None:
        parts = sum(1 + len(port.cables) for port in cell.ports)
        return ExpansionSize(1, parts, len(cell.name))
    mixed = sum(not is_single(cables) for cables in cell.feeds.values())
    guarded = cell.maybe is not None or bool(cell.when)
    mixed += sum(guarded or not is_single(output.cables) for output in body.outputs.values())
    cells = body.size.cells + mixed
    own = len(body.params) + len(body.moved) + len(body.sets)
    parts = body.size.parts + mixed + own + sum(len(cables) for cables in cell.feeds.values())
    return ExpansionSize(cells, parts, body.size.letters + cells * (len(cell.name) + 1))


def measure(body: Body, steps: Sequence[tuple[Span, ExpansionSize]], limit: ExpansionSize, say: Say) -> None:
    """Adds up what `body` unrolls to; says so, and makes it partial, if that is more than the limit.

    With something too large inside it is too large as well, which is not said again.
    """
    body.partial = body.huge = body.huge or body.partial
    scope = body.scope
    if scope is not None and scope.overflow is not None and not body.partial:
        body.partial = body.huge = True
        count, things = scope.asked, "cables and taps"
        said = TooMany(span=scope.overflow, patch=body.name, count=count, things=things, limit=scope.room, here=count)
        say(said)
    total = ExpansionSize()
    for _, size in steps:
        total = total.plus(size)
    body.size = total
    names = ("cells", "ports, cables and taps", "letters in the names of its cells")
    for place, (count, most) in enumerate(zip(total, limit, strict=True)):
        if count > most and not body.partial:
            body.partial = body.huge = True
            span, here = max(steps, key=lambda step: step[1][place])
            say(TooMany(span=span, patch=body.name, count=count, things=names[place], limit=most, here=here[place]))

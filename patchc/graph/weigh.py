"""What patches will unroll to, added up before anything is made, and the limits on it."""

from __future__ import annotations

from collections.abc import Sequence

from patchc.graph.body import Body, Bulk, LocalCell
from patchc.graph.report import Say
from patchc.graph.resolve_cells import is_single
from patchc.source.codes.sizes import TooMany
from patchc.source.text import Span

PARTS_PER_CELL = 10
LETTERS_PER_CELL = 200


def limits(max_cells: int) -> Bulk:
    """What a patch may unroll to."""
    return Bulk(max_cells, PARTS_PER_CELL * max_cells, LETTERS_PER_CELL * max_cells)


def bulk_of(cell: LocalCell) -> Bulk:
    """What a cell, or an instance with the mixers at its ends, unrolls to; more where cables carry nothing."""
    body = cell.body
    if body is None:
        parts = sum(1 + len(port.cables) for port in cell.ports)
        return Bulk(1, parts, len(cell.name))
    mixed = sum(not is_single(cables) for cables in cell.feeds.values())
    guarded = cell.maybe is not None or bool(cell.when)
    mixed += sum(guarded or not is_single(output.cables) for output in body.outputs.values())
    cells = body.bulk.cells + mixed
    own = len(body.params) + len(body.moved) + len(body.sets)
    parts = body.bulk.parts + mixed + own + sum(len(cables) for cables in cell.feeds.values())
    return Bulk(cells, parts, body.bulk.letters + cells * (len(cell.name) + 1))


def weigh(body: Body, steps: Sequence[tuple[Span, Bulk]], limit: Bulk, say: Say) -> None:
    """Adds up what `body` unrolls to; says so, and makes it hollow, if that is more than the limit.

    With something too large inside it is too large as well, which is not said again.
    """
    body.hollow = body.huge = body.huge or body.hollow
    scope = body.scope
    if scope is not None and scope.overflow is not None and not body.hollow:
        body.hollow = body.huge = True
        count, things = scope.asked, "cables and taps"
        said = TooMany(span=scope.overflow, patch=body.name, count=count, things=things, limit=scope.room, here=count)
        say(said)
    total = Bulk()
    for _, bulk in steps:
        total = total.plus(bulk)
    body.bulk = total
    names = ("cells", "ports, cables and taps", "letters in the names of its cells")
    for place, (count, most) in enumerate(zip(total, limit, strict=True)):
        if count > most and not body.hollow:
            body.hollow = body.huge = True
            span, here = max(steps, key=lambda step: step[1][place])
            say(TooMany(span=span, patch=body.name, count=count, things=names[place], limit=most, here=here[place]))

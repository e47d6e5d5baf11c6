"""What the drawing shows: boxes with their texts and ports, cables with their ways, sizes and places in pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from patchc.cells.spec import Kind
from patchc.graph.draw.cables import Wire, tapped, wires
from patchc.graph.draw.layered import Drawing, Node, order, settle
from patchc.graph.draw.letters import shortened, width
from patchc.graph.model import Cell, Graph, Role
from patchc.graph.rules.facts import Facts
from patchc.graph.walk import is_knob, places_of_cell

HEAD, ROW, FOOT = 46.0, 17.0, 7.0
PILL = 34.0
_END = 38.0  # height of inputs and outputs
_LONGEST = 26


@dataclass(eq=False)
class Box:
    """A cell, an input or an output, called `full`. `ports` are the names of what hears, from top to bottom."""

    full: str
    path: str
    name: str
    type: str
    node: Node
    kind: Kind
    words: str
    wide: float = 0.0
    ports: list[str] = field(default_factory=list)
    pills: list[tuple[str, int]] = field(default_factory=list)  # how many numbers are learned, predicted, drawn
    tap: str = ""
    optional: bool = False
    end: bool = False  # an input or an output

    def port_height(self, port: str) -> float:
        return HEAD + ROW * self.ports.index(port) + ROW / 2 if port in self.ports else self.node.out


@dataclass
class Column:
    name: str
    boxes: list[Box]
    x: float = 0.0
    wide: float = 0.0


@dataclass
class Scene:
    columns: list[Column]
    cables: list[tuple[Wire, Box, Box, list[Node]]]
    wide: float
    high: float


def scene(graph: Graph) -> Scene:
    """Everything in its place; the origin is the upper left corner of the first column."""
    heard = list(wires(graph))
    columns = [column for column in _columns(graph, heard) if column.boxes or column.name not in ("inputs", "outputs")]
    for place, column in enumerate(columns):
        for box in column.boxes:
            box.node.column = place
    drawing = Drawing([[box.node for box in column.boxes] for column in columns])
    cables = list(_routed(drawing, columns, heard))
    order(drawing)
    high = settle(drawing)
    wide = _spread(columns, drawing)
    return Scene(columns, cables, wide, high)


def _columns(graph: Graph, heard: Sequence[Wire]) -> Iterator[Column]:
    facts, taps = Facts(graph), tapped(graph)
    ports: dict[str, list[str]] = {}
    for wire in heard:
        known = ports.setdefault(wire.target, []) if wire.port else []
        if wire.port and wire.port not in known:
            known.append(wire.port)
    yield Column("inputs", [_end(item.name, item.kind, f"{item.kind} input {item.name}", "") for item in graph.inputs])
    for layer in graph.layers:
        yield Column(layer.name, [_cell(cell, ports.get(cell.name, []), taps, facts) for cell in layer.cells])
    outputs = [_end(o.name, Kind.AUDIO, f"output {o.name}", taps.get(o.name, "")) for o in graph.outputs]
    yield Column("outputs", outputs)


def _end(name: str, kind: Kind, words: str, tap: str) -> Box:
    text = shortened(name, _LONGEST)
    box = Box(name, "", text, "", Node(0, _END, _END / 2), kind, words, tap=tap, end=True)
    box.wide = 40 + width(text, 13)
    return box


def _cell(cell: Cell, ports: list[str], taps: dict[str, str], facts: Facts) -> Box:
    path, dot, name = shortened(cell.name, _LONGEST).rpartition(".")
    spec = facts.spec(cell.type)
    node = Node(0, HEAD + ROW * len(ports) + (FOOT if ports else 0), HEAD + ROW / 2 if ports else HEAD / 2)
    kind = spec.out.kind if spec else Kind.AUDIO
    box = Box(cell.name, path + dot, name, cell.type, node, kind, "", ports=ports)
    box.pills = _pills(cell)
    box.tap = taps.get(cell.name, "")
    box.optional = cell.maybe is not None or bool(cell.when)
    counts = "".join(f", {count} {role}" for role, count in box.pills)
    box.words = f"{cell.name} : {cell.type}{counts}" + (f", {box.tap}" if box.tap else "")
    head = width(box.path, 11) + width(name, 13.5)
    second = width(cell.type, 11) + PILL * len(box.pills)
    box.wide = max(92.0, 34 + max(head, second, *(width(port, 11) for port in ports), 0))
    return box


def _pills(cell: Cell) -> list[tuple[str, int]]:
    """How many numbers of a cell are learned, predicted, or else drawn."""
    counts = {"learn": 0, "predict": 0, "drawn": 0}
    for place in places_of_cell(cell):
        if is_knob(place):
            counts["drawn" if place.value.role is Role.FIXED else place.value.role.value] += 1
    return [(role, count) for role, count in counts.items() if count]


def _routed(
    drawing: Drawing, columns: Sequence[Column], heard: Sequence[Wire]
) -> Iterator[tuple[Wire, Box, Box, list[Node]]]:
    outputs = {box.full: box for box in columns[-1].boxes if box.end and columns[-1].name == "outputs"}
    sources = {box.full: box for column in columns for box in column.boxes if outputs.get(box.full) is not box}
    for wire in heard:
        source, target = sources.get(wire.source), (sources if wire.port else outputs).get(wire.target)
        if source and target and source.node.column < target.node.column:
            yield wire, source, target, drawing.route(source.node, target.node, target.port_height(wire.port))


def _spread(columns: Sequence[Column], drawing: Drawing) -> float:
    """Gives columns their places; the room between two grows with the cables there and how far they climb."""
    x = 0.0
    for place, column in enumerate(columns):
        column.x, column.wide = x, max((box.wide for box in column.boxes), default=60.0)
        x += column.wide + _room(drawing.columns[place])
    return columns[-1].x + columns[-1].wide if columns else 0.0


def _room(column: Sequence[Node]) -> float:
    climbs = [abs(other.y + height - node.y - node.out) for node in column for other, height in node.after]
    steepest = max(climbs, default=0.0)
    return 54.0 + min(70.0, steepest * 0.12 + 2.5 * len(climbs))
